// SPDX-License-Identifier: Apache-2.0
//
// Implements policies.h.
#include "newsroom/policies.h"

#include <string.h>

#include "newsroom/change.h"
#include "press/markup.h"
#include "store/subscriber_rows.h"

#define TITLE_CHARACTERS 200

static gboolean newest(Change *change, PolicyKind kind, Policy **ret_policy, GError **error) {
  GError *failure = NULL;
  *ret_policy = policy_rows_get(change->transaction, kind, 0, &failure);
  if (*ret_policy == NULL && !change_is_absent(&failure)) {
    g_propagate_error(error, failure);
    return FALSE;
  }
  return TRUE;
}

static gboolean check(const char *title, const char *body, GError **error) {
  if (!g_utf8_validate(title, -1, NULL) || *title == '\0' ||
      g_utf8_strlen(title, -1) > TITLE_CHARACTERS) {
    return change_refuse(error, NEWSROOM_ERROR_INVALID, "title: one line of 1 to %d characters",
                         TITLE_CHARACTERS);
  }
  g_autoptr(Document) document = markup_parse(slice_of(body), error);
  return document != NULL;
}

gint32 policies_publish(Newsroom *newsroom, PolicyKind kind, const char *title, const char *body,
                        GError **error) {
  g_auto(Change) change = {0};
  g_autoptr(Policy) last = NULL;
  if (!check(title, body, error) || !change_begin(&change, newsroom, error) ||
      !newest(&change, kind, &last, error)) {
    return 0;
  }
  if (last != NULL && strcmp(last->body, body) == 0 && strcmp(last->title, title) == 0) {
    return last->version;
  }
  Policy next = {.kind = kind,
                 .version = last != NULL ? last->version + 1 : 1,
                 .title = (char *)title,
                 .body = (char *)body,
                 .published_at = change.now};
  return policy_rows_insert(change.transaction, &next, error) && change_commit(&change, TRUE, error)
             ? next.version
             : 0;
}

static gboolean is_missing(Newsroom *newsroom, PolicyKind kind, gboolean *ret_missing,
                           GError **error) {
  GError *failure = NULL;
  g_autoptr(StoreTransaction) transaction = store_begin_read(newsroom->store, error);
  if (transaction == NULL) {
    return FALSE;
  }
  g_autoptr(Policy) policy = policy_rows_get(transaction, kind, 0, &failure);
  *ret_missing = policy == NULL;
  if (policy == NULL && !change_is_absent(&failure)) {
    g_propagate_error(error, failure);
    return FALSE;
  }
  return TRUE;
}

gboolean policies_prepare(Newsroom *newsroom, GError **error) {
  static const struct {
    PolicyKind kind;
    const char *file, *word;
  } TEXTS[] = {{POLICY_TERMS, "policy/terms.md", "terms"},
               {POLICY_PRIVACY, "policy/privacy.md", "privacy_policy"}};
  for (gsize i = 0; i < G_N_ELEMENTS(TEXTS); i++) {
    gboolean missing = FALSE;
    if (!is_missing(newsroom, TEXTS[i].kind, &missing, error)) {
      return FALSE;
    }
    const char *body = press_text(newsroom->press, TEXTS[i].file);
    if (missing && body != NULL &&
        policies_publish(newsroom, TEXTS[i].kind, press_word(newsroom->press, "en", TEXTS[i].word),
                         body, error) == 0) {
      return FALSE;
    }
  }
  return TRUE;
}
