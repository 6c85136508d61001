// SPDX-License-Identifier: Apache-2.0
//
// A private PostgreSQL server for tests: its own folder, a unix socket, no network. Starting
// costs about a second, so start one a test executable. It goes away with the test: stopped and
// removed by postgres_server_stop, and by a guardian process if the test dies without calling it.
#pragma once

#include <glib.h>

typedef struct PostgresServer PostgresServer;

PostgresServer *
postgres_server_start(GError **error); // fails, never skips, if PostgreSQL is not installed
void postgres_server_stop(PostgresServer *server);
// A connection string of a new, empty database on it. Caller frees.
char *postgres_server_new_database(PostgresServer *server, GError **error);
// Stops it at once, as a crash would (SIGQUIT), and starts it again on the same data.
gboolean postgres_server_crash(PostgresServer *server, GError **error);
gboolean postgres_server_restart(PostgresServer *server, GError **error);
