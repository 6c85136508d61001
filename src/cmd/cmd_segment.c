// SPDX-License-Identifier: Apache-2.0
//
// `broadsheet segment [list|add|count|remove]`: saved sets of readers that a mailing can be for.
#include <stdio.h>
#include <string.h>

#include "app/paper.h"
#include "cmd/command.h"
#include "newsroom/segments.h"
#include "store/newsletter_rows.h"

// What each newsletter's mailing to these rules would reach.
static gboolean count_each(Paper *paper, const char *rules, GError **error) {
  g_autoptr(GPtrArray) newsletters = NULL;
  {
    g_autoptr(StoreTransaction) transaction = store_begin_read(paper->store, error);
    newsletters = transaction != NULL ? newsletter_rows_list(transaction, error) : NULL;
  }
  for (guint i = 0; newsletters != NULL && i < newsletters->len; i++) {
    const Newsletter *one = newsletters->pdata[i];
    gint64 readers = segments_count(&paper->newsroom, one->id, rules, error);
    if (readers < 0) {
      return FALSE;
    }
    printf("%9" G_GINT64_FORMAT " readers of %s\n", readers, one->slug);
  }
  return newsletters != NULL;
}

static gboolean list(Paper *paper, const Invocation *invocation, GError **error) {
  g_autoptr(StoreTransaction) transaction = store_begin_read(paper->store, error);
  g_autoptr(GPtrArray) all = transaction != NULL ? segment_rows_list(transaction, error) : NULL;
  for (guint i = 0; all != NULL && i < all->len; i++) {
    const Segment *one = all->pdata[i];
    printf("%-16s %s\n", one->slug, one->rules);
  }
  return all != NULL;
}

static gboolean add(Paper *paper, const Invocation *invocation, GError **error) {
  char **arguments = invocation->arguments;
  Segment segment = {.slug = arguments[1], .name = arguments[1], .rules = arguments[2]};
  return segments_put(&paper->newsroom, &segment, error) != 0 &&
         count_each(paper, segment.rules, error);
}

// A saved one by its slug; else rules, tried before they are saved.
static gboolean count(Paper *paper, const Invocation *invocation, GError **error) {
  const char *word = invocation->arguments[1];
  g_autoptr(Segment) segment = NULL;
  {
    g_autoptr(StoreTransaction) transaction = store_begin_read(paper->store, error);
    if (transaction == NULL) {
      return FALSE;
    }
    segment = segment_rows_get_by_slug(transaction, word, NULL);
  }
  if (segment == NULL && strchr(word, ' ') == NULL) {
    g_set_error(error, NEWSROOM_ERROR, NEWSROOM_ERROR_NOT_FOUND,
                "there is no segment '%s'; `broadsheet segment list` shows them", word);
    return FALSE;
  }
  return count_each(paper, segment != NULL ? segment->rules : word, error);
}

static gboolean take_away(Paper *paper, const Invocation *invocation, GError **error) {
  return segments_remove(&paper->newsroom, invocation->arguments[1], error);
}

typedef struct Verb {
  const char *name;
  guint arguments; // with the verb
  gboolean (*run)(Paper *paper, const Invocation *invocation, GError **error);
} Verb;

static const Verb VERBS[] = {
    {"list", 1, list}, {"add", 3, add}, {"count", 2, count}, {"remove", 2, take_away}};

static int run_segment(const Invocation *invocation) {
  const char *name = invocation->argument_count > 0 ? invocation->arguments[0] : "list";
  const Verb *verb = NULL;
  for (gsize i = 0; i < G_N_ELEMENTS(VERBS); i++) {
    if (strcmp(VERBS[i].name, name) == 0 &&
        VERBS[i].arguments == MAX(invocation->argument_count, 1)) {
      verb = &VERBS[i];
    }
  }
  if (verb == NULL) {
    return invocation_misused(invocation, "that is no way to use it");
  }
  g_autoptr(GError) error = NULL;
  g_autoptr(Paper) paper = paper_open(invocation->folder, PAPER_EXISTING, &error);
  return paper != NULL && verb->run(paper, invocation, &error) ? COMMAND_DONE
                                                               : invocation_fail(invocation, error);
}

const Command COMMAND_SEGMENT = {
    .name = "segment",
    .usage = "[list | add SLUG RULES | count SLUG|RULES | remove SLUG]",
    .summary = "show, save, count or remove sets of readers",
    .help = "  segment add regulars 'section politics sport; since 2026-01-01; active 90d'\n"
            "  segment count regulars             how many each newsletter's mailing would reach\n"
            "  segment count 'newsletter breaking; before 2026-06-01'    before it is saved\n"
            "  mailing compose daily --segment regulars\n"
            "  alert STORY --segment regulars\n\n"
            "All rules must hold, the words of one rule are alternatives: section (the reader's "
            "interests), newsletter (reads that one as well), since and before (the day of the "
            "sign-up), active (opened or clicked within so many days: only readers who agreed to "
            "that being counted).",
    .maximum_arguments = 3,
    .run = run_segment,
};
