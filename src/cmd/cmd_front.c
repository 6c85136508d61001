// SPDX-License-Identifier: Apache-2.0
//
// `broadsheet front`: shows or sets the curated slots of the front page or a section's page.
#include <stdio.h>
#include <string.h>

#include "cmd/newsroom_command.h"
#include "newsroom/fronts.h"
#include "store/site_rows.h"

static gboolean find_section(StoreTransaction *transaction, const char *slug, gint64 *ret_id,
                             GError **error) {
  *ret_id = 0;
  if (slug == NULL) {
    return TRUE;
  }
  g_autoptr(Site) site = site_rows_load(transaction, error);
  const Section *section = site != NULL ? site_section_by_slug(site, slug) : NULL;
  if (site != NULL && section == NULL) {
    g_set_error(error, STORE_ERROR, STORE_ERROR_NOT_FOUND,
                "there is no section '%s'; `broadsheet section` lists them", slug);
  }
  *ret_id = section != NULL ? section->id : 0;
  return section != NULL;
}

static gboolean show(Paper *paper, const char *slug, GError **error) {
  g_autoptr(StoreTransaction) transaction = store_begin_read(paper->store, error);
  gint64 section;
  if (transaction == NULL || !find_section(transaction, slug, &section, error)) {
    return FALSE;
  }
  g_autoptr(Front) front =
      fronts_compose(transaction, section, (guint)paper->config->front_size, error);
  for (guint i = 0; front != NULL && i < front->slots->len; i++) {
    const FrontSlot *slot = g_ptr_array_index(front->slots, i);
    printf("%3u  %-7s %-10s %-8" G_GINT64_FORMAT " %s\n", i + 1, front_weight_name(slot->weight),
           slot->automatic ? "automatic" : "curated", slot->story->id, slot->story->headline);
  }
  return front != NULL;
}

// "12:lead"; no weight: the first is the lead, the next two are seconds, the rest briefs.
static gboolean parse_slot(const Invocation *invocation, guint index, FrontSlotRow *ret_slot) {
  const char *text = invocation->arguments[index + 1];
  const char *colon = strrchr(text, ':');
  g_autofree char *id = colon != NULL ? g_strndup(text, (gsize)(colon - text)) : g_strdup(text);
  ret_slot->weight = index == 0 ? WEIGHT_LEAD : index < 3 ? WEIGHT_SECOND : WEIGHT_BRIEF;
  if (colon != NULL && !front_weight_parse(colon + 1, &ret_slot->weight)) {
    invocation_misused(invocation, "in '%s': the weight is lead, second or brief, as in 12:lead",
                       text);
    return FALSE;
  }
  return invocation_story_id(invocation, id, &ret_slot->story_id);
}

static gboolean set(Paper *paper, const char *slug, const FrontSlotRow *slots, guint count,
                    GError **error) {
  gint64 section;
  {
    g_autoptr(StoreTransaction) transaction = store_begin_read(paper->store, error);
    if (transaction == NULL || !find_section(transaction, slug, &section, error)) {
      return FALSE;
    }
  }
  return fronts_set(&paper->newsroom, section, slots, count, error);
}

static int run_front(const Invocation *invocation) {
  gboolean setting = invocation->argument_count > 0 && strcmp(invocation->arguments[0], "set") == 0;
  if (invocation->argument_count > 0 && !setting) {
    return invocation_misused(invocation,
                              "'%s'? It is `front` to show, or `front set 12:lead 15:second …`",
                              invocation->arguments[0]);
  }
  guint count = setting ? invocation->argument_count - 1 : 0;
  g_autofree FrontSlotRow *slots = g_new0(FrontSlotRow, count + 1);
  for (guint i = 0; i < count; i++) {
    if (!parse_slot(invocation, i, &slots[i])) {
      return COMMAND_USAGE;
    }
  }
  const char *section = invocation_value(invocation, "section");
  g_autoptr(GError) error = NULL;
  g_autoptr(Paper) paper = paper_open(invocation->folder, PAPER_EXISTING, &error);
  if (paper == NULL || (setting && !set(paper, section, slots, count, &error)) ||
      !show(paper, section, &error)) {
    return invocation_fail(invocation, error);
  }
  return COMMAND_DONE;
}

static const CommandOption OPTIONS[] = {
    {0, "section", "SLUG", "a section's page instead of the front page"},
    {0, NULL, NULL, NULL},
};

const Command COMMAND_FRONT = {
    .name = "front",
    .usage = "[--section SLUG] [set ID[:lead|:second|:brief] …]",
    .summary = "show or set what stands on the front page",
    .help = "Without `set` it shows the page as readers see it: the curated slots, then those that "
            "the newest\n"
            "stories fill by themselves. `set` puts exactly these stories in this order; none at "
            "all clears it.\n\n"
            "  broadsheet front set 12:lead 15:second 9:second 31",
    .options = OPTIONS,
    .maximum_arguments = 501,
    .run = run_front,
};
