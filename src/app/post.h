// SPDX-License-Identifier: Apache-2.0
//
// The post of one newspaper: a thread that composes and launches mailings at their hours, and the
// dispatch that sends them. Started by app_serve where the configuration lets this process send,
// and by `broadsheet send`. Several processes may run it at once: every mailing is made once, every
// recipient is one dispatcher's at a time.
#pragma once

#include "app/paper.h"
#include "mail/dispatch.h"
#include "model/mailing.h"

typedef struct Post Post;
// paper->newsroom.press must be set. NULL with error: a relay, a key or the outbox can't be used.
Post *post_start(Paper *paper, GError **error);
// A mailing, notice or decision of a person may be new in the database: dispatch looks at once
// (what is to be composed and launched is looked at every second anyway). Any thread; NULL is
// allowed.
void post_nudge(Post *post);
void post_stop(Post *post, guint seconds); // NULL is allowed
DispatchNumbers post_numbers(Post *post);

// How the mailings that are being sent stand, and the newest of those that were: each as one
// transaction saw it, a second old at most. GArray of PostMailing; caller unrefs; any thread.
typedef struct PostMailing {
  gint64 id;
  MailingState state;
  MailingCounts counts;
} PostMailing;
GArray *post_mailings(Post *post);
