// SPDX-License-Identifier: Apache-2.0
//
// Measures stories for the plan. Asks the galley for heights only; sets nothing. Called by
// edition_print() for each story, and again for what the front page leaves over.
#include "edition/page_story.h"

#include <string.h>

#include "edition/edition.h"

#define BRIEF_WORDS 95    // of a story that may stand among the briefs
#define DROP_CAP_LINES 45 // a body from which on a story begins with one
#define LEAST_PIXELS 60   // a picture's shorter side: below it shows nothing
#define LEAST_PPI 100     // coarser pictures are not printed so large
#define JUMP_ROWS 3
#define QUOTE_LINES 34 // a body from which on a quotation may be pulled out
#define QUOTE_LEAST 38 // letters
#define QUOTE_MOST 105

SetBlock *page_set_brief_standfirst(const PageKit *kit, const PageStory *story) {
  return galley_set_text(kit->typesetter, kit->look, LOOK_QUOTE, story->story->story->standfirst,
                         NULL, galley_language(story->galley), kit->theme->column, ROLE_STANDFIRST);
}

guint page_story_headline_size(const Look *look, gint level) {
  gint most = (gint)look->headline_count - 1;
  gint index = look->headline_count >= 9 ? 8 - level : most + 3 - level;
  return (guint)CLAMP(index, 0, most);
}

gint page_standfirst_columns(gint columns) {
  return MIN(columns, 4);
}

gint32 page_jump_rows(void) {
  return JUMP_ROWS;
}

CropRectangle page_picture_crop(const Image *image, gint32 width, gint32 height) {
  for (ImageAspect aspect = 0; aspect < ASPECT_COUNT; aspect++) {
    gint32 across, down;
    image_aspect_ratio(aspect, &across, &down);
    gint64 wanted = (gint64)width * down, has = (gint64)height * across;
    if (ABS(wanted - has) * 100 <= has) { // within 1 %
      return image_crop(image, aspect);
    }
  }
  CropRectangle crop = {0, 0, image->width, image->height};
  if ((gint64)image->width * height > (gint64)image->height * width) {
    crop.width = (gint32)MAX(1, (gint64)image->height * width / height);
  } else {
    crop.height = (gint32)MAX(1, (gint64)image->width * height / width);
  }
  gint64 x = (gint64)image->width * image->focal_x / 10000 - crop.width / 2;
  gint64 y = (gint64)image->height * image->focal_y / 10000 - crop.height / 2;
  crop.x = (gint32)CLAMP(x, 0, image->width - crop.width);
  crop.y = (gint32)CLAMP(y, 0, image->height - crop.height);
  return crop;
}

gint page_head_air(const PageKit *kit, PageStory *story, gint level, gint columns) {
  guint size = page_story_headline_size(kit->look, level);
  GalleyFit head =
      galley_fit_head(story->galley, GALLEY_HEADLINE, size, page_measure(kit->theme, columns));
  GalleyFit under = galley_fit_head(story->galley, GALLEY_STANDFIRST, 0,
                                    page_measure(kit->theme, page_standfirst_columns(columns)));
  return page_head_rows(kit, GALLEY_HEADLINE, size, head.baselines, head.lines) -
         (gint)head.baselines +
         page_head_rows(kit, GALLEY_STANDFIRST, 0, under.baselines, under.lines) -
         (gint)under.baselines;
}

// ---- tables -----------------------------------------------------------------------------------

static gint rows_of(const PageKit *kit, PageStory *story, GalleyPart part, gint columns) {
  gint32 measure = page_measure(kit->theme, columns);
  GalleyFit fit = galley_fit_head(story->galley, part, 0, measure);
  return page_head_rows(kit, part, 0, fit.baselines, fit.lines);
}

// A row more where the lines fill their rows to the last, so that what follows has air.
gint page_head_rows(const PageKit *kit, GalleyPart part, guint size, guint baselines, guint lines) {
  const Look *look = kit->look;
  if (baselines == 0 || part == GALLEY_BYLINE || part == GALLEY_BRIEF_HEADLINE) {
    return (gint)baselines;
  }
  if (part == GALLEY_KICKER) {
    return (gint)baselines + 1;
  }
  gint64 leading = part == GALLEY_HEADLINE
                       ? (gint64)look->headline_sizes[size] * look->headline_leading_permille / 1000
                       : look->texts[LOOK_STANDFIRST].leading;
  gint64 air = (gint64)baselines * look->baseline - (gint64)lines * leading;
  return (gint)baselines + (air * 100 < (gint64)look->baseline * 32 ? 1 : 0);
}

static void fill_heads(const PageKit *kit, PageStory *story) {
  LayoutBlock *block = &story->plan.whole;
  const PageTheme *theme = kit->theme;
  for (gint wide = 1; wide <= theme->columns; wide++) {
    gint around = rows_of(kit, story, GALLEY_KICKER, wide) +
                  rows_of(kit, story, GALLEY_STANDFIRST, page_standfirst_columns(wide));
    for (gint level = 0; level < LAYOUT_LEVELS; level++) {
      guint size = page_story_headline_size(kit->look, level);
      gboolean last = level == LAYOUT_LEVELS - 1;
      if (!last &&
          kit->look->headline_sizes[size] * (wide == 1 ? 5 : 4) > page_measure(theme, wide)) {
        continue; // four or five letters a line
      }
      GalleyFit fit =
          galley_fit_head(story->galley, GALLEY_HEADLINE, size, page_measure(theme, wide));
      gint rows = page_head_rows(kit, GALLEY_HEADLINE, size, fit.baselines, fit.lines) + around;
      gboolean lone = fit.lines > 1 && fit.last_permille < 200; // a word below the others
      if (!last && (fit.breaks_word || lone || rows * 2 > theme->rows)) {
        continue;
      }
      gboolean orphan = fit.lines > 1 && fit.last_permille < 250;
      block->head[level][wide] = (gint16)MIN(MAX(rows, 1), theme->rows - theme->head_rows - 8);
      block->lines[level][wide] = (gint16)MIN(fit.lines + (orphan ? 1 : 0), 100);
    }
  }
}

static gint caption_rows(const PageKit *kit, const PageStory *story, gint columns) {
  g_autoptr(SetBlock) block =
      galley_set_caption(kit->typesetter, kit->look, story->caption, story->credit,
                         galley_language(story->galley), page_measure(kit->theme, columns));
  return block != NULL ? block->baselines : 0;
}

static void fill_pictures(const PageKit *kit, PageStory *story) {
  const Image *image = story->picture;
  LayoutBlock *block = &story->plan.whole;
  if (image == NULL) {
    return;
  }
  for (gint wide = 1; wide <= kit->theme->columns; wide++) {
    gint64 width = page_measure(kit->theme, wide);
    gint64 natural = width * image->height / image->width;
    gint64 best = CLAMP(natural, width * 52 / 100, width * 125 / 100);
    gint64 least = MAX(best * 78 / 100, width * 45 / 100), most = best * 128 / 100;
    gboolean coarse = image->width * 72000 / width < LEAST_PPI && wide > 1;
    gint rows = (gint)((best + kit->look->baseline / 2) / kit->look->baseline);
    gint most_rows = (gint)(most / kit->look->baseline);
    gint tallest = kit->theme->rows * (kit->theme->columns == 1 ? 60 : 42) / 100;
    if (coarse || rows < 4 || least / kit->look->baseline > tallest) {
      continue;
    }
    block->picture_best[wide] = (gint16)rows;
    block->picture_least[wide] = (gint16)MAX(4, least / kit->look->baseline);
    block->picture_most[wide] = (gint16)MIN(most_rows, tallest);
    block->picture_best[wide] = MIN(block->picture_best[wide], block->picture_most[wide]);
    block->caption[wide] = (gint16)caption_rows(kit, story, wide);
  }
}

static void fill_rest(const PageKit *kit, PageStory *story) {
  LayoutBlock *rest = &story->plan.rest;
  *rest = (LayoutBlock){.id = story->plan.whole.id,
                        .kind = BLOCK_CONTINUATION,
                        .section = story->plan.whole.section,
                        .weight = 2};
  for (gint wide = 1; wide <= kit->theme->columns; wide++) {
    rest->head[LAYOUT_LEVELS - 1][wide] = JUMP_ROWS;
    rest->lines[LAYOUT_LEVELS - 1][wide] = 1;
  }
}

static gint32 section_of(const EditionContent *content, const Story *story) {
  for (guint i = 0; story->section != NULL && i < content->site->sections->len; i++) {
    const Section *section = content->site->sections->pdata[i];
    if (section->id == story->section->id) {
      return (gint32)i;
    }
  }
  return (gint32)content->site->sections->len;
}

static const Image *usable_picture(const PageKit *kit, const Story *story, GHashTable *unusable) {
  const Image *image = story->hero;
  gboolean can = image != NULL && image->hash != NULL && kit->pictures &&
                 MIN(image->width, image->height) >= LEAST_PIXELS &&
                 g_hash_table_add(unusable, image->hash); // a newspaper shows no picture twice
  return can ? image : NULL;
}

gint32 page_story_rest(const PageKit *kit, PageStory *story) {
  gboolean begins = story->next.block == 0 && story->next.offset == 0;
  return (gint32)galley_body_extent(story->galley, story->next, kit->theme->column,
                                    begins && story->drop_cap)
      .natural;
}

// ---- the pull quote ---------------------------------------------------------------------------

// What stands between “ and ” of the text, if it is of a length that can stand alone.
static char *quotation(const char *text) {
  for (const char *at = text; (at = strstr(at, "“")) != NULL;) {
    const char *begin = at + strlen("“"), *end = strstr(begin, "”");
    if (end == NULL) {
      return NULL;
    }
    glong letters = g_utf8_strlen(begin, end - begin);
    gboolean whole = end > begin && strchr(".!?,", end[-1]) != NULL &&
                     memchr(begin, '\n', (gsize)(end - begin)) == NULL;
    gboolean plain = memchr(begin, '*', (gsize)(end - begin)) == NULL &&
                     memchr(begin, '[', (gsize)(end - begin)) == NULL;
    if (letters >= QUOTE_LEAST && letters <= QUOTE_MOST && whole && plain) {
      gsize length = (gsize)(end - begin) - (end[-1] == ',' ? 1 : 0);
      return g_strdup_printf("“%.*s”", (int)length, begin);
    }
    at = end;
  }
  return NULL;
}

static void find_quote(const PageKit *kit, PageStory *story) {
  const char *body = story->story->story->body;
  if (story->plan.whole.body < QUOTE_LINES || strstr(body, "pullquote") != NULL) {
    return;
  }
  story->quote = quotation(body);
  g_autoptr(SetBlock) block =
      galley_set_text(kit->typesetter, kit->look, LOOK_PULL_QUOTE, story->quote, NULL,
                      galley_language(story->galley), kit->theme->column, ROLE_PULL_QUOTE);
  story->plan.whole.quote = block != NULL ? block->baselines + PAGE_QUOTE_AIR : 0;
}

PageStory *page_story_new(const PageKit *kit, guint index, GHashTable *unusable, GError **error) {
  g_autoptr(PageStory) made = g_new0(PageStory, 1);
  made->story = kit->content->stories->pdata[index];
  made->pieces = g_array_new(FALSE, FALSE, sizeof(StoryPiece));
  const Story *story = made->story->story;
  made->galley = galley_new(kit->typesetter, kit->look, story, kit->content->site->language, error);
  if (made->galley == NULL) {
    return NULL;
  }
  made->picture = usable_picture(kit, story, unusable);
  if (made->picture != NULL) {
    made->caption = *story->hero_caption != '\0' ? story->hero_caption : made->picture->caption;
    made->credit = *story->hero_credit != '\0' ? story->hero_credit : made->picture->credit;
  }
  LayoutBlock *block = &made->plan.whole;
  block->id = index;
  block->kind = BLOCK_STORY;
  block->section = section_of(kit->content, story);
  gint32 lines = page_story_rest(kit, made);
  made->drop_cap = kit->look->drop_cap_lines > 0 && lines >= DROP_CAP_LINES;
  gint byline = rows_of(kit, made, GALLEY_BYLINE, 1);
  block->body = (made->drop_cap ? page_story_rest(kit, made) : lines) + byline;
  gboolean small = made->story->weight == WEIGHT_BRIEF;
  guint words = galley_word_count(made->galley);
  block->weight = made->story->weight == WEIGHT_LEAD ? 0 : small && words < 160 ? 2 : 1;
  find_quote(kit, made);
  fill_heads(kit, made);
  fill_pictures(kit, made);
  fill_rest(kit, made);
  made->plan.on_front = made->story->on_front;
  made->plan.pin_page = made->story->pin_page;
  made->plan.pin_place = made->story->pin_place;
  if (small && words <= BRIEF_WORDS && made->picture == NULL) {
    gint head = rows_of(kit, made, GALLEY_BRIEF_HEADLINE, 1);
    g_autoptr(SetBlock) standfirst = page_set_brief_standfirst(kit, made);
    made->plan.brief_lines = lines + head + (standfirst != NULL ? standfirst->baselines : 0) + 2;
  }
  return g_steal_pointer(&made);
}

void page_story_free(PageStory *story) {
  if (story == NULL) {
    return;
  }
  galley_free(story->galley);
  g_free(story->quote);
  g_clear_pointer(&story->pieces, g_array_unref);
  g_free(story);
}
