// SPDX-License-Identifier: Apache-2.0
//
// The front page: the curated front, the latest at its side, and the newest of each section below.
// No story stands in it twice: what is above is not said again below.
#include "newsroom/fronts.h"
#include "store/story_rows.h"
#include "web/site_visit.h"

#define TOP_STORIES 10 // curated ones and, if those are fewer, automatic ones
#define LATEST_STORIES 8
#define BLOCK_STORIES 5

// The stories that stand on the page so far, by id; the ids are the teasers' own.
typedef GHashTable SeenStories;

static void see_front(SeenStories *seen, const Front *front) {
  for (guint i = 0; i < front->slots->len; i++) {
    const FrontSlot *slot = g_ptr_array_index(front->slots, i);
    g_hash_table_insert(seen, &slot->story->id, slot->story);
  }
}

static guint seen_of_section(SeenStories *seen, gint64 section_id) {
  guint count = 0;
  GHashTableIter iter;
  gpointer story = NULL;
  g_hash_table_iter_init(&iter, seen);
  while (g_hash_table_iter_next(&iter, NULL, &story)) {
    count += section_id == 0 || ((const Teaser *)story)->section_id == section_id;
  }
  return count;
}

// The newest of a list that are not on the page yet, which they are from now on. Only what has been
// seen of the same section can come again: that many more are asked for, and dropped.
static GPtrArray *newest_unseen(const SiteVisit *visit, Listing listing, guint count,
                                SeenStories *seen, GError **error) {
  guint limit = count + seen_of_section(seen, listing.id);
  GPtrArray *stories = story_rows_list(visit->transaction, listing, 0, limit, error);
  if (stories == NULL) {
    return NULL;
  }
  for (guint i = stories->len; i > 0; i--) {
    const Teaser *story = g_ptr_array_index(stories, i - 1);
    if (g_hash_table_contains(seen, &story->id)) {
      g_ptr_array_remove_index(stories, i - 1);
    }
  }
  g_ptr_array_set_size(stories, (gint)MIN(stories->len, count));
  for (guint i = 0; i < stories->len; i++) {
    Teaser *story = g_ptr_array_index(stories, i);
    g_hash_table_insert(seen, &story->id, story);
  }
  return stories;
}

static void section_block_free(SectionBlock *block) {
  g_ptr_array_unref(block->stories);
  g_free(block);
}

// A block for each section that has something left, until the page is full.
static GPtrArray *blocks_of(const SiteVisit *visit, SeenStories *seen, GError **error) {
  g_autoptr(GPtrArray) blocks = g_ptr_array_new_with_free_func((GDestroyNotify)section_block_free);
  gint64 size = visit->website->front_size;
  for (guint i = 0; i < visit->site->sections->len; i++) {
    const Section *section = g_ptr_array_index(visit->site->sections, i);
    gint64 room = MIN(size - (gint64)g_hash_table_size(seen), BLOCK_STORIES);
    if (room <= 0) {
      break;
    }
    GPtrArray *stories =
        newest_unseen(visit, (Listing){LISTING_SECTION, section->id}, (guint)room, seen, error);
    if (stories == NULL) {
      return NULL;
    }
    SectionBlock *block = g_new0(SectionBlock, 1);
    *block = (SectionBlock){section, stories};
    g_ptr_array_add(blocks, block);
    if (stories->len == 0) {
      g_ptr_array_set_size(blocks, (gint)blocks->len - 1);
    }
  }
  return g_steal_pointer(&blocks);
}

static Response *answer_front(const SiteVisit *visit, const Front *front, GError **error) {
  g_autoptr(GHashTable) seen = g_hash_table_new(g_int64_hash, g_int64_equal);
  see_front(seen, front);
  g_autoptr(GPtrArray) latest =
      newest_unseen(visit, (Listing){LISTING_ALL, 0}, LATEST_STORIES, seen, error);
  g_autoptr(GPtrArray) blocks = latest != NULL ? blocks_of(visit, seen, error) : NULL;
  if (blocks == NULL) {
    return NULL;
  }
  FrontPage page = {
      .context = site_context(visit, "/"), .front = front, .blocks = blocks, .latest = latest};
  g_autoptr(GString) html = g_string_sized_new(SITE_PAGE_BYTES);
  if (!page_front(visit->website->press, &page, html, error)) {
    return NULL;
  }
  return site_page(visit, g_steal_pointer(&html));
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
  guint size = (guint)CLAMP(website->front_size, 1, TOP_STORIES);
  g_autoptr(Front) front = fronts_compose(visit.transaction, 0, size, error);
  return front != NULL ? answer_front(&visit, front, error) : NULL;
}
