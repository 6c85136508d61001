// SPDX-License-Identifier: Apache-2.0
//
// Whatever bytes arrive where returned mail is expected: reading ends, what it gives is text and
// within its bounds, and the same bytes give the same verdict.
#include <string.h>

#include "mail/bounce.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static void check_line(const char *text) {
  g_assert(strlen(text) <= RETURNED_REASON_BYTES && g_utf8_validate(text, -1, NULL));
  for (; *text != '\0'; text++) {
    g_assert((guchar)*text >= ' ');
  }
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size) {
  Slice message = {(const char *)data, size};
  g_autoptr(ReturnedMail) mail = bounce_read(message, NULL);
  g_autoptr(ReturnedMail) again = bounce_read(message, NULL);
  g_assert(mail->kind == again->kind && strcmp(mail->digest, again->digest) == 0);
  g_assert(mail->kind >= BOUNCE_HARD && mail->kind <= BOUNCE_WISH && strlen(mail->digest) == 64);
  check_line(mail->reason);
  g_assert(strlen(mail->status) < 16 && strlen(mail->address) <= RETURNED_REASON_BYTES);
  for (guint i = 0; mail->tokens != NULL && i < mail->tokens->len; i++) {
    const ReturnedToken *token = mail->tokens->pdata[i];
    g_assert(*token->text != '\0' &&
             (mail->kind == BOUNCE_WISH || token->kind != RETURNED_TOKEN_UNSUBSCRIBE));
  }
  g_assert(mail->tokens == NULL || mail->tokens->len <= RETURNED_TOKENS);
  return 0;
}
