// SPDX-License-Identifier: Apache-2.0
//
// The front page, and the curated top that section pages share with it. Weight decides the
// place: one lead with two seconds beside it, the other seconds, the briefs as headlines; below
// them the sections, laid out in turn in three ways so that no two neighbours look alike.
#include "press/page_parts.h"

#include "model/address.h"
#include "press/structured_data.h"

#define BESIDE 2 // seconds that stand beside the lead

typedef struct BlockLayout {
  const char *name;
  const PictureSlot *first, *others;
  guint with_picture; // so many stories after the first show one
} BlockLayout;

static const BlockLayout LAYOUTS[] = {{"columns", &SLOT_CARD, &SLOT_CARD, 3},
                                      {"feature", &SLOT_WIDE, &SLOT_THUMB, 4},
                                      {"digest", &SLOT_SECOND, &SLOT_CARD, 0}};

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
  template_set_boolean(maker->root, "has_beside", lists.beside_count > 0);
  template_set_boolean(maker->root, "has_seconds", lists.seconds_count > 0);
  template_set_boolean(maker->root, "has_briefs", lists.briefs_count > 0);
}

static void append_block(PageMaker *maker, TemplateValue *list, const SectionBlock *block,
                         guint position) {
  const BlockLayout *layout = &LAYOUTS[position % G_N_ELEMENTS(LAYOUTS)];
  const Section *section = block->section;
  TemplateValue *value = template_append_object(list);
  g_autofree char *path =
      address_listing((Listing){LISTING_SECTION, section->id}, section->slug, 1);
  g_autofree char *more = locale_fill(maker->locale, "more_from", "name", section->name);
  template_set_text(value, "name", section->name);
  template_set_text(value, "slug", section->slug);
  template_set_text(value, "path", path);
  template_set_text(value, "more", more);
  template_set_text(value, "layout", layout->name);
  template_set_boolean(value, "is_feature", layout->first == &SLOT_WIDE);
  template_set_boolean(value, "is_large", layout->first != &SLOT_CARD);
  TemplateValue *first = template_set_list(value, "first");
  TemplateValue *rest = template_set_list(value, "rest");
  for (guint i = 0; i < block->stories->len; i++) {
    const PictureSlot *slot = i == 0                      ? layout->first
                              : i <= layout->with_picture ? layout->others
                                                          : NULL;
    page_append_teaser(maker, i == 0 ? first : rest, block->stories->pdata[i], slot);
  }
  page_set_columns(value, "grid", MIN(block->stories->len, 4), 4);
  template_set_boolean(value, "has_rest", block->stories->len > 1);
}

// How many sections have something to show.
static guint set_blocks(PageMaker *maker, GPtrArray *blocks) {
  TemplateValue *list = template_set_list(maker->root, "blocks");
  guint position = 0;
  for (guint i = 0; blocks != NULL && i < blocks->len; i++) {
    const SectionBlock *block = blocks->pdata[i];
    if (block->stories->len > 0) {
      append_block(maker, list, block, position++);
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
