// SPDX-License-Identifier: Apache-2.0
//
// Implements inbox_imap_look (inbox.h), over base/fetch: one connection, in which the messages are
// listed, fetched one by one, and moved in sets after they were taken. Called by app/return_box.
#include <string.h>

#include "base/fetch.h"
#include "mail/inbox.h"

#define LIST_BYTES ((gsize)64 << 20) // a line for each message of the mailbox
#define SECONDS 120
#define SET 50 // messages moved at once

typedef struct Look {
  const ImapMailbox *mailbox;
  Fetcher *fetcher;
  char *base; // the mailbox's URL, no slash at the end
} Look;

static void look_clear(Look *look) {
  g_clear_pointer(&look->fetcher, fetcher_free);
  g_free(look->base);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Look, look_clear)

static gboolean command(Look *look, const char *words, GError **error) {
  g_autoptr(GBytes) answer = fetcher_get(look->fetcher, look->base, words, error);
  return answer != NULL;
}

static gboolean has_word(Slice line, const char *word) {
  g_autofree char *lower = g_ascii_strdown(line.data, (gssize)line.length);
  return strstr(lower, word) != NULL;
}

// "* 3 FETCH (UID 17 FLAGS (\Seen))"; 0 where there is none, or it is deleted.
static guint64 uid_of(Slice line) {
  guint64 uid = 0;
  gsize digits = 0;
  gssize at = slice_find(line, SLICE_LITERAL("UID "));
  if (!slice_starts_with(line, "* ") || at < 0 || !has_word(line, " fetch ") ||
      has_word(line, "\\deleted")) {
    return 0;
  }
  Slice number = slice_from(line, (gsize)at + 4);
  while (digits < number.length && g_ascii_isdigit(number.data[digits])) {
    digits++;
  }
  return slice_parse_uint(slice_range(number, 0, digits), G_MAXUINT32, &uid) ? uid : 0;
}

static GArray *list(Look *look, guint most, GError **error) {
  g_autoptr(GBytes) answer =
      fetcher_get(look->fetcher, look->base, "UID FETCH 1:* (UID FLAGS)", error);
  if (answer == NULL) {
    return NULL;
  }
  GArray *uids = g_array_new(FALSE, FALSE, sizeof(guint64));
  Slice rest = slice_of_bytes(answer);
  Slice line;
  while (uids->len < most && slice_next_line(&rest, &line)) {
    guint64 uid = uid_of(line);
    if (uid != 0) {
      g_array_append_val(uids, uid);
    }
  }
  return uids;
}

// "Handled" in quotes; the name was checked when the look began.
static gboolean move_to(Look *look, const char *set, const char *folder) {
  g_autofree char *move = g_strdup_printf("UID MOVE %s \"%s\"", set, folder);
  g_autofree char *make = g_strdup_printf("CREATE \"%s\"", folder);
  g_autofree char *copy = g_strdup_printf("UID COPY %s \"%s\"", set, folder);
  if (command(look, move, NULL)) {
    return TRUE;
  }
  command(look, make, NULL); // it may be there: then this fails, and does no harm
  return command(look, move, NULL) ||
         (command(look, copy, NULL)); // no MOVE: what is deleted below is in the other mailbox
}

static gboolean settle(Look *look, const GString *set, GError **error) {
  const char *folder = look->mailbox->handled;
  if (set->len == 0) {
    return TRUE;
  }
  if (*folder != '\0' && !move_to(look, set->str, folder)) {
    g_set_error(error, FETCH_ERROR, FETCH_ERROR_STATUS,
                "%s: handled messages can't be moved to '%s': make that mailbox, or name another "
                "as imap_handled",
                look->base, folder);
    return FALSE;
  }
  // After MOVE there is nothing left to mark, and the server says OK.
  g_autofree char *mark = g_strdup_printf("UID STORE %s +FLAGS.SILENT (\\Deleted)", set->str);
  g_autofree char *sweep = g_strdup_printf("UID EXPUNGE %s", set->str);
  if (!command(look, mark, error)) {
    return FALSE;
  }
  command(look, sweep, NULL); // RFC 4315; without it they stay marked, and are passed over
  return TRUE;
}

static GBytes *fetch(Look *look, guint64 uid, GError **error) {
  g_autofree char *url =
      g_strdup_printf("%s/;UID=%" G_GUINT64_FORMAT "/;PARTIAL=0.%" G_GSIZE_FORMAT, look->base, uid,
                      INBOX_MESSAGE_BYTES);
  return fetcher_get(look->fetcher, url, NULL, error);
}

// A message that is gone meanwhile, or that the server can't give, does not keep the others.
static gboolean take_one(Look *look, guint64 uid, InboxTake take, gpointer data, GString *set,
                         GError **error) {
  GError *failure = NULL;
  g_autoptr(GBytes) message = fetch(look, uid, &failure);
  if (message == NULL) {
    if (g_error_matches(failure, FETCH_ERROR, FETCH_ERROR_STATUS)) {
      g_clear_error(&failure);
      return TRUE;
    }
    g_propagate_error(error, failure);
    return FALSE;
  }
  if (!take(slice_of_bytes(message), data, error)) {
    return FALSE;
  }
  g_string_append_printf(set, "%s%" G_GUINT64_FORMAT, set->len > 0 ? "," : "", uid);
  return TRUE;
}

static gint count_of(const GString *set) {
  gint count = set->len > 0 ? 1 : 0;
  for (gsize i = 0; i < set->len; i++) {
    count += set->str[i] == ',' ? 1 : 0;
  }
  return count;
}

static gint take_all(Look *look, const GArray *uids, InboxTake take, gpointer data,
                     GError **error) {
  g_autoptr(GString) set = g_string_new(NULL);
  guint waiting = 0;
  gint handled = 0;
  for (guint i = 0; i < uids->len; i++) {
    if (!take_one(look, g_array_index(uids, guint64, i), take, data, set, error)) {
      settle(look, set, NULL); // those before it are done
      return -1;
    }
    if (++waiting >= SET || i + 1 == uids->len) {
      handled += count_of(set);
      if (!settle(look, set, error)) {
        return -1;
      }
      g_string_truncate(set, 0);
      waiting = 0;
    }
  }
  return handled;
}

static gboolean check(const ImapMailbox *mailbox, GError **error) {
  const char *folder = mailbox->handled;
  for (; *folder != '\0'; folder++) {
    if (*folder < ' ' || *folder > '~' || *folder == '"' || *folder == '\\') {
      g_set_error(error, FETCH_ERROR, FETCH_ERROR_URL,
                  "'%s' is no name for a mailbox here: use ASCII letters, digits and '/' or '.'",
                  mailbox->handled);
      return FALSE;
    }
  }
  return TRUE;
}

gint inbox_imap_look(const ImapMailbox *mailbox, guint most, InboxTake take, gpointer data,
                     GError **error) {
  g_auto(Look) look = {.mailbox = mailbox, .base = g_strdup(mailbox->url)};
  if (!check(mailbox, error)) {
    return -1;
  }
  while (g_str_has_suffix(look.base, "/")) {
    look.base[strlen(look.base) - 1] = '\0';
  }
  look.fetcher = fetcher_new(&(FetchOptions){.protocols = "imap,imaps",
                                             .inside = TRUE,
                                             .plain = mailbox->plain,
                                             .ca_file = mailbox->ca_file,
                                             .user = mailbox->user,
                                             .password = mailbox->password,
                                             .seconds = SECONDS,
                                             .most = LIST_BYTES});
  g_autoptr(GArray) uids = list(&look, most, error);
  return uids != NULL ? take_all(&look, uids, take, data, error) : -1;
}
