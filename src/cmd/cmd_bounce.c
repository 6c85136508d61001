// SPDX-License-Identifier: Apache-2.0
//
// `broadsheet bounce`: one returned message on standard input, as a mail server's pipe hands it
// over. Its exit status is one of sysexits.h, which mail servers know: 75 has the message tried
// again later, whatever was wrong here, so that no report is lost.
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/paper.h"
#include "app/return_box.h"
#include "cmd/command.h"
#include "mail/bounce.h"
#include "store/subscriber_rows.h"

enum { EXIT_TEMPORARY = 75, LISTED = 100 }; // EX_TEMPFAIL

static gboolean read_input(GByteArray *bytes, GError **error) {
  guint8 buffer[16384];
  for (;;) {
    gssize got = read(STDIN_FILENO, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got < 0) {
      g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(errno),
                  "standard input can't be read: %s", g_strerror(errno));
      return FALSE;
    }
    if (got == 0) {
      return TRUE;
    }
    // The rest is read, so that the pipe does not break, and left.
    gsize room = BOUNCE_BYTES - MIN((gsize)bytes->len, BOUNCE_BYTES);
    g_byte_array_append(bytes, buffer, (guint)MIN((gsize)got, room));
  }
}

// Whom the envelope named: the option, or what Postfix, Exim and qmail put into the environment.
static const char *recipient_of(const Invocation *invocation) {
  static const char *const VARIABLES[] = {"ORIGINAL_RECIPIENT", "RECIPIENT"};
  const char *recipient = invocation_value(invocation, "recipient");
  for (gsize i = 0; recipient == NULL && i < G_N_ELEMENTS(VARIABLES); i++) {
    recipient = g_getenv(VARIABLES[i]);
  }
  return recipient;
}

static void say(const ReturnedMail *mail, const ReturnOutcome *outcome) {
  printf("%s: %s%s%s", return_result_name(outcome->result), bounce_kind_name(mail->kind),
         *mail->status != '\0' ? " " : "", mail->status);
  if (outcome->subscriber_id != 0) {
    printf(", mailing %" G_GINT64_FORMAT ", reader %" G_GINT64_FORMAT, outcome->mailing_id,
           outcome->subscriber_id);
  }
  printf("%s%s%s%s\n", outcome->suppressed ? ", suppressed" : "", outcome->left ? ", left" : "",
         *mail->reason != '\0' ? ": " : "", mail->reason);
}

static gboolean show_only(const Invocation *invocation, const ReturnedMail *mail) {
  if (!invocation_has(invocation, "dry-run")) {
    return FALSE;
  }
  say(mail, &(ReturnOutcome){.result = RETURN_UNKNOWN});
  return TRUE;
}

static gboolean take(const Invocation *invocation, GError **error) {
  g_autoptr(GByteArray) bytes = g_byte_array_new();
  ReturnOutcome outcome;
  if (!read_input(bytes, error)) {
    return FALSE;
  }
  g_autoptr(ReturnedMail) mail =
      bounce_read((Slice){(const char *)bytes->data, bytes->len}, recipient_of(invocation));
  if (show_only(invocation, mail)) {
    return TRUE;
  }
  g_autoptr(Paper) paper = paper_open(invocation->folder, PAPER_EXISTING, error);
  if (paper == NULL) {
    return FALSE;
  }
  ReturnLimits limits = return_box_limits(paper->config);
  if (!returns_take(&paper->newsroom, mail, "command", &limits, &outcome, error)) {
    return FALSE;
  }
  if (invocation_has(invocation, "verbose")) {
    say(mail, &outcome); // a mail server would send it on
  }
  return TRUE;
}

// Newest first. What could not be told whose it was has mailing 0.
static gboolean list(const Invocation *invocation, GError **error) {
  g_autoptr(Paper) paper = paper_open(invocation->folder, PAPER_EXISTING, error);
  g_autoptr(StoreTransaction) transaction =
      paper != NULL ? store_begin_read(paper->store, error) : NULL;
  g_autoptr(GPtrArray) bounces =
      transaction != NULL ? bounce_rows_list(transaction, 0, 0, LISTED, error) : NULL;
  for (guint i = 0; bounces != NULL && i < bounces->len; i++) {
    const Bounce *one = bounces->pdata[i];
    g_autofree char *at = clock_format_rfc3339(one->received_at, NULL);
    g_autoptr(Subscriber) reader =
        one->subscriber_id != 0 ? subscriber_rows_get(transaction, one->subscriber_id, NULL) : NULL;
    printf("%s  %-10s %-8s %6" G_GINT64_FORMAT "  %s  %s %s\n", at, bounce_kind_name(one->kind),
           one->way, one->mailing_id, reader != NULL ? reader->address : "-", one->status,
           one->reason);
  }
  return bounces != NULL;
}

static int run_bounce(const Invocation *invocation) {
  g_autoptr(GError) error = NULL;
  if (invocation_has(invocation, "list")) {
    return list(invocation, &error) ? COMMAND_DONE : invocation_fail(invocation, error);
  }
  if (take(invocation, &error)) {
    return COMMAND_DONE;
  }
  invocation_fail(invocation, error);
  return EXIT_TEMPORARY;
}

static const CommandOption OPTIONS[] = {
    {0, "recipient", "ADDRESS", "whom the envelope named, where the message does not tell"},
    {0, "verbose", NULL, "say what came of it"},
    {0, "list", NULL, "show the newest that were taken in, instead"},
    {0, "dry-run", NULL, "say how the message is read, and do nothing"},
    {0, NULL, NULL, NULL},
};

const Command COMMAND_BOUNCE = {
    .name = "bounce",
    .usage = "[--recipient ADDRESS] <MESSAGE | --list",
    .summary = "take in a returned message from a mail server's pipe",
    .help = "Reads one message from standard input: a bounce, a complaint, or a reader's wish to "
            "leave. Only what carries a token of ours changes anything, and each report counts "
            "once.\n\n"
            "Postfix, in /etc/aliases (with recipient_delimiter = + in main.cf):\n\n"
            "  bounces: \"|/usr/bin/broadsheet -C /srv/courier bounce\"\n\n"
            "The exit status is 0 when the message is done with, whatever it was, and 75 "
            "(EX_TEMPFAIL) when it must be tried again: the mail server keeps it meanwhile.",
    .options = OPTIONS,
    .run = run_bounce,
};
