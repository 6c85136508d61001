// SPDX-License-Identifier: Apache-2.0
//
// Implements maildir.h. tmp/<name>.<process>, then the data to the disk, then rename(2) to
// new/<name>, then the folder to the disk. Called by mail/dispatch_outbox.
#include "mail/maildir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

#define SYNC_ALL 8 // files from which on the whole file system is synced instead of each

struct Maildir {
  char *path;
  int tmp, new, cur; // folders
  GPtrArray *names;  // added, not committed
  GArray *files;     // int, beside them
};

static gboolean fail(GError **error, const char *path, const char *what, int reason) {
  g_set_error(error, G_IO_ERROR, (gint)g_io_error_from_errno(reason), "%s: %s: %s", path, what,
              g_strerror(reason));
  return FALSE;
}

static int open_folder(const char *path, const char *name) {
  g_autofree char *folder = g_build_filename(path, name, NULL);
  return g_mkdir_with_parents(folder, 0700) == 0 ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
                                                 : -1;
}

Maildir *maildir_open(const char *path, GError **error) {
  Maildir *maildir = g_new0(Maildir, 1);
  maildir->path = g_strdup(path);
  maildir->names = g_ptr_array_new_with_free_func(g_free);
  maildir->files = g_array_new(FALSE, FALSE, sizeof(int));
  maildir->tmp = open_folder(path, "tmp");
  maildir->new = open_folder(path, "new");
  maildir->cur = open_folder(path, "cur");
  if (maildir->tmp < 0 || maildir->new < 0 || maildir->cur < 0) {
    fail(error, path,
         "the outbox can't be made or opened; give the newspaper's user that folder, or set "
         "another as [mail] outbox",
         errno);
    maildir_close(maildir);
    return NULL;
  }
  return maildir;
}

static void close_files(Maildir *maildir) {
  for (guint i = 0; i < maildir->files->len; i++) {
    close(g_array_index(maildir->files, int, i));
  }
  g_array_set_size(maildir->files, 0);
}

void maildir_close(Maildir *maildir) {
  if (maildir == NULL) {
    return;
  }
  close_files(maildir);
  int folders[] = {maildir->tmp, maildir->new, maildir->cur};
  for (gsize i = 0; i < G_N_ELEMENTS(folders); i++) {
    if (folders[i] >= 0) {
      close(folders[i]);
    }
  }
  g_array_unref(maildir->files);
  g_ptr_array_unref(maildir->names);
  g_free(maildir->path);
  g_free(maildir);
}

// In cur/ a reader has added ":2,…" to it.
static gboolean stands_in_cur(const Maildir *maildir, const char *name) {
  int copy = openat(maildir->cur, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *folder = copy >= 0 ? fdopendir(copy) : NULL;
  gsize length = strlen(name);
  gboolean found = FALSE;
  for (struct dirent *entry; folder != NULL && !found && (entry = readdir(folder)) != NULL;) {
    found = strncmp(entry->d_name, name, length) == 0 &&
            (entry->d_name[length] == '\0' || entry->d_name[length] == ':');
  }
  if (folder != NULL) {
    closedir(folder);
  }
  return found;
}

static gboolean stands(const Maildir *maildir, const char *name) {
  return faccessat(maildir->new, name, F_OK, 0) == 0 || stands_in_cur(maildir, name);
}

static char *temporary(const char *name) {
  return g_strdup_printf("%s.%ld", name, (long)getpid());
}

gboolean maildir_add(Maildir *maildir, const char *name, Slice message, GError **error) {
  if (stands(maildir, name)) {
    return TRUE;
  }
  g_autofree char *tmp = temporary(name);
  int file = openat(maildir->tmp, tmp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) {
    return fail(error, maildir->path, "a message can't be written", errno);
  }
  if (!file_write(file, message)) {
    int reason = errno;
    close(file);
    unlinkat(maildir->tmp, tmp, 0);
    return fail(error, maildir->path, "a message can't be written", reason);
  }
  g_ptr_array_add(maildir->names, g_strdup(name));
  g_array_append_val(maildir->files, file);
  return TRUE;
}

static gboolean sync_files(Maildir *maildir) {
  if (maildir->files->len >= SYNC_ALL) {
    return syncfs(maildir->tmp) == 0;
  }
  for (guint i = 0; i < maildir->files->len; i++) {
    if (fsync(g_array_index(maildir->files, int, i)) != 0) {
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean show(Maildir *maildir) {
  for (guint i = 0; i < maildir->names->len; i++) {
    const char *name = g_ptr_array_index(maildir->names, i);
    g_autofree char *tmp = temporary(name);
    if (renameat(maildir->tmp, tmp, maildir->new, name) != 0) {
      return FALSE;
    }
  }
  return fsync(maildir->new) == 0;
}

static void forget(Maildir *maildir) {
  close_files(maildir);
  for (guint i = 0; i < maildir->names->len; i++) {
    g_autofree char *tmp = temporary(g_ptr_array_index(maildir->names, i));
    unlinkat(maildir->tmp, tmp, 0); // what was shown has gone from there
  }
  g_ptr_array_set_size(maildir->names, 0);
}

gboolean maildir_commit(Maildir *maildir, GError **error) {
  gboolean done = maildir->names->len == 0 || (sync_files(maildir) && show(maildir));
  int reason = errno;
  forget(maildir);
  return done || fail(error, maildir->path, "messages can't be written", reason);
}
