// SPDX-License-Identifier: Apache-2.0
//
// Implements inbox_maildir_look (inbox.h). Called by app/return_box every second; never makes or
// mends a maildir: that is the mail server's.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "mail/inbox.h"

static gint by_name(gconstpointer a, gconstpointer b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

// Names begin with the second of delivery. NULL with error: there is no such maildir.
static GPtrArray *list(const char *folder, GError **error) {
  g_autoptr(GDir) dir = g_dir_open(folder, 0, error);
  if (dir == NULL) {
    return NULL;
  }
  GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
  for (const char *name; (name = g_dir_read_name(dir)) != NULL;) {
    if (*name != '.') {
      g_ptr_array_add(names, g_strdup(name));
    }
  }
  g_ptr_array_sort(names, by_name);
  return names;
}

// Its beginning; NULL where it can't be read (another process took it).
static GString *read_file(const char *path) {
  int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (file < 0) {
    return NULL;
  }
  GString *text = g_string_sized_new(16384);
  gssize got = 0;
  char bytes[16384];
  while (text->len < INBOX_MESSAGE_BYTES) {
    got = read(file, bytes, sizeof bytes);
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got <= 0) {
      break;
    }
    g_string_append_len(text, bytes, got);
  }
  close(file);
  if (got < 0) {
    g_string_free(text, TRUE);
    return NULL;
  }
  return text;
}

static void mark_handled(const char *path, const char *from, const char *name) {
  const char *colon = strchr(name, ':');
  g_autofree char *base = colon != NULL ? g_strndup(name, (gsize)(colon - name)) : g_strdup(name);
  g_autofree char *seen = g_strconcat(base, ":2,S", NULL);
  g_autofree char *to = g_build_filename(path, "cur", seen, NULL);
  // If it fails it is handed again, and counted once.
  (void)rename(from, to);
}

gint inbox_maildir_look(const char *path, guint most, InboxTake take, gpointer data,
                        GError **error) {
  g_autofree char *folder = g_build_filename(path, "new", NULL);
  g_autoptr(GPtrArray) names = list(folder, error);
  gint handled = 0;
  for (guint i = 0; names != NULL && i < names->len && (guint)handled < most; i++) {
    g_autofree char *file = g_build_filename(folder, names->pdata[i], NULL);
    GString *text = read_file(file);
    if (text == NULL) {
      continue;
    }
    gboolean taken = take((Slice){text->str, text->len}, data, error);
    g_string_free(text, TRUE);
    if (!taken) {
      return -1;
    }
    mark_handled(path, file, names->pdata[i]);
    handled++;
  }
  return names != NULL ? handled : -1;
}
