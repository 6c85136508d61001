// SPDX-License-Identifier: Apache-2.0
//
// Implements file.h.
#include "base/file.h"

#include <errno.h>
#include <unistd.h>

#define STEP ((gsize)1 << 20) // a full disk is found before the whole of it was copied

gboolean file_write(int file, Slice bytes) {
  while (bytes.length > 0) {
    gssize written = write(file, bytes.data, MIN(bytes.length, STEP));
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written <= 0) {
      errno = written == 0 ? EIO : errno; // no file that we write to answers so
      return FALSE;
    }
    bytes = slice_from(bytes, (gsize)written);
  }
  return TRUE;
}
