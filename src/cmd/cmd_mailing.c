// SPDX-License-Identifier: Apache-2.0
//
// `broadsheet mailing
// [list|show|compose|preview|approve|launch|pause|resume|cancel|retry|resolve|watch|failed|
// resume-sending]`: what was sent, what will be, and what people decide about it.
#include <stdio.h>
#include <string.h>

#include "app/post_preflight.h"
#include "cmd/mailing_progress.h"
#include "cmd/post_command.h"
#include "newsroom/mailings.h"
#include "newsroom/withdrawals.h"
#include "store/delivery_rows.h"
#include "store/mailing_rows.h"
#include "store/newsletter_rows.h"

typedef struct Asked {
  const Invocation *invocation;
  Paper *paper;
  Site *site;
  gint64 id;         // of the mailing; 0: none given
  const char *third; // a further argument, or NULL
} Asked;

static char *when(const Asked *asked, gint64 instant) {
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(instant / CLOCK_SECOND);
  g_autoptr(GDateTime) here = g_date_time_to_timezone(utc, asked->site->zone);
  return instant != 0 ? g_date_time_format(here, "%Y-%m-%d %H:%M") : g_strdup("-");
}

static gboolean list(const Asked *asked, GError **error) {
  g_autoptr(StoreTransaction) transaction = store_begin_read(asked->paper->store, error);
  g_autoptr(GPtrArray) mailings =
      transaction != NULL ? mailing_rows_list(transaction, 0, -1, 0, 50, error) : NULL;
  for (guint i = 0; mailings != NULL && i < mailings->len; i++) {
    const Mailing *one = mailings->pdata[i];
    g_autofree char *due = when(asked, one->due_at);
    printf("%6" G_GINT64_FORMAT "  %-9s %s  %8" G_GINT64_FORMAT "  %s%s%s\n", one->id,
           mailing_state_name(one->state), due, one->planned, one->subject,
           *one->state_reason != '\0' ? "  -- " : "", one->state_reason);
  }
  return mailings != NULL;
}

static gboolean show(const Asked *asked, GError **error) {
  MailingCounts counts;
  g_autoptr(StoreTransaction) transaction = store_begin_read(asked->paper->store, error);
  g_autoptr(Mailing) one =
      transaction != NULL ? mailing_rows_get(transaction, asked->id, error) : NULL;
  if (one == NULL || !mailing_rows_counts(transaction, asked->id, &counts, error)) {
    return FALSE;
  }
  g_autofree char *due = when(asked, one->due_at);
  printf("mailing     %" G_GINT64_FORMAT
         " (%s)\nstate       %s%s%s\nsubject     %s\ndue         %s\n"
         "archive     %s/mail/%s\n",
         one->id, one->occasion, mailing_state_name(one->state),
         *one->state_reason != '\0' ? ": " : "", one->state_reason, one->subject, due,
         asked->site->base_url, one->public_id);
  printf("planned     %" G_GINT64_FORMAT "\npending     %" G_GINT64_FORMAT "\n", counts.planned,
         mailing_counts_pending(&counts));
  for (int state = DELIVERY_ACCEPTED; state < DELIVERY_STATES; state++) {
    printf("%-11s %" G_GINT64_FORMAT "\n", delivery_state_name((DeliveryState)state),
           counts.of[state]);
  }
  return TRUE;
}

static gboolean compose(const Asked *asked, GError **error) {
  const char *slug = asked->third != NULL ? asked->third : "daily";
  gint64 newsletter_id = 0;
  {
    g_autoptr(StoreTransaction) transaction = store_begin_read(asked->paper->store, error);
    g_autoptr(Newsletter) newsletter =
        transaction != NULL ? newsletter_rows_get_by_slug(transaction, slug, error) : NULL;
    if (newsletter == NULL) {
      return FALSE;
    }
    newsletter_id = newsletter->id;
  }
  gint64 now = clock_now(&asked->paper->newsroom.clock);
  const Invocation *invocation = asked->invocation;
  const MailingOrder order = {.newsletter_id = newsletter_id,
                              .day = clock_day(now, asked->site->zone),
                              .due_at = invocation_has(invocation, "now") ? now : 0,
                              .segment = invocation_value(invocation, "segment"),
                              .subject = invocation_value(invocation, "subject"),
                              .preheader = invocation_value(invocation, "preheader"),
                              .introduction = invocation_value(invocation, "introduction")};
  gint64 id = mailings_compose(&asked->paper->newsroom, &order, error);
  if (id != 0) {
    printf("%" G_GINT64_FORMAT "\n", id);
  }
  return id != 0;
}

// Before it is launched: its subject, preheader, introduction, hour.
static gboolean edit(const Asked *asked, GError **error) {
  const Invocation *invocation = asked->invocation;
  const char *at = invocation_value(invocation, "at");
  MailingText text = {.subject = invocation_value(invocation, "subject"),
                      .preheader = invocation_value(invocation, "preheader"),
                      .introduction = invocation_value(invocation, "introduction")};
  if (at != NULL && !clock_parse(at, asked->site->zone, &text.due_at)) {
    g_set_error(error, NEWSROOM_ERROR, NEWSROOM_ERROR_INVALID,
                "--at takes a time such as \"2026-11-24 06:30\", not '%s'", at);
    return FALSE;
  }
  return mailings_edit(&asked->paper->newsroom, asked->id, &text, error);
}

static gboolean preview(const Asked *asked, GError **error) {
  g_autoptr(MailParts) parts = mailings_preview(&asked->paper->newsroom, asked->id, NULL, error);
  if (parts == NULL) {
    return FALSE;
  }
  fputs(invocation_has(asked->invocation, "text") ? parts->text : parts->html, stdout);
  return TRUE;
}

static gboolean check(const Asked *asked, GError **error) {
  g_auto(PostOptions) options = {0};
  g_autoptr(GPtrArray) findings = mailings_preflight(&asked->paper->newsroom, asked->id, error);
  g_autoptr(GPtrArray) outer = findings != NULL && post_options_load(&options, asked->paper, error)
                                   ? post_preflight(&options, asked->paper, asked->id, error)
                                   : NULL;
  if (outer == NULL) {
    return FALSE;
  }
  g_ptr_array_extend_and_steal(findings, g_steal_pointer(&outer));
  for (guint i = 0; findings != NULL && i < findings->len; i++) {
    const PreflightFinding *finding = findings->pdata[i];
    printf("%s: %s\n", finding->is_error ? "error" : "note", finding->text);
  }
  if (findings != NULL && findings->len == 0) {
    puts("nothing to mend");
  }
  return findings != NULL;
}

static gboolean approve(const Asked *asked, GError **error) {
  return mailings_approve(&asked->paper->newsroom, asked->id, post_command_person(), error);
}

static gboolean launch(const Asked *asked, GError **error) {
  gboolean more = TRUE;
  if (!mailings_launch(&asked->paper->newsroom, asked->id, NULL, error)) {
    return FALSE;
  }
  while (more) {
    if (!mailings_freeze_on(&asked->paper->newsroom, asked->id, &more, error)) {
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean pause_it(const Asked *asked, GError **error) {
  return mailings_pause(&asked->paper->newsroom, asked->id, error);
}

static gboolean resume(const Asked *asked, GError **error) {
  return mailings_resume(&asked->paper->newsroom, asked->id, error);
}

static gboolean cancel(const Asked *asked, GError **error) {
  return mailings_cancel(&asked->paper->newsroom, asked->id, error);
}

static gboolean retry(const Asked *asked, GError **error) {
  gboolean uncertain = asked->third != NULL && strcmp(asked->third, "uncertain") == 0;
  gint64 moved = mailings_retry(&asked->paper->newsroom, asked->id,
                                uncertain ? DELIVERY_UNCERTAIN : DELIVERY_FAILED, error);
  if (moved >= 0) {
    printf("%" G_GINT64_FORMAT " are sent again\n", moved);
  }
  return moved >= 0;
}

static gboolean resolve(const Asked *asked, GError **error) {
  gboolean failed = asked->third != NULL && strcmp(asked->third, "failed") == 0;
  gint64 moved = mailings_resolve(&asked->paper->newsroom, asked->id,
                                  failed ? DELIVERY_FAILED : DELIVERY_ACCEPTED, error);
  if (moved >= 0) {
    printf("%" G_GINT64_FORMAT " uncertain ones are %s now\n", moved,
           failed ? "failed" : "accepted");
  }
  return moved >= 0;
}

// Until it is no longer being sent, or Ctrl-C.
static gboolean watch(const Asked *asked, GError **error) {
  MailingProgress progress;
  mailing_progress_begin(&progress, asked->id);
  for (gboolean over = FALSE; !over; g_usleep(over ? 0 : G_USEC_PER_SEC / 5)) {
    if (!mailing_progress_show(&progress, asked->paper->store, &over, error)) {
      return FALSE;
    }
    over |= progress.state < MAILING_READY;
  }
  mailing_progress_end(&progress);
  return TRUE;
}

// A field of CSV that no spreadsheet takes for a formula.
static void print_field(const char *text, const char *after) {
  putchar('"');
  if (*text != '\0' && strchr("=+-@\t\r", *text) != NULL) {
    putchar('\'');
  }
  for (; *text != '\0'; text++) {
    if (*text == '"') {
      putchar('"');
    }
    putchar(*text);
  }
  printf("\"%s", after);
}

static gboolean failed(const Asked *asked, GError **error) {
  gboolean uncertain = asked->third != NULL && strcmp(asked->third, "uncertain") == 0;
  g_autoptr(StoreTransaction) transaction = store_begin_read(asked->paper->store, error);
  puts("address,state,code,status,reason,relay");
  for (gint64 after = 0; transaction != NULL;) {
    g_autoptr(GPtrArray) some =
        delivery_rows_list(transaction, asked->id, uncertain ? DELIVERY_UNCERTAIN : DELIVERY_FAILED,
                           after, 1000, error);
    for (guint i = 0; some != NULL && i < some->len; i++) {
      const Delivery *one = some->pdata[i];
      print_field(one->address, ",");
      printf("%s,%u,", delivery_state_name(one->state), one->code);
      print_field(one->status, ",");
      print_field(one->reason, ",");
      print_field(one->relay, "\n");
      after = one->subscriber_id;
    }
    if (some == NULL || some->len == 0) {
      return some != NULL;
    }
  }
  return FALSE;
}

// After a restore, or an old database brought back: somebody has looked. Who left since stays away.
static gboolean resume_sending(const Asked *asked, GError **error) {
  WithdrawalReport report = {0};
  if (!withdrawals_replay(&asked->paper->newsroom, NULL, FALSE, &report, error)) {
    return FALSE;
  }
  g_autoptr(StoreTransaction) transaction = store_begin_write(asked->paper->store, error);
  g_autofree char *path = g_build_filename(asked->paper->config->folder, "dispatch.epoch", NULL);
  g_autofree char *text = NULL;
  gint64 known = g_file_get_contents(path, &text, NULL, NULL) ? g_ascii_strtoll(text, NULL, 10) : 0;
  return transaction != NULL && epoch_rows_resume(transaction, known, error) &&
         store_commit(&transaction, error);
}

typedef struct Verb {
  const char *name;
  gboolean wants_id;
  gboolean (*run)(const Asked *asked, GError **error);
} Verb;

static const Verb VERBS[] = {
    {"list", FALSE, list},       {"show", TRUE, show},
    {"compose", FALSE, compose}, {"preview", TRUE, preview},
    {"edit", TRUE, edit},        {"check", TRUE, check},
    {"approve", TRUE, approve},  {"launch", TRUE, launch},
    {"pause", TRUE, pause_it},   {"resume", TRUE, resume},
    {"cancel", TRUE, cancel},    {"retry", TRUE, retry},
    {"resolve", TRUE, resolve},  {"watch", TRUE, watch},
    {"failed", TRUE, failed},    {"resume-sending", FALSE, resume_sending},
};

static const Verb *verb_of(const Invocation *invocation) {
  const char *name = invocation->argument_count > 0 ? invocation->arguments[0] : "list";
  for (gsize i = 0; i < G_N_ELEMENTS(VERBS); i++) {
    if (strcmp(VERBS[i].name, name) == 0) {
      return &VERBS[i];
    }
  }
  return NULL;
}

static int run_mailing(const Invocation *invocation) {
  const Verb *verb = verb_of(invocation);
  if (verb == NULL) {
    return invocation_misused(invocation, "there is no 'mailing %s'", invocation->arguments[0]);
  }
  guint next = 1;
  Asked asked = {.invocation = invocation};
  if (verb->wants_id) {
    const char *number = invocation->argument_count > next ? invocation->arguments[next] : "";
    asked.id = g_ascii_strtoll(number, NULL, 10);
    if (asked.id <= 0) {
      return invocation_misused(invocation,
                                "mailing %s wants a mailing's number; `mailing list` "
                                "shows them",
                                verb->name);
    }
    next++;
  }
  asked.third = invocation->argument_count > next ? invocation->arguments[next] : NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(Press) press = NULL;
  gboolean done = post_command_open(invocation, &asked.paper, &press, &error);
  if (done) {
    asked.site = paper_site(asked.paper, &error);
    done = asked.site != NULL && verb->run(&asked, &error);
  }
  int status = done ? COMMAND_DONE : invocation_fail(invocation, error);
  site_unref(asked.site);
  paper_close(asked.paper);
  return status;
}

static const CommandOption OPTIONS[] = {
    {0, "now", NULL, "compose: due at once, not at the newsletter's hour"},
    {0, "segment", "SLUG", "compose: for that segment's readers only"},
    {0, "subject", "TEXT", "compose, edit: instead of the first headline"},
    {0, "preheader", "TEXT", "compose, edit: what mail programs show after the subject"},
    {0, "introduction", "MARKDOWN", "compose, edit: above the first story"},
    {0, "at", "TIME", "edit: when it is due"},
    {0, "text", NULL, "preview: the text part instead of the HTML"},
    {0, NULL, NULL, NULL},
};

const Command COMMAND_MAILING = {
    .name = "mailing",
    .usage = "[VERB [NUMBER]]",
    .summary = "show, compose, approve, pause, resume or cancel mailings",
    .help =
        "  mailing list                    the newest\n"
        "  mailing show NUMBER             its state, and how many of its deliveries are in which\n"
        "  mailing compose [NEWSLETTER]    today's, from the front; --now to send it at once\n"
        "  mailing edit NUMBER --subject TEXT --introduction MARKDOWN   before it is launched\n"
        "  mailing preview NUMBER          its HTML, or with --text its text\n"
        "  mailing check NUMBER            the preflight\n"
        "  mailing approve NUMBER          what is held\n"
        "  mailing launch NUMBER           what is ready, without waiting for its hour\n"
        "  mailing pause|resume|cancel NUMBER\n"
        "  mailing watch NUMBER            how it gets on, until it is no longer being sent\n"
        "  mailing failed NUMBER [uncertain]   as CSV\n"
        "  mailing retry NUMBER [uncertain]    sends them again\n"
        "  mailing resolve NUMBER [failed]     the uncertain ones count as accepted, or as failed\n"
        "  mailing resume-sending          after a restore: somebody has looked, sending goes on",
    .options = OPTIONS,
    .maximum_arguments = 3,
    .run = run_mailing,
};
