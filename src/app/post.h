// SPDX-License-Identifier: Apache-2.0
//
// The post of one newspaper: a thread that composes and launches mailings at their hours, and the
// dispatch that sends them. Started by app_serve where the configuration lets this process send,
// and by `broadsheet send`. Several processes may run it at once: every mailing is made once, every
// recipient is one dispatcher's at a time.
#pragma once

#include "app/paper.h"
#include "mail/dispatch.h"

typedef struct Post Post;
// paper->newsroom.press must be set. NULL with error: a relay, a key or the outbox can't be used.
Post *post_start(Paper *paper, GError **error);
void post_nudge(Post *post);               // something may be due; any thread; NULL is allowed
void post_stop(Post *post, guint seconds); // NULL is allowed
DispatchNumbers post_numbers(Post *post);
