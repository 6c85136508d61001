// SPDX-License-Identifier: Apache-2.0
//
// Implements mailings_send_test of mailings.h: a mailing as it would be sent now, to people of the
// newsroom. It is a notice, so that it is no delivery of the mailing and changes nothing about it.
#include "model/mail_address.h"
#include "newsroom/change.h"
#include "newsroom/mailing_content.h"
#include "newsroom/mailings.h"
#include "store/delivery_rows.h"

#define TEST_ADDRESSES 10
#define TEST_LIFE CLOCK_DAY

static gboolean queue(Change *change, const MailingContent *content, const char *address,
                      GError **error) {
  Notice notice = {.due_at = change->now,
                   .expires_at = change->now + TEST_LIFE,
                   .created_at = change->now,
                   .kind = (char *)"test",
                   .address = (char *)address,
                   .form = content->form,
                   .envelope_sender = content->envelope_sender,
                   .state = DELIVERY_PENDING};
  return notice_rows_insert(change->transaction, &notice, error) != 0;
}

gboolean mailings_send_test(Newsroom *newsroom, gint64 id, const char *const *addresses,
                            GError **error) {
  g_auto(Change) change = {0};
  g_auto(MailingMatter) matter = {0};
  if (!change_begin(&change, newsroom, error) ||
      !mailing_matter_load(&matter, change.transaction, id, error)) {
    return FALSE;
  }
  guint count = g_strv_length((char **)addresses);
  if (count == 0 || count > TEST_ADDRESSES) {
    return change_refuse(error, NEWSROOM_ERROR_INVALID, "addresses: one to %d for a test",
                         TEST_ADDRESSES);
  }
  g_autoptr(MailParts) parts = mailing_matter_render(&matter, newsroom->press, change.now, error);
  g_autoptr(MailingContent) content =
      parts != NULL ? mailing_matter_build(&matter, parts, change.now, error) : NULL;
  for (guint i = 0; content != NULL && i < count; i++) {
    g_autofree char *clean = mail_address_normalise(addresses[i], NULL);
    if (clean == NULL) {
      return change_refuse(error, NEWSROOM_ERROR_INVALID, "addresses: %s is no address",
                           addresses[i]);
    }
    if (!queue(&change, content, clean, error)) {
      return FALSE;
    }
  }
  return content != NULL && change_commit(&change, FALSE, error);
}
