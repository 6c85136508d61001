// SPDX-License-Identifier: Apache-2.0
//
// Implements log.h.
#include "base/log.h"

#include <stdarg.h>
#include <unistd.h>

#include "base/clock.h"

void log_write(LogLevel level, const char *format, ...) {
  static const char *const NAMES[] = {"info", "warning", "error"};
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *message = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  for (char *at = message; *at != '\0'; at++) {
    if ((unsigned char)*at < 0x20 || *at == 0x7f) {
      *at = '?';
    }
  }
  g_autofree char *time = clock_format_rfc3339(g_get_real_time(), NULL);
  g_autofree char *line = g_strdup_printf("%s %s %s\n", time, NAMES[level], message);
  gssize unused = write(STDERR_FILENO, line, strlen(line));
  (void)unused;
}
