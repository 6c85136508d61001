// SPDX-License-Identifier: Apache-2.0
//
// The front page, and the curated top that section pages share with it. Weight decides the
// place: one lead with two seconds beside it, the other seconds, the briefs as headlines; below
// them the sections, laid out in turn in three ways so that no two neighbours look alike.
#include "press/page_parts.h"

#include "model/address.h"
#include "press/structured_data.h"

#define BESIDE 2 // seconds that stand beside the lead

// How a section stands on the front. Which one it gets follows from what its stories have to show,
// so that no grid is left with holes.
typedef enum BlockLayout {
  BLOCK_COLUMNS, // all side by side: all with pictures, or all without
  BLOCK_TEXT,    // none has a picture: one in large type, the others beside it
  BLOCK_FEATURE, // one with its picture, the others in a list after it
  BLOCK_DIGEST,  // the same, with the list first
} BlockLayout;

static const char *const LAYOUT_NAMES[] = {"columns", "text", "feature", "digest"};

#define MOST_PICTURES 4 // stories with pictures side by side
#define MOST_TEXTS 5    // without

typedef struct FrontLists {
  TemplateValue *lead, *beside, *seconds, *briefs;
  guint beside_count, seconds_count, briefs_count;
} FrontLists;

static void append_slot(PageMaker *maker, FrontLists *lists, const FrontSlot *slot) {
  if (slot->weight == WEIGHT_BRIEF) {
    lists->briefs_count++;
    page_append_teaser(maker, lists->briefs, slot->story, NULL);
  } else if (lists->beside_count < BESIDE) {
    lists->beside_count++;
    page_append_teaser(maker, lists->beside, slot->story, &SLOT_SECOND);
  } else {
    lists->seconds_count++;
    page_append_teaser(maker, lists->seconds, slot->story, &SLOT_SECOND);
  }
}

// The first that is meant to lead, else the first of all.
static guint lead_of(const Front *front) {
  for (guint i = 0; i < front->slots->len; i++) {
    const FrontSlot *slot = front->slots->pdata[i];
    if (slot->weight == WEIGHT_LEAD) {
      return i;
    }
  }
  return 0;
}

static gboolean leads_with_picture(const Front *front, guint lead) {
  const FrontSlot *slot = front->slots->pdata[lead];
  return page_picture_exists(slot->story->hero);
}

void page_set_front(PageMaker *maker, const Front *front) {
  FrontLists lists = {.lead = template_set_list(maker->root, "lead"),
                      .beside = template_set_list(maker->root, "beside"),
                      .seconds = template_set_list(maker->root, "seconds"),
                      .briefs = template_set_list(maker->root, "briefs")};
  guint count = front != NULL ? front->slots->len : 0;
  guint lead = count > 0 ? lead_of(front) : 0;
  for (guint i = 0; i < count; i++) {
    const FrontSlot *slot = front->slots->pdata[i];
    if (i == lead) {
      page_append_teaser(maker, lists.lead, slot->story, &SLOT_LEAD);
    } else {
      append_slot(maker, &lists, slot);
    }
  }
  page_set_columns(maker->root, "seconds_grid", lists.seconds_count, 4);
  page_set_columns(maker->root, "briefs_grid", lists.briefs_count, 5);
  template_set_boolean(maker->root, "has_front", count > 0);
  template_set_boolean(maker->root, "is_text_lead", count > 0 && !leads_with_picture(front, lead));
  template_set_boolean(maker->root, "has_beside", lists.beside_count > 0);
  template_set_boolean(maker->root, "has_seconds", lists.seconds_count > 0);
  template_set_boolean(maker->root, "has_briefs", lists.briefs_count > 0);
}

static gboolean has_picture(const SectionBlock *block, guint index) {
  return page_picture_exists(((const Teaser *)block->stories->pdata[index])->hero);
}

static guint count_pictures(const SectionBlock *block, guint count) {
  guint pictures = 0;
  for (guint i = 0; i < count; i++) {
    pictures += has_picture(block, i);
  }
  return pictures;
}

// `pictured` counts the blocks so far that have one large picture: they alternate.
static BlockLayout choose_layout(const SectionBlock *block, guint position, guint *pictured) {
  guint count = block->stories->len;
  guint row = MIN(count, MOST_PICTURES);
  guint pictures = count_pictures(block, count);
  if (pictures == 0) {
    return count == MOST_PICTURES || (position % 2 == 0 && count > 2) ? BLOCK_COLUMNS : BLOCK_TEXT;
  }
  if (position % 3 == 0 && count > 2 && count_pictures(block, row) == row) {
    return BLOCK_COLUMNS;
  }
  return (*pictured)++ % 2 == 0 ? BLOCK_FEATURE : BLOCK_DIGEST;
}

// The newest that has a picture leads a block that is built around one.
static guint first_of(const SectionBlock *block, BlockLayout layout) {
  for (guint i = 0; i < block->stories->len && layout >= BLOCK_FEATURE; i++) {
    if (has_picture(block, i)) {
      return i;
    }
  }
  return 0;
}

static void append_block_stories(PageMaker *maker, TemplateValue *value, const SectionBlock *block,
                                 BlockLayout layout) {
  gboolean row = layout == BLOCK_COLUMNS;
  guint most = row && has_picture(block, 0) ? MOST_PICTURES : MOST_TEXTS;
  guint count = MIN(block->stories->len, most);
  guint first = first_of(block, layout);
  const PictureSlot *slot = row ? &SLOT_CARD : layout == BLOCK_FEATURE ? &SLOT_THUMB : NULL;
  TemplateValue *firsts = template_set_list(value, "first");
  TemplateValue *rest = template_set_list(value, "rest");
  page_append_teaser(maker, firsts, block->stories->pdata[first], row ? slot : &SLOT_WIDE);
  for (guint i = 0; i < count; i++) {
    if (i != first) {
      page_append_teaser(maker, rest, block->stories->pdata[i], slot);
    }
  }
  template_set_boolean(value, "has_rest", count > 1);
  template_set_integer(value, "count", count);
  template_set_integer(value, "rest_count", count - 1);
}

static void append_block(PageMaker *maker, TemplateValue *list, const SectionBlock *block,
                         BlockLayout layout) {
  const Section *section = block->section;
  TemplateValue *value = template_append_object(list);
  g_autofree char *path =
      address_listing((Listing){LISTING_SECTION, section->id}, section->slug, 1);
  g_autofree char *more = locale_fill(maker->locale, "more_from", "name", section->name);
  template_set_text(value, "name", section->name);
  template_set_text(value, "slug", section->slug);
  template_set_text(value, "path", path);
  template_set_text(value, "more", more);
  template_set_text(value, "layout", LAYOUT_NAMES[layout]);
  template_set_boolean(value, "is_row", layout == BLOCK_COLUMNS);
  append_block_stories(maker, value, block, layout);
}

// How many sections have something to show.
static guint set_blocks(PageMaker *maker, GPtrArray *blocks) {
  TemplateValue *list = template_set_list(maker->root, "blocks");
  guint position = 0;
  guint pictured = 0;
  for (guint i = 0; blocks != NULL && i < blocks->len; i++) {
    const SectionBlock *block = blocks->pdata[i];
    if (block->stories->len > 0) {
      append_block(maker, list, block, choose_layout(block, position++, &pictured));
    }
  }
  return position;
}

static const Image *lead_picture(const Front *front) {
  for (guint i = 0; front != NULL && i < front->slots->len; i++) {
    const FrontSlot *slot = front->slots->pdata[i];
    if (page_picture_exists(slot->story->hero)) {
      return slot->story->hero;
    }
  }
  return NULL;
}

gboolean page_front(const Press *press, const FrontPage *page, GString *out, GError **error) {
  PageMaker maker;
  page_begin(&maker, press, &page->context);
  page_set_head(&maker, &(PageHead){.image = lead_picture(page->front)});
  template_set_boolean(maker.root, "is_front", TRUE);
  page_set_front(&maker, page->front);
  page_set_teasers(&maker, maker.root, "latest", page->latest, NULL);
  template_set_boolean(maker.root, "has_latest", page->latest != NULL && page->latest->len > 0);
  guint blocks = set_blocks(&maker, page->blocks);
  gboolean empty = blocks == 0 && (page->front == NULL || page->front->slots->len == 0);
  template_set_boolean(maker.root, "is_empty", empty);
  g_autofree char *latest_path = address_listing((Listing){LISTING_ALL, 0}, NULL, 1);
  template_set_text(maker.root, "latest_path", latest_path);
  g_autofree char *data =
      structured_data_site(page->context.site, assets_address(press->assets, "icon-512.png"));
  template_set_markup(maker.root, "structured_data", slice_of(data));
  return page_end(&maker, "front", out, error);
}
