// SPDX-License-Identifier: Apache-2.0
//
// Implements postgres_server.h with the tools of the newest installed PostgreSQL (initdb,
// postgres, psql). As root the server runs as "postgres" (or "nobody"): it refuses root.
// A guardian, a shell that waits on a pipe whose other end dies with the test, stops the
// server and removes the folder whatever becomes of the test.
#include "tests/store/postgres_server.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <pwd.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define START_SECONDS 60

struct PostgresServer {
  char *folder; // data/ and the socket
  char *programs;
  char *user; // that it runs as; NULL: the one who runs the test
  GPid server, guardian;
  int guard; // closed by our death
  guint databases;
};

static gboolean fail(GError **error, const char *what) {
  g_set_error(error, G_SPAWN_ERROR, G_SPAWN_ERROR_FAILED, "PostgreSQL for the test: %s", what);
  return FALSE;
}

static char *find_programs(void) {
  g_autoptr(GDir) versions = g_dir_open("/usr/lib/postgresql", 0, NULL);
  char *best = NULL;
  gint64 best_version = 0;
  const char *name = NULL;
  while (versions != NULL && (name = g_dir_read_name(versions)) != NULL) {
    g_autofree char *path = g_build_filename("/usr/lib/postgresql", name, "bin", NULL);
    g_autofree char *initdb = g_build_filename(path, "initdb", NULL);
    gint64 version = g_ascii_strtoll(name, NULL, 10);
    if (version > best_version && g_file_test(initdb, G_FILE_TEST_IS_EXECUTABLE)) {
      best_version = version;
      g_free(best);
      best = g_steal_pointer(&path);
    }
  }
  return best;
}

// The command, with the change of user before it when we are root.
static GPtrArray *command(PostgresServer *server, const char *program) {
  GPtrArray *words = g_ptr_array_new_with_free_func(g_free);
  if (server->user != NULL) {
    const char *const CHANGE[] = {"setpriv",    "--reuid",        server->user, "--regid",
                                  server->user, "--clear-groups", "--"};
    for (gsize i = 0; i < G_N_ELEMENTS(CHANGE); i++) {
      g_ptr_array_add(words, g_strdup(CHANGE[i]));
    }
    struct passwd *entry = getpwnam(server->user);
    g_free(words->pdata[4]);
    words->pdata[4] = g_strdup_printf("%u", entry->pw_gid);
  }
  g_ptr_array_add(words, g_build_filename(server->programs, program, NULL));
  return words;
}

static void add_words(GPtrArray *words, const char *const *more) {
  for (; *more != NULL; more++) {
    g_ptr_array_add(words, g_strdup(*more));
  }
  g_ptr_array_add(words, NULL);
}

static gboolean run(PostgresServer *server, const char *program, const char *const *more,
                    GError **error) {
  g_autoptr(GPtrArray) words = command(server, program);
  add_words(words, more);
  int status = 0;
  g_autofree char *output = NULL;
  g_autofree char *errors = NULL;
  if (!g_spawn_sync(server->folder, (char **)words->pdata, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL,
                    &output, &errors, &status, error)) {
    return FALSE;
  }
  if (!g_spawn_check_wait_status(status, error)) {
    g_prefix_error(error, "%s: %s%s: ", program, output, errors);
    return FALSE;
  }
  return TRUE;
}

// Between fork and exec: the server dies with the test even if the guardian is gone too.
static void leave_signals_alone(gpointer data) {
  setpgid(0, 0); // Ctrl-C is for the test; it stops us in its own way
}

static gboolean start_server(PostgresServer *server, GError **error) {
  g_autoptr(GPtrArray) words = command(server, "postgres");
  const char *const ARGUMENTS[] = {"-D", "data",
                                   "-k", server->folder,
                                   "-c", "listen_addresses=",
                                   "-c", "fsync=off",
                                   "-c", "max_connections=60",
                                   "-c", "shared_buffers=32MB",
                                   "-c", "log_min_messages=fatal",
                                   NULL};
  add_words(words, ARGUMENTS);
  GSpawnFlags flags = G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL |
                      G_SPAWN_STDERR_TO_DEV_NULL;
  if (!g_spawn_async(server->folder, (char **)words->pdata, NULL, flags, leave_signals_alone, NULL,
                     &server->server, error)) {
    return FALSE;
  }
  for (guint i = 0; i < START_SECONDS * 20; i++) {
    const char *const ASK[] = {"-q", "-h", server->folder, NULL};
    if (run(server, "pg_isready", ASK, NULL)) {
      return TRUE;
    }
    if (waitpid(server->server, NULL, WNOHANG) != 0) {
      server->server = 0;
      return fail(error, "the server ended while starting");
    }
    g_usleep(50000);
  }
  return fail(error, "the server did not start");
}

// Reads a pipe until the test's end of it closes, then stops whatever server runs on the folder.
static gboolean start_guardian(PostgresServer *server, GError **error) {
  static const char SCRIPT[] =
      "trap '' INT TERM HUP\ncat >/dev/null\n"
      "pid=$(head -n 1 \"$1/data/postmaster.pid\" 2>/dev/null)\n"
      "[ -z \"$pid\" ] || kill -QUIT \"$pid\" 2>/dev/null\n"
      "n=0; while [ -n \"$pid\" ] && kill -0 \"$pid\" 2>/dev/null && [ $n -lt 100 ]; do "
      "sleep 0.05; n=$((n+1)); done\n"
      "rm -rf \"$1\"\n";
  const char *arguments[] = {"sh", "-c", SCRIPT, "sh", server->folder, NULL};
  GSpawnFlags flags = G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD;
  if (!g_spawn_async_with_pipes("/", (char **)arguments, NULL, flags, leave_signals_alone, NULL,
                                &server->guardian, &server->guard, NULL, NULL, error)) {
    return FALSE;
  }
  // A forked child of the test that execs must not keep the guardian waiting.
  fcntl(server->guard, F_SETFD, FD_CLOEXEC);
  return TRUE;
}

static gboolean set_up(PostgresServer *server, GError **error) {
  if (server->programs == NULL) {
    return fail(error, "it is not installed; apt-get install postgresql");
  }
  if (getuid() == 0) {
    struct passwd *entry = getpwnam("postgres");
    if (entry == NULL && (entry = getpwnam("nobody")) == NULL) {
      return fail(error, "it refuses to run as root, and there is no user postgres or nobody");
    }
    server->user = g_strdup(entry->pw_name);
    if (chown(server->folder, entry->pw_uid, entry->pw_gid) != 0) {
      return fail(error, "the folder can't be given to its user");
    }
  }
  const char *const INIT[] = {
      "-D",        "data", "-A", "trust", "-U", "broadsheet", "-E", "UTF8", "--locale=C.UTF-8",
      "--no-sync", NULL};
  return start_guardian(server, error) && run(server, "initdb", INIT, error) &&
         start_server(server, error);
}

PostgresServer *postgres_server_start(GError **error) {
  PostgresServer *server = g_new0(PostgresServer, 1);
  server->guard = -1;
  server->programs = find_programs();
  server->folder = g_dir_make_tmp("broadsheet-postgres-XXXXXX", error);
  if (server->folder == NULL || !set_up(server, error)) {
    postgres_server_stop(server);
    return NULL;
  }
  return server;
}

static void stop_server(PostgresServer *server) {
  if (server->server != 0) {
    kill(server->server, SIGQUIT);
    waitpid(server->server, NULL, 0);
    server->server = 0;
  }
}

void postgres_server_stop(PostgresServer *server) {
  if (server == NULL) {
    return;
  }
  stop_server(server);
  if (server->guard >= 0) {
    close(server->guard);
    waitpid(server->guardian, NULL, 0);
  } else if (server->folder != NULL) {
    g_rmdir(server->folder);
  }
  g_free(server->folder);
  g_free(server->programs);
  g_free(server->user);
  g_free(server);
}

char *postgres_server_new_database(PostgresServer *server, GError **error) {
  g_autofree char *name = g_strdup_printf("paper%u", ++server->databases);
  const char *const CREATE[] = {"-h", server->folder, "-U", "broadsheet", name, NULL};
  if (!run(server, "createdb", CREATE, error)) {
    return NULL;
  }
  return g_strdup_printf("host=%s user=broadsheet dbname=%s", server->folder, name);
}

gboolean postgres_server_crash(PostgresServer *server, GError **error) {
  if (server->server == 0) {
    return fail(error, "it is not running");
  }
  stop_server(server);
  return TRUE;
}

gboolean postgres_server_restart(PostgresServer *server, GError **error) {
  stop_server(server);
  return start_server(server, error);
}
