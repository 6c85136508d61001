// SPDX-License-Identifier: Apache-2.0
//
// The front page: the curated front, the newest of each section below it, and the very latest at
// the side. No story stands in it twice (but in the list of the latest, which says when, not what
// matters).
#include "newsroom/fronts.h"
#include "store/story_rows.h"
#include "web/site_visit.h"

#define BLOCK_STORIES 4
#define LATEST_STORIES 8

static void section_block_free(SectionBlock *block) {
  g_ptr_array_unref(block->stories);
  g_free(block);
}

static guint stories_of_section(const Front *front, gint64 section_id) {
  guint count = 0;
  for (guint i = 0; i < front->slots->len; i++) {
    const FrontSlot *slot = g_ptr_array_index(front->slots, i);
    count += slot->story->section_id == section_id;
  }
  return count;
}

static gboolean stands_in_front(const Front *front, gint64 story_id) {
  for (guint i = 0; i < front->slots->len; i++) {
    const FrontSlot *slot = g_ptr_array_index(front->slots, i);
    if (slot->story->id == story_id) {
      return TRUE;
    }
  }
  return FALSE;
}

// A story has one section, so only the front's own stories of this one can come again: that many
// more are asked for, and those that come are dropped.
static SectionBlock *block_of(const SiteVisit *visit, const Front *front, const Section *section,
                              GError **error) {
  guint limit = BLOCK_STORIES + stories_of_section(front, section->id);
  GPtrArray *stories =
      story_rows_list(visit->transaction, (Listing){LISTING_SECTION, section->id}, 0, limit, error);
  if (stories == NULL) {
    return NULL;
  }
  for (guint i = stories->len; i > 0; i--) {
    const Teaser *story = g_ptr_array_index(stories, i - 1);
    if (stands_in_front(front, story->id)) {
      g_ptr_array_remove_index(stories, i - 1);
    }
  }
  g_ptr_array_set_size(stories, (gint)MIN(stories->len, BLOCK_STORIES));
  SectionBlock *block = g_new0(SectionBlock, 1);
  block->section = section;
  block->stories = stories;
  return block;
}

static GPtrArray *blocks_of(const SiteVisit *visit, const Front *front, GError **error) {
  g_autoptr(GPtrArray) blocks = g_ptr_array_new_with_free_func((GDestroyNotify)section_block_free);
  for (guint i = 0; i < visit->site->sections->len; i++) {
    SectionBlock *block =
        block_of(visit, front, g_ptr_array_index(visit->site->sections, i), error);
    if (block == NULL) {
      return NULL;
    }
    if (block->stories->len == 0) {
      section_block_free(block);
    } else {
      g_ptr_array_add(blocks, block);
    }
  }
  return g_steal_pointer(&blocks);
}

Response *site_front(const Request *request, Website *website, GError **error) {
  g_auto(SiteVisit) visit = {0};
  if (!site_visit_begin(&visit, request, website, error)) {
    return NULL;
  }
  Response *elsewhere = site_canonical(&visit, "/");
  if (elsewhere != NULL) {
    return elsewhere;
  }
  guint size = (guint)CLAMP(website->front_size, 1, 100);
  g_autoptr(Front) front = fronts_compose(visit.transaction, 0, size, error);
  g_autoptr(GPtrArray) blocks = front != NULL ? blocks_of(&visit, front, error) : NULL;
  g_autoptr(GPtrArray) latest =
      blocks != NULL
          ? story_rows_list(visit.transaction, (Listing){LISTING_ALL, 0}, 0, LATEST_STORIES, error)
          : NULL;
  if (latest == NULL) {
    return NULL;
  }
  FrontPage page = {
      .context = site_context(&visit, "/"), .front = front, .blocks = blocks, .latest = latest};
  g_autoptr(GString) html = g_string_sized_new(64 * 1024);
  if (!page_front(website->press, &page, html, error)) {
    return NULL;
  }
  return site_page(&visit, g_steal_pointer(&html));
}
