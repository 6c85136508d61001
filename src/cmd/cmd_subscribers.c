// SPDX-License-Identifier: Apache-2.0
//
// `broadsheet subscribers [import|export|list|show|leave|erase]`: readers in and out, and what is
// done for one of them on request. The use cases are newsroom/reader_import and
// newsroom/subscribers.
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "app/paper.h"
#include "cmd/command.h"
#include "cmd/progress.h"
#include "exchange/subscribers_csv.h"
#include "model/mail_address.h"
#include "newsroom/subscribers.h"
#include "store/newsletter_rows.h"
#include "store/site_rows.h"
#include "store/subscriber_rows.h"

#define LIST_MOST 100000

typedef struct Asked {
  const Invocation *invocation;
  Paper *paper;
  Site *site;
  const char *first, *second; // arguments after the verb, or NULL
} Asked;

// ---- in ---------------------------------------------------------------------------------------

typedef struct Bars {
  Progress reading, taking_over;
} Bars;

static void show_reading(guint64 done, guint64 total, gpointer data) {
  progress_show(done, total, &((Bars *)data)->reading);
}

static void show_taking_over(guint64 done, guint64 total, gpointer data) {
  progress_show(done, total, &((Bars *)data)->taking_over);
}

// Every --newsletter, each of which may name several.
static char **newsletters_asked(const Invocation *invocation) {
  g_autoptr(GStrvBuilder) all = g_strv_builder_new();
  for (guint i = 0; i < invocation->names->len; i++) {
    if (strcmp(invocation->names->pdata[i], "newsletter") == 0) {
      g_auto(GStrv) some = g_strsplit(invocation->values->pdata[i], ",", -1);
      g_strv_builder_addv(all, (const char **)some);
    }
  }
  return g_strv_builder_end(all);
}

static void tell_how_read(const SubscribersCsvReport *report) {
  if (report->columns != NULL) {
    printf("read as %s, fields parted by %s: %s\n", report->encoding,
           report->delimiter == '\t'  ? "tabs"
           : report->delimiter == ',' ? "commas"
           : report->delimiter == ';' ? "semicolons"
                                      : "bars",
           report->columns);
  }
}

static void tell_report(const SubscribersCsvReport *report, const char *refused, gboolean dry_run) {
  const SubscriberLoadReport *load = &report->import.load;
  printf("%s%" G_GINT64_FORMAT " new readers, %" G_GINT64_FORMAT " who were here, %" G_GINT64_FORMAT
         " newsletters added\n",
         dry_run ? "dry run, nothing is written: " : "", load->created, load->known,
         load->subscribed);
  printf("%" G_GINT64_FORMAT " kept as having left, %" G_GINT64_FORMAT
         " put on the suppression list, %" G_GINT64_FORMAT " lines of a reader named before\n",
         load->left, load->suppressed, report->import.repeated);
  if (report->refused > 0) {
    printf("%" G_GUINT64_FORMAT " lines refused; which and why: %s\n", report->refused, refused);
  }
}

static gboolean import_file(const Asked *asked, GError **error) {
  const Invocation *invocation = asked->invocation;
  g_auto(GStrv) newsletters = newsletters_asked(invocation);
  const char *given = invocation_value(invocation, "refused");
  g_autofree char *refused =
      given != NULL ? g_strdup(given) : g_strconcat(asked->first, ".refused.csv", NULL);
  gboolean dry_run = invocation_has(invocation, "dry-run");
  g_auto(SubscribersCsvReport) report = {0};
  Bars bars;
  progress_begin(&bars.reading, "Reading");
  progress_begin(&bars.taking_over, dry_run ? "Trying" : "Taking over");
  SubscribersCsvIn in = {.path = asked->first,
                         .refused_path = refused,
                         .source = invocation_value(invocation, "source"),
                         .newsletters = (const char *const *)newsletters,
                         .dry_run = dry_run,
                         .zone = asked->site->zone,
                         .reading = show_reading,
                         .taking_over = show_taking_over,
                         .data = &bars};
  gboolean done = subscribers_csv_read(&asked->paper->newsroom, &in, &report, error);
  progress_end(&bars.reading);
  progress_end(&bars.taking_over);
  tell_how_read(&report);
  if (done || report.import.load.created + report.import.load.known > 0) {
    tell_report(&report, refused, dry_run);
  }
  if (!done && report.import.load.created > 0 && !dry_run) {
    puts("these stay; the same command again takes over the rest");
  }
  return done;
}

// ---- out --------------------------------------------------------------------------------------

static gboolean write_piece(Slice piece, gpointer data, GError **error) {
  if (fwrite(piece.data, 1, piece.length, data) == piece.length) {
    return TRUE;
  }
  g_set_error(error, SUBSCRIBERS_CSV_ERROR, SUBSCRIBERS_CSV_ERROR_FILE, "it can't be written: %s",
              g_strerror(errno));
  return FALSE;
}

static gboolean find_filter(const Asked *asked, SubscriberExportFilter *filter,
                            SegmentRules **ret_rules, GError **error) {
  const char *slug = invocation_value(asked->invocation, "newsletter");
  const char *segment_slug = invocation_value(asked->invocation, "segment");
  const char *status = invocation_value(asked->invocation, "status");
  g_autoptr(StoreTransaction) transaction = store_begin_read(asked->paper->store, error);
  if (transaction == NULL) {
    return FALSE;
  }
  *filter = (SubscriberExportFilter){.status = -1, .now = clock_now(&asked->paper->newsroom.clock)};
  SubscriberStatus wanted;
  if (status != NULL && !subscriber_status_parse(status, &wanted)) {
    g_set_error(error, NEWSROOM_ERROR, NEWSROOM_ERROR_INVALID,
                "there is no status '%s'; there are pending, active and suppressed", status);
    return FALSE;
  }
  filter->status = status != NULL ? (gint)wanted : -1;
  if (slug != NULL) {
    g_autoptr(Newsletter) newsletter = newsletter_rows_get_by_slug(transaction, slug, error);
    if (newsletter == NULL) {
      g_prefix_error(error, "there is no newsletter '%s': ", slug);
      return FALSE;
    }
    filter->newsletter_id = newsletter->id;
  }
  if (segment_slug != NULL) {
    g_autoptr(Segment) segment = segment_rows_get_by_slug(transaction, segment_slug, error);
    if (segment == NULL) {
      g_prefix_error(error, "there is no segment '%s': ", segment_slug);
      return FALSE;
    }
    *ret_rules = segment_rules_parse(segment->rules, asked->site->zone, error);
    filter->rules = *ret_rules;
  }
  return segment_slug == NULL || *ret_rules != NULL;
}

static gboolean export_file(const Asked *asked, GError **error) {
  SubscriberExportFilter filter;
  g_autoptr(SegmentRules) rules = NULL;
  guint64 count = 0;
  if (!find_filter(asked, &filter, &rules, error)) {
    return FALSE;
  }
  FILE *file = asked->first != NULL ? fopen(asked->first, "we") : stdout;
  if (file == NULL) {
    g_set_error(error, SUBSCRIBERS_CSV_ERROR, SUBSCRIBERS_CSV_ERROR_FILE, "%s: can't be made: %s",
                asked->first, g_strerror(errno));
    return FALSE;
  }
  gboolean done =
      subscribers_csv_write(&asked->paper->newsroom, &filter, write_piece, file, &count, error);
  gboolean closed = file == stdout ? fflush(file) == 0 : fclose(file) == 0;
  if (done && !closed) {
    g_set_error(error, SUBSCRIBERS_CSV_ERROR, SUBSCRIBERS_CSV_ERROR_FILE, "it can't be written: %s",
                g_strerror(errno));
  }
  if (done && closed && file != stdout) {
    printf("%" G_GUINT64_FORMAT " readers\n", count);
  }
  return done && closed;
}

// ---- one reader -------------------------------------------------------------------------------

static Subscriber *find(const Asked *asked, StoreTransaction *transaction, GError **error) {
  g_autofree char *address = mail_address_normalise(asked->first, error);
  g_autofree char *key = address != NULL ? mail_address_key(address) : NULL;
  GError *failure = NULL;
  Subscriber *found = key != NULL ? subscriber_rows_get_by_key(transaction, key, &failure) : NULL;
  if (found == NULL && g_error_matches(failure, STORE_ERROR, STORE_ERROR_NOT_FOUND)) {
    g_set_error(error, NEWSROOM_ERROR, NEWSROOM_ERROR_NOT_FOUND, "there is no reader %s", address);
    g_clear_error(&failure);
  } else if (failure != NULL) {
    g_propagate_error(error, failure);
  }
  return found;
}

static char *when(const Asked *asked, gint64 instant) {
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(instant / CLOCK_SECOND);
  g_autoptr(GDateTime) here = g_date_time_to_timezone(utc, asked->site->zone);
  return instant != 0 ? g_date_time_format(here, "%Y-%m-%d %H:%M") : g_strdup("-");
}

static gboolean list(const Asked *asked, GError **error) {
  gint64 limit = 0;
  if (!invocation_integer(asked->invocation, "limit", 1, LIST_MOST, 50, &limit)) {
    return FALSE;
  }
  SubscriberExportFilter filter;
  g_autoptr(SegmentRules) rules = NULL;
  if (!find_filter(asked, &filter, &rules, error)) {
    return FALSE;
  }
  g_autoptr(StoreTransaction) transaction = store_begin_read(asked->paper->store, error);
  g_autoptr(GPtrArray) some =
      transaction != NULL
          ? subscriber_rows_list(transaction, asked->first != NULL ? asked->first : "",
                                 filter.status, 0, (guint)limit, error)
          : NULL;
  for (guint i = 0; some != NULL && i < some->len; i++) {
    const Subscriber *one = some->pdata[i];
    g_autofree char *since = when(asked, one->created_at);
    printf("%8" G_GINT64_FORMAT "  %-10s %s  %s%s%s\n", one->id,
           subscriber_status_name(one->status), since, one->address, *one->name != '\0' ? "  " : "",
           one->name);
  }
  return some != NULL;
}

static void show_subscriptions(const Asked *asked, GPtrArray *newsletters, GArray *subscriptions) {
  static const char *const STATES[] = {"waits for confirmation", "on", "left"};
  for (guint i = 0; i < subscriptions->len; i++) {
    const Subscription *one = &g_array_index(subscriptions, Subscription, i);
    g_autofree char *since = when(asked, one->since);
    for (guint n = 0; n < newsletters->len; n++) {
      const Newsletter *newsletter = newsletters->pdata[n];
      if (newsletter->id == one->newsletter_id) {
        printf("%-12s %s since %s\n", newsletter->slug, STATES[MIN((guint)one->status, 2)], since);
      }
    }
  }
}

static void show_consents(const Asked *asked, GPtrArray *consents) {
  static const char *const KINDS[] = {"requested", "confirmed", "imported",
                                      "changed",   "withdrawn", "tracking"};
  for (guint i = 0; i < consents->len; i++) {
    const Consent *one = consents->pdata[i];
    g_autofree char *at = when(asked, one->at);
    printf("%s  %-9s %s  %s\n", at, KINDS[MIN((guint)one->kind, G_N_ELEMENTS(KINDS) - 1)],
           one->newsletters, one->page);
  }
}

static gboolean show(const Asked *asked, GError **error) {
  g_autoptr(StoreTransaction) transaction = store_begin_read(asked->paper->store, error);
  g_autoptr(Subscriber) one = transaction != NULL ? find(asked, transaction, error) : NULL;
  g_autoptr(GArray) subscriptions =
      one != NULL ? subscription_rows_of(transaction, one->id, error) : NULL;
  g_autoptr(GPtrArray) newsletters =
      subscriptions != NULL ? newsletter_rows_list(transaction, error) : NULL;
  g_autoptr(GPtrArray) consents =
      newsletters != NULL ? consent_rows_of(transaction, one->id, error) : NULL;
  if (consents == NULL) {
    return FALSE;
  }
  g_autofree char *confirmed = when(asked, one->confirmed_at);
  g_autofree char *paused = when(asked, one->paused_until);
  printf("%s\nstatus       %s\nname         %s\nlanguage     %s\ntime zone    %s\n"
         "confirmed    %s\npaused until %s\n",
         one->address, subscriber_status_name(one->status), one->name, one->language,
         one->zone_name, confirmed, paused);
  show_subscriptions(asked, newsletters, subscriptions);
  show_consents(asked, consents);
  return TRUE;
}

static gboolean leave(const Asked *asked, GError **error) {
  gint64 reader = 0;
  gint64 newsletter_id = 0;
  {
    g_autoptr(StoreTransaction) transaction = store_begin_read(asked->paper->store, error);
    g_autoptr(Subscriber) one = transaction != NULL ? find(asked, transaction, error) : NULL;
    if (one == NULL) {
      return FALSE;
    }
    reader = one->id;
    if (asked->second != NULL) {
      g_autoptr(Newsletter) newsletter =
          newsletter_rows_get_by_slug(transaction, asked->second, error);
      if (newsletter == NULL) {
        g_prefix_error(error, "there is no newsletter '%s': ", asked->second);
        return FALSE;
      }
      newsletter_id = newsletter->id;
    }
  }
  return subscribers_leave(&asked->paper->newsroom, reader, newsletter_id, "by the newspaper", NULL,
                           error);
}

static gboolean erase(const Asked *asked, GError **error) {
  return subscribers_erase_address(&asked->paper->newsroom, asked->first, error);
}

// ---- the command ------------------------------------------------------------------------------

typedef struct Verb {
  const char *name;
  guint least, most; // arguments after it
  gboolean (*run)(const Asked *asked, GError **error);
} Verb;

static const Verb VERBS[] = {{"import", 1, 1, import_file}, {"export", 0, 1, export_file},
                             {"list", 0, 1, list},          {"show", 1, 1, show},
                             {"leave", 1, 2, leave},        {"erase", 1, 1, erase}};

static const Verb *verb_of(const Invocation *invocation) {
  guint given = invocation->argument_count - 1;
  for (gsize i = 0; i < G_N_ELEMENTS(VERBS); i++) {
    if (strcmp(VERBS[i].name, invocation->arguments[0]) == 0 && given >= VERBS[i].least &&
        given <= VERBS[i].most) {
      return &VERBS[i];
    }
  }
  return NULL;
}

static int run_subscribers(const Invocation *invocation) {
  const Verb *verb = verb_of(invocation);
  if (verb == NULL) {
    return invocation_misused(invocation, "that is no way to use it");
  }
  if (strcmp(verb->name, "import") == 0 && invocation_value(invocation, "source") == NULL) {
    return invocation_misused(invocation,
                              "import wants --source: how these readers agreed to be written to, "
                              "such as --source \"paper forms at the fair, May 2026\"");
  }
  g_autoptr(GError) error = NULL;
  g_autoptr(Paper) paper = paper_open(invocation->folder, PAPER_EXISTING, &error);
  g_autoptr(Site) site = paper != NULL ? paper_site(paper, &error) : NULL;
  Asked asked = {.invocation = invocation, .paper = paper, .site = site};
  if (invocation->argument_count > 1) {
    asked.first = invocation->arguments[1];
    asked.second = invocation->arguments[2]; // NULL at the end
  }
  return site != NULL && verb->run(&asked, &error) ? COMMAND_DONE
                                                   : invocation_fail(invocation, error);
}

static const CommandOption OPTIONS[] = {
    {0, "source", "TEXT", "import: how these readers agreed to be written to; kept as the proof"},
    {0, "newsletter", "SLUG",
     "import: what they signed up for, where no column says it (may be given several times); "
     "export: its active readers only"},
    {0, "dry-run", NULL, "import: look at every line, write nothing but the refused ones' file"},
    {0, "refused", "FILE", "import: where refused lines go; otherwise FILE.refused.csv"},
    {0, "segment", "SLUG", "export: the readers of that segment only"},
    {0, "status", "STATUS", "export, list: pending, active or suppressed only"},
    {0, "limit", "N", "list: how many; otherwise 50"},
    {0, NULL, NULL, NULL},
};

const Command COMMAND_SUBSCRIBERS = {
    .name = "subscribers",
    .usage = "import FILE | export [FILE] | list [PART] | show|leave|erase ADDRESS",
    .summary = "take readers in and out as CSV, look at one, take one off",
    .help =
        "  subscribers import readers.csv --newsletter daily --source 'paper forms, May 2026'\n"
        "  subscribers export readers.csv --newsletter daily\n"
        "  subscribers list anna              whose address begins so, or has that in it\n"
        "  subscribers show anna@example.org\n"
        "  subscribers leave anna@example.org [NEWSLETTER]\n"
        "  subscribers erase anna@example.org    all but a hash on the suppression list\n\n"
        "Import reads CSV with fields parted by , ; tab or |, in UTF-8, UTF-16 or Windows-1252, "
        "with columns in any order: their headings say what they are, in several languages and as "
        "Mailchimp, Ghost, Substack, listmonk and others export them. Only an address is needed. "
        "A status column is heeded: who is unsubscribed, bounced or complained there gets no mail "
        "here; who never confirmed is refused. So is a column of newsletters.\n\n"
        "Two lines with the same address (upper and lower case are the same) are one reader. Who "
        "is "
        "here already keeps name and decisions, and gets what is new; who left a newsletter does "
        "not come back by import; who is on the suppression list stays there.\n\n"
        "Refused lines go to a file of their own, with the reason. Should the import be cut short, "
        "the readers taken over so far are whole, and the same command again takes over the "
        "rest.\n\n"
        "Export writes UTF-8 that spreadsheets open safely (what they would take for a formula has "
        "an apostrophe before it) and that import reads again.",
    .options = OPTIONS,
    .minimum_arguments = 1,
    .maximum_arguments = 3,
    .run = run_subscribers,
};
