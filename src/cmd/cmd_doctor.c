// SPDX-License-Identifier: Apache-2.0
//
// `broadsheet doctor`: looks at everything a newspaper needs and says how to mend what is wrong. It
// changes nothing. One check is one function; CHECKS is their order.
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "app/paper.h"
#include "app/post_preflight.h"
#include "cmd/command.h"
#include "newsroom/mailings.h"
#include "newsroom/withdrawals.h"
#include "press/page.h"
#include "store/edition_rows.h"
#include "store/migrate.h"
#include "store/site_rows.h"

typedef enum Verdict { GOOD, WARNING, BAD } Verdict;

typedef struct Examination {
  const Invocation *invocation;
  Config *config; // NULL when it can't be loaded
  Paper *paper;   // NULL when it can't be opened
  guint warnings, faults;
} Examination;

static void report(Examination *examination, Verdict verdict, const char *what, const char *format,
                   ...) G_GNUC_PRINTF(4, 5);
static void report(Examination *examination, Verdict verdict, const char *what, const char *format,
                   ...) {
  static const char *const WORDS[] = {"ok  ", "WARN", "FAIL"};
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *text = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  printf("%s  %-14s %s\n", WORDS[verdict], what, text);
  examination->warnings += verdict == WARNING;
  examination->faults += verdict == BAD;
}

static void check_folder(Examination *examination) {
  struct stat status;
  const char *folder = examination->invocation->folder;
  if (stat(folder, &status) != 0 || !S_ISDIR(status.st_mode)) {
    report(examination, BAD, "folder",
           "there is no folder '%s'; make a newspaper there: `broadsheet -C '%s' init`", folder,
           folder);
  } else if (!paper_exists(folder)) {
    report(examination, BAD, "folder",
           "there is no newspaper in '%s'; make one: `broadsheet -C '%s' init`", folder, folder);
  } else if (access(folder, R_OK | W_OK | X_OK) != 0) {
    report(examination, BAD, "folder",
           "'%s' can't be written by this user; give it to the one who serves: chown -R USER '%s'",
           folder, folder);
  } else if ((status.st_mode & S_IWOTH) != 0) {
    report(examination, WARNING, "folder",
           "everybody on this machine may write in '%s'; mend: chmod o-w '%s'", folder, folder);
  } else {
    g_autofree char *whole = g_canonicalize_filename(folder, NULL);
    report(examination, GOOD, "folder", "%s", whole);
  }
}

static void check_config(Examination *examination) {
  g_autoptr(GError) error = NULL;
  examination->config = config_load(examination->invocation->folder, &error);
  if (examination->config == NULL) {
    report(examination, BAD, "configuration", "%s", error->message);
    return;
  }
  g_autofree char *path = config_path(examination->config->folder);
  gboolean is_there = g_file_test(path, G_FILE_TEST_EXISTS);
  report(examination, GOOD, "configuration", "%s",
         is_there ? path : "no broadsheet.ini; every key has its default");
}

static gboolean count(StoreTransaction *transaction, QueryId query, gint64 *ret_count,
                      GError **error) {
  return store_query_integer(transaction, query, STORE_NO_VALUES, ret_count, error);
}

// Opening SQLite's file would make it, and doctor changes nothing.
static gboolean database_is_missing(const Config *config) {
  return g_path_is_absolute(config->database) && !g_file_test(config->database, G_FILE_TEST_EXISTS);
}

static void check_database(Examination *examination) {
  g_autoptr(GError) error = NULL;
  if (examination->config == NULL || !paper_exists(examination->invocation->folder)) {
    return;
  }
  if (database_is_missing(examination->config)) {
    report(examination, BAD, "database",
           "there is no file %s; `broadsheet migrate` makes an empty one, `broadsheet restore` one "
           "from a backup",
           examination->config->database);
    return;
  }
  examination->paper = paper_open(examination->invocation->folder, PAPER_ANY_SCHEMA, &error);
  if (examination->paper == NULL) {
    report(examination, BAD, "database", "%s", error->message);
    return;
  }
  Store *store = examination->paper->store;
  const char *engine = store_engine(store) == STORE_SQLITE ? "SQLite" : "PostgreSQL";
  if (!migrate_check(store, &error)) {
    report(examination, BAD, "database", "%s", error->message);
    return;
  }
  g_autoptr(StoreTransaction) transaction = store_begin_read(store, &error);
  gint64 stories = 0, images = 0;
  g_autoptr(StoreRows) rows = NULL;
  gboolean good =
      transaction != NULL && count(transaction, QUERY_COUNT_STORY, &stories, &error) &&
      count(transaction, QUERY_COUNT_IMAGE, &images, &error) &&
      (rows = store_query(transaction, QUERY_DOCTOR_SOUNDNESS, STORE_NO_VALUES, &error)) != NULL &&
      store_rows_next(rows, &error);
  if (!good) {
    report(examination, BAD, "database", "%s",
           error != NULL ? error->message : "it gives no answer");
  } else if (strcmp(store_row_text(rows, 0), "ok") != 0) {
    report(examination, BAD, "database",
           "the file is damaged (%s); restore the last backup into a new folder: `broadsheet -C "
           "DIR restore FILE`",
           store_row_text(rows, 0));
  } else {
    report(examination, GOOD, "database",
           "%s, schema %d, %" G_GINT64_FORMAT " stories, %" G_GINT64_FORMAT " pictures", engine,
           MIGRATION_COUNT, stories, images);
  }
}

static gboolean count_missing(Paper *paper, guint *ret_count, char **ret_first, GError **error) {
  g_autoptr(StoreTransaction) transaction = store_begin_read(paper->store, error);
  g_autoptr(StoreRows) rows =
      transaction != NULL ? store_query(transaction, QUERY_DUMP_ORIGINALS, STORE_NO_VALUES, error)
                          : NULL;
  g_autoptr(GError) failure = NULL;
  *ret_count = 0;
  while (rows != NULL && store_rows_next(rows, &failure)) {
    g_autofree char *path = originals_path(paper->originals, store_row_text(rows, 0),
                                           (ImageFormat)store_row_integer(rows, 1));
    if (access(path, R_OK) != 0 && (*ret_count)++ == 0) {
      *ret_first = g_steal_pointer(&path);
    }
  }
  if (failure != NULL) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  return rows != NULL;
}

static void check_originals(Examination *examination) {
  g_autoptr(GError) error = NULL;
  g_autofree char *first = NULL;
  guint missing;
  if (examination->paper == NULL || !migrate_check(examination->paper->store, NULL)) {
    return;
  }
  if (!count_missing(examination->paper, &missing, &first, &error)) {
    report(examination, BAD, "pictures", "%s", error->message);
  } else if (missing > 0) {
    report(examination, BAD, "pictures",
           "%u originals can't be read, the first is %s; copy them back from a backup, or import "
           "their stories again",
           missing, first);
  } else {
    report(examination, GOOD, "pictures", "every original is there");
  }
}

// Starts the sandboxed decoders as `serve` would, which fails where the kernel or a container
// forbids the sandbox.
static void check_decoders(Examination *examination) {
  if (examination->config == NULL) {
    return;
  }
  g_autoptr(GError) error = NULL;
  g_autofree char *cache = g_dir_make_tmp("broadsheet-doctor-XXXXXX", &error);
  g_autofree char *program = g_file_read_link("/proc/self/exe", NULL);
  RenditionOptions options = {
      .cache_folder = cache, .cache_bytes = 1 << 20, .workers = 1, .program = program};
  g_autoptr(Renditioner) renditioner =
      cache != NULL && program != NULL ? renditioner_new(&options, &error) : NULL;
  if (renditioner == NULL) {
    report(examination, BAD, "decoders", "the picture decoders can't be started: %s",
           error != NULL ? error->message : "/proc is not mounted");
  } else {
    report(examination, GOOD, "decoders", "pictures are decoded in processes of their own");
  }
  g_clear_pointer(&renditioner, renditioner_free);
  if (cache != NULL) {
    rmdir(cache);
  }
}

static void check_theme(Examination *examination) {
  if (examination->config == NULL) {
    return;
  }
  g_autoptr(GError) error = NULL;
  const char *folder = *examination->config->theme != '\0' ? examination->config->theme : NULL;
  g_autoptr(Press) press = press_new(folder, &error);
  if (press == NULL) {
    report(examination, BAD, "theme", "%s", error->message);
  } else {
    report(examination, GOOD, "theme", "%s: templates, words and fonts load",
           folder != NULL ? folder : "built in");
  }
}

static void check_disk(Examination *examination) {
  struct statvfs status;
  if (statvfs(examination->invocation->folder, &status) != 0) {
    return;
  }
  guint64 free_bytes = (guint64)status.f_bavail * status.f_frsize;
  g_autofree char *size = g_format_size(free_bytes);
  const char *mend = "make room, or lower images.cache_megabytes";
  if (free_bytes < 100u << 20 || (status.f_files > 0 && status.f_favail < 1000)) {
    report(examination, BAD, "disk",
           "%s and %lu files free; nothing can be published on a full disk: %s", size,
           (unsigned long)status.f_favail, mend);
  } else if (free_bytes < 1u << 30) {
    report(examination, WARNING, "disk", "only %s free: %s", size, mend);
  } else {
    report(examination, GOOD, "disk", "%s free", size);
  }
}

// A clock behind the newspaper's own last change has been set back; one before this program is
// wrong.
static void check_clock(Examination *examination) {
  gint64 now = g_get_real_time(), newest = 0, written = 0;
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
  gboolean parsed = clock_parse("2026-11-01", utc, &written);
  g_assert(parsed);
  if (examination->paper != NULL) {
    g_autoptr(StoreTransaction) transaction = store_begin_read(examination->paper->store, NULL);
    if (transaction != NULL && !count(transaction, QUERY_DOCTOR_NEWEST_CHANGE, &newest, NULL)) {
      newest = 0;
    }
  }
  g_autofree char *time = clock_format_rfc3339(now, NULL),
                  *change = clock_format_rfc3339(newest, NULL);
  if (now < written) {
    report(examination, BAD, "clock",
           "it says %s, which is before this program was written; set it: timedatectl set-ntp true",
           time);
  } else if (newest > now + 60 * CLOCK_SECOND) {
    report(examination, BAD, "clock",
           "it says %s, but the newspaper was changed at %s: set back? timedatectl set-ntp true",
           time, change);
  } else {
    report(examination, GOOD, "clock", "%s", time);
  }
}

static void check_zones(Examination *examination) {
  g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("Europe/Berlin");
  if (zone == NULL) {
    report(examination, BAD, "time zones",
           "their data is missing, so every zone would be UTC: apt-get install tzdata");
  } else {
    report(examination, GOOD, "time zones", "known");
  }
}

static void check_files(Examination *examination) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_max < 4096) {
    report(examination, WARNING, "open files",
           "at most %lu, and so at most as many readers at once; mend: ulimit -n 65536, or "
           "LimitNOFILE= in the unit",
           (unsigned long)limit.rlim_max);
  }
}

// 0: free; else the errno of trying to listen there.
static int try_port(const Config *config) {
  g_autofree char *port = g_strdup_printf("%" G_GINT64_FORMAT, config->port);
  struct addrinfo hints = {.ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV,
                           .ai_socktype = SOCK_STREAM},
                  *found = NULL;
  if (getaddrinfo(config->listen, port, &hints, &found) != 0) {
    return EADDRNOTAVAIL;
  }
  int fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1, code = 0;
  if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
      bind(fd, found->ai_addr, found->ai_addrlen) != 0 || listen(fd, 1) != 0) {
    code = errno;
  }
  if (fd >= 0) {
    close(fd);
  }
  freeaddrinfo(found);
  return code;
}

static void check_port(Examination *examination) {
  const Config *config = examination->config;
  if (config == NULL) {
    return;
  }
  int code = try_port(config);
  if (code == 0) {
    report(examination, GOOD, "port", "%s:%" G_GINT64_FORMAT " is free", config->listen,
           config->port);
  } else if (code == EADDRINUSE) {
    report(examination, WARNING, "port",
           "%s:%" G_GINT64_FORMAT
           " is in use, by this newspaper if it is being served; `ss -ltnp` shows by whom. "
           "Another: server.port in broadsheet.ini",
           config->listen, config->port);
  } else if (code == EACCES) {
    report(examination, BAD, "port",
           "%" G_GINT64_FORMAT
           " needs more rights than this user has; take one from 1024 on, behind a proxy",
           config->port);
  } else {
    report(examination, BAD, "port", "'%s' is no address of this machine (%s); mend server.listen",
           config->listen, g_strerror(code));
  }
}

// What receivers look up before they take a newspaper's mail. Nothing to say while it stays here.
static void check_mail(Examination *examination) {
  g_auto(PostOptions) options = {0};
  g_autoptr(GError) error = NULL;
  if (examination->paper == NULL || migrate_check(examination->paper->store, NULL) == FALSE) {
    return;
  }
  g_autoptr(GPtrArray) findings = post_options_load(&options, examination->paper, &error)
                                      ? post_preflight(&options, examination->paper, 0, &error)
                                      : NULL;
  if (findings == NULL) {
    report(examination, BAD, "mail", "%s", error->message);
    return;
  }
  for (guint i = 0; i < findings->len; i++) {
    const PreflightFinding *finding = findings->pdata[i];
    report(examination, finding->is_error ? BAD : WARNING, "mail", "%s", finding->text);
  }
  if (findings->len == 0) {
    report(examination, GOOD, "mail",
           options.relays->len > 0 ? "keys, records and relays fit together"
                                   : "stays in the outbox: no [relay] is configured");
  }
}

// An older database that was brought back does not know who left since.
static void check_withdrawals(Examination *examination) {
  WithdrawalReport report_of = {0};
  g_autoptr(GError) error = NULL;
  Paper *paper = examination->paper;
  if (paper == NULL || migrate_check(paper->store, NULL) == FALSE) {
    return;
  }
  if (!withdrawals_can_write(paper->withdrawals)) {
    report(examination, BAD, "withdrawals",
           "%s can't be written: who leaves would be forgotten by a restore; give it to the one "
           "who serves",
           paper->withdrawals);
    return;
  }
  if (!withdrawals_replay(&paper->newsroom, NULL, TRUE, &report_of, &error)) {
    report(examination, BAD, "withdrawals", "%s", error->message);
    return;
  }
  guint64 unknown = report_of.left + report_of.complained + report_of.erased;
  if (unknown > 0) {
    report(examination, BAD, "withdrawals",
           "%" G_GUINT64_FORMAT " readers left, complained or were deleted, and this database does "
           "not know: `broadsheet suppression replay`",
           unknown);
  } else if (report_of.damaged > 0) {
    report(examination, WARNING, "withdrawals", "%" G_GUINT64_FORMAT " lines of %s can't be read",
           report_of.damaged, paper->withdrawals);
  } else {
    report(examination, GOOD, "withdrawals", "%" G_GUINT64_FORMAT " in the journal, all known",
           report_of.lines);
  }
}

// An edition that could not be made is tried again by itself; somebody has to mend the reason.
static void check_edition(Examination *examination) {
  g_autoptr(GError) error = NULL;
  Paper *paper = examination->paper;
  if (paper == NULL || migrate_check(paper->store, NULL) == FALSE) {
    return;
  }
  g_autoptr(StoreTransaction) transaction = store_begin_read(paper->store, &error);
  g_autoptr(GPtrArray) newest =
      transaction != NULL ? edition_rows_list(transaction, -1, 0, 1, &error) : NULL;
  if (newest == NULL) {
    report(examination, BAD, "edition", "%s", error->message);
    return;
  }
  const Edition *edition = newest->len > 0 ? newest->pdata[0] : NULL;
  g_autofree char *day = edition != NULL ? edition_day_text(edition->day) : NULL;
  g_autofree char *pdftoppm = g_find_program_in_path("pdftoppm");
  if (edition != NULL && *edition->reason != '\0') {
    report(examination, WARNING, "edition",
           "that of %s can't be made: %s; mend it, then `broadsheet edition %s` makes it at once",
           day, edition->reason, day);
  } else if (pdftoppm == NULL) {
    report(examination, WARNING, "edition",
           "there is no pdftoppm, so pages are shown without pictures: install poppler-utils");
  } else {
    report(examination, GOOD, "edition", "%s%s",
           day != NULL ? "the newest is that of " : "none yet", day != NULL ? day : "");
  }
}

static void (*const CHECKS[])(Examination *) = {
    check_folder,   check_config, check_database,    check_originals, check_theme,
    check_decoders, check_disk,   check_clock,       check_zones,     check_files,
    check_port,     check_mail,   check_withdrawals, check_edition};

static int run_doctor(const Invocation *invocation) {
  Examination examination = {.invocation = invocation};
  for (gsize i = 0; i < G_N_ELEMENTS(CHECKS); i++) {
    CHECKS[i](&examination);
  }
  paper_close(examination.paper);
  config_free(examination.config);
  if (examination.faults > 0) {
    printf("\n%u %s to mend before this newspaper can be served.\n", examination.faults,
           examination.faults == 1 ? "thing is" : "things are");
    return COMMAND_FAILED;
  }
  printf(examination.warnings > 0 ? "\nIt can be served; see the warnings above.\n"
                                  : "\nAll is well.\n");
  return COMMAND_DONE;
}

const Command COMMAND_DOCTOR = {
    .name = "doctor",
    .usage = "",
    .summary = "check everything a newspaper needs, and say how to mend it",
    .help = "Looks at the folder and who may write in it, the configuration, the database and its "
            "tables, the original\n"
            "pictures, the theme with its fonts, the decoders' sandbox, disk space, the clock, "
            "time zones, the port,\n"
            "and for mail that leaves: keys, SPF, DKIM and DMARC where the DNS answers, relays.\n"
            "It changes nothing. Exit status 1 if something must be mended; a warning alone is 0.",
    .run = run_doctor,
};
