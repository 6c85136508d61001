// SPDX-License-Identifier: Apache-2.0
//
// `broadsheet newsletter [list|set SLUG FIELD VALUE|policy terms|privacy FILE]`:
// what readers can sign up for, and the terms that they agree to.
#include <stdio.h>
#include <string.h>

#include "cmd/newsroom_command.h"
#include "newsroom/newsletters.h"
#include "newsroom/policies.h"
#include "store/newsletter_rows.h"
#include "store/subscriber_rows.h"

static gboolean list(Paper *paper, GError **error) {
  g_autoptr(StoreTransaction) transaction = store_begin_read(paper->store, error);
  g_autoptr(GPtrArray) all = transaction != NULL ? newsletter_rows_list(transaction, error) : NULL;
  for (guint i = 0; all != NULL && i < all->len; i++) {
    const Newsletter *one = all->pdata[i];
    g_autofree char *days = newsletter_format_days(one->send_days);
    gint64 readers = subscription_rows_count(transaction, one->id, error);
    if (readers < 0) {
      return FALSE;
    }
    printf("%-12s %-9s %02d:%02d %-10s %9" G_GINT64_FORMAT " readers  %s%s\n", one->slug,
           newsletter_kind_name(one->kind), one->send_minute / 60, one->send_minute % 60, days,
           readers, one->name, one->active ? "" : " (not active)");
  }
  return all != NULL;
}

// The title is the file's first line when that is a heading.
static gboolean publish_policy(Paper *paper, char **arguments, GError **error) {
  PolicyKind kind = strcmp(arguments[1], "terms") == 0 ? POLICY_TERMS : POLICY_PRIVACY;
  g_autofree char *text = NULL;
  if (!g_file_get_contents(arguments[2], &text, NULL, error)) {
    return FALSE;
  }
  const char *body = text;
  g_autofree char *title = g_strdup(kind == POLICY_TERMS ? "Terms" : "Privacy policy");
  if (g_str_has_prefix(text, "# ")) {
    const char *end = strchr(text, '\n');
    g_free(title);
    title =
        g_strstrip(end != NULL ? g_strndup(text + 2, (gsize)(end - text - 2)) : g_strdup(text + 2));
    body = end != NULL ? end + 1 : "";
  }
  gint32 version = policies_publish(&paper->newsroom, kind, title, body, error);
  if (version != 0) {
    printf("%s, version %d\n", title, version);
  }
  return version != 0;
}

static gboolean act(Paper *paper, const Invocation *invocation, GError **error) {
  char **arguments = invocation->arguments;
  const char *verb = invocation->argument_count > 0 ? arguments[0] : "list";
  if (strcmp(verb, "list") == 0) {
    return list(paper, error);
  }
  if (strcmp(verb, "policy") == 0) {
    return publish_policy(paper, arguments, error);
  }
  return newsletters_set(&paper->newsroom, arguments[1], arguments[2], arguments[3], error) &&
         list(paper, error);
}

static gboolean makes_sense(const Invocation *invocation) {
  guint count = invocation->argument_count;
  const char *verb = count > 0 ? invocation->arguments[0] : "list";
  if (strcmp(verb, "policy") == 0) {
    return count == 3 && (strcmp(invocation->arguments[1], "terms") == 0 ||
                          strcmp(invocation->arguments[1], "privacy") == 0);
  }
  return (strcmp(verb, "list") == 0 && count <= 1) || (strcmp(verb, "set") == 0 && count == 4);
}

static int run_newsletter(const Invocation *invocation) {
  if (!makes_sense(invocation)) {
    return invocation_misused(invocation, "that is no way to use it; see `broadsheet newsletter "
                                          "--help`");
  }
  g_autoptr(GError) error = NULL;
  g_autoptr(Paper) paper = paper_open(invocation->folder, PAPER_EXISTING, &error);
  return paper != NULL && act(paper, invocation, &error) ? COMMAND_DONE
                                                         : invocation_fail(invocation, error);
}

const Command COMMAND_NEWSLETTER = {
    .name = "newsletter",
    .usage = "[list | set SLUG FIELD VALUE | policy terms|privacy FILE]",
    .summary = "show or change newsletters and policies",
    .help = "  newsletter list\n"
            "  newsletter set daily time 06:30          when it is composed and sent\n"
            "  newsletter set daily days mon-fri\n"
            "  newsletter set daily approval yes        held until `mailing approve`\n"
            "  newsletter set daily local-hour yes      at that hour in each reader's own zone\n"
            "  newsletter set breaking cap 5            alerts in 24 hours\n"
            "  newsletter set weekend name 'The weekend'   a slug that is new makes a newsletter\n"
            "  newsletter policy privacy FILE.md        the next version of the privacy policy",
    .maximum_arguments = 4,
    .run = run_newsletter,
};
