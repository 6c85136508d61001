// SPDX-License-Identifier: Apache-2.0
//
// Implements notices.h.
#include "newsroom/notices.h"

#include <string.h>

#include "base/secret.h"
#include "press/mime.h"
#include "store/delivery_rows.h"

static char *build(Change *change, const NoticeText *text, const MailParts *parts,
                   const char *sender, GError **error) {
  const char *domain = strrchr(sender, '@');
  g_autofree char *seed = secret_random_hex(10);
  LetterSource source = {
      .sender_name = change->site->name,
      .sender_address = sender,
      .reply_to = change->site->contact,
      .subject = text->notice.title,
      .date = change->now,
      .message_domain = domain != NULL ? domain + 1 : sender,
      .language = *text->notice.language != '\0' ? text->notice.language : change->site->language,
      .list_id = "",
      .list_unsubscribe_url = "",
      .list_unsubscribe_address = "",
      .list_help = "",
      .list_archive = "",
      .feedback_id = "",
      .text = parts->text,
      .html = parts->html,
      .boundary_seed = seed,
      .transactional = TRUE,
  };
  return mime_build(&source, error);
}

gboolean notices_send(Change *change, const NoticeText *text, GError **error) {
  MailNotice filled = text->notice;
  filled.context = (PageContext){.site = change->site, .now = change->now, .path = "/"};
  if (change->newsroom->press == NULL) {
    return change_refuse(error, NEWSROOM_ERROR_STATE,
                         "mail can't be rendered here: no theme is loaded");
  }
  g_autoptr(MailParts) parts = mail_notice_render(change->newsroom->press, &filled, error);
  g_autofree char *sender = site_sender(change->site);
  g_autofree char *form = parts != NULL ? build(change, text, parts, sender, error) : NULL;
  if (form == NULL) {
    return FALSE;
  }
  const char *bounce = change->site->bounce_address;
  Notice notice = {.subscriber_id = text->subscriber_id,
                   .due_at = change->now,
                   .expires_at = text->expires_at,
                   .created_at = change->now,
                   .kind = (char *)text->kind,
                   .address = (char *)text->address,
                   .form = form,
                   .envelope_sender = *bounce != '\0' ? (char *)bounce : sender,
                   .state = DELIVERY_PENDING};
  return notice_rows_insert(change->transaction, &notice, error) != 0;
}
