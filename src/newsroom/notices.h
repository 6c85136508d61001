// SPDX-License-Identifier: Apache-2.0
//
// Single messages: rendered, built and queued in the caller's change. For src/newsroom only.
#pragma once

#include "newsroom/change.h"
#include "press/mail_page.h"

typedef struct NoticeText {
  const char *kind;     // "confirm"
  const char *address;  // whom
  gint64 subscriber_id; // 0: no reader
  gint64 expires_at;
  MailNotice notice; // its context is filled in here
} NoticeText;
gboolean notices_send(Change *change, const NoticeText *text, GError **error);
