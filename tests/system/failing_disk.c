// SPDX-License-Identifier: Apache-2.0
//
// A disk that loses power and that fails, for test_disk.py: preloaded into broadsheet (LD_PRELOAD),
// it watches the files below FAILING_DISK_FOLDER. What a disk would hold after a loss of power is
// kept in FAILING_DISK_SHADOW: a file's bytes as of its last fsync (inodes/NUMBER), a folder's
// names as of its last fsync (folders/…); nothing else survives. The word in FAILING_DISK_CONTROL
// makes fsync fail with EIO ("eio") or writes with ENOSPC ("full"). Decoders, which are not allowed
// to look at files, are left alone.
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *folder, *shadow, *control;
static int (*real_fsync)(int), (*real_fdatasync)(int);
static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite64)(int, const void *, size_t, off64_t);

__attribute__((constructor)) static void begin(void) {
  real_fsync = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
  real_fdatasync = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
  real_write = (ssize_t(*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");
  real_pwrite64 = (ssize_t(*)(int, const void *, size_t, off64_t))dlsym(RTLD_NEXT, "pwrite64");
  char line[4096] = "";
  int file = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
  ssize_t length = file >= 0 ? read(file, line, sizeof line - 1) : 0;
  if (file >= 0) {
    close(file);
  }
  const char *second = line + strlen(line) + 1;
  if (length > 0 && second < line + length && strcmp(second, "decoder") == 0) {
    return;
  }
  shadow = getenv("FAILING_DISK_SHADOW");
  control = getenv("FAILING_DISK_CONTROL");
  folder = getenv("FAILING_DISK_FOLDER"); // last: what is watched is complete then
}

// The file's path below the folder ("" for itself); NULL: it is none of ours.
static const char *watched(int file, char path[PATH_MAX]) {
  if (folder == NULL) {
    return NULL;
  }
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t length = readlink(link, path, PATH_MAX - 1);
  size_t prefix = strlen(folder);
  if (length < 0) {
    return NULL;
  }
  path[length] = '\0';
  if (strncmp(path, folder, prefix) != 0 || (path[prefix] != '/' && path[prefix] != '\0')) {
    return NULL;
  }
  return path + prefix + (path[prefix] == '/');
}

static int told(const char *word) {
  char text[16] = "";
  int file = open(control, O_RDONLY | O_CLOEXEC);
  ssize_t length = file >= 0 ? read(file, text, sizeof text - 1) : 0;
  if (file >= 0) {
    close(file);
  }
  return length > 0 && strncmp(text, word, strlen(word)) == 0;
}

static void broken(void) {
  perror("failing_disk: the shadow can't be kept");
  abort();
}

static void keep_file(int file, const struct stat *status) {
  char path[PATH_MAX], temporary[PATH_MAX + 16], buffer[65536];
  snprintf(path, sizeof path, "%s/inodes/%lu", shadow, (unsigned long)status->st_ino);
  snprintf(temporary, sizeof temporary, "%s.%d", path, (int)getpid());
  int copy = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  int source = open(link, O_RDONLY | O_CLOEXEC); // `file` may be write-only
  ssize_t got = 0;
  while (source >= 0 && (got = read(source, buffer, sizeof buffer)) > 0) {
    if (real_write(copy, buffer, (size_t)got) != got) {
      broken();
    }
  }
  close(source);
  close(copy);
  if (source < 0 || got < 0 || rename(temporary, path) != 0) {
    broken(); // the test must not go on with half a shadow
  }
}

static void keep_names(const char *path, const char *inner) {
  char list[PATH_MAX], temporary[PATH_MAX + 16];
  int used = snprintf(list, sizeof list, "%s/folders/@", shadow);
  for (const char *at = inner; *at != '\0' && used < PATH_MAX - 1; at++) {
    list[used++] = *at == '/' ? ':' : *at;
    list[used] = '\0';
  }
  snprintf(temporary, sizeof temporary, "%s.%d", list, (int)getpid());
  FILE *out = fopen(temporary, "we");
  DIR *names = opendir(path);
  if (out == NULL || names == NULL) {
    broken();
  }
  for (struct dirent *entry = readdir(names); entry != NULL; entry = readdir(names)) {
    if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
      fprintf(out, "%lu %c %s\n", (unsigned long)entry->d_ino, entry->d_type == DT_DIR ? 'd' : 'f',
              entry->d_name);
    }
  }
  closedir(names);
  if (fclose(out) != 0 || rename(temporary, list) != 0) {
    broken();
  }
}

static int synced(int file, int (*real)(int)) {
  char path[PATH_MAX];
  const char *inner = watched(file, path);
  if (inner == NULL) {
    return real(file);
  }
  if (told("eio")) {
    errno = EIO;
    return -1;
  }
  int result = real(file);
  struct stat status;
  if (result == 0 && fstat(file, &status) == 0) {
    if (S_ISDIR(status.st_mode)) {
      keep_names(path, inner);
    } else {
      keep_file(file, &status);
    }
  }
  return result;
}

int fsync(int file) {
  return synced(file, real_fsync);
}

int fdatasync(int file) {
  return synced(file, real_fdatasync);
}

static int is_full(int file) {
  char path[PATH_MAX];
  int number = errno;
  const char *inner = watched(file, path);
  size_t length = inner != NULL ? strlen(inner) : 0;
  int shared = length > 4 && strcmp(inner + length - 4, "-shm") == 0;
  int full = inner != NULL && !shared && told("full");
  errno = full ? ENOSPC : number;
  return full;
}

ssize_t write(int file, const void *bytes, size_t count) {
  return folder != NULL && is_full(file) ? -1 : real_write(file, bytes, count);
}

// With 64-bit offsets, which Meson asks for, this is the symbol pwrite64, as everybody calls it.
ssize_t pwrite(int file, const void *bytes, size_t count, off_t at) {
  return folder != NULL && is_full(file) ? -1 : real_pwrite64(file, bytes, count, at);
}
