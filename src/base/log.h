// SPDX-License-Identifier: Apache-2.0
//
// Lines for the person who runs the paper, on stderr: "2026-11-23T08:30:00Z level what".
// Only src/app, src/cmd and src/web/http_server log; lower floors return errors.
// Any thread; one write(2) a line. Control characters in the message are escaped.
#pragma once

#include <glib.h>

typedef enum LogLevel { LOG_INFO, LOG_WARNING, LOG_ERROR } LogLevel;

void log_write(LogLevel level, const char *format, ...) G_GNUC_PRINTF(2, 3);
