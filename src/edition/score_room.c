// SPDX-License-Identifier: Apache-2.0
//
// Measures where things lie on a PDF's page (score.h): how much of the type area is used, its
// largest hole, what lies over something else or outside of the page, and the pictures.
#include <stdlib.h>
#include <string.h>

#include "base/slice.h"
#include "edition/score_parts.h"

#define POINT 1000
#define DOT (5 * POINT)      // side of a raster dot
#define TOUCH (POINT)        // two things may share so much
#define HAIRLINE (3 * POINT) // what is thinner is a rule, not an area
#define UP_PERMILLE 660      // of the size: how far letters go above the baseline …
#define DOWN_PERMILLE 120    // … and below it, both with less than they may need
#define LEAST_PPI 150
#define MOST_PPI 340       // 300, and up to the next width of the ladder
#define ASPECT_PERMILLE 20 // that a picture's shape may be off

// ---- fill and holes ---------------------------------------------------------------------------

typedef struct Raster {
  gint across, down;
  gint32 left, top;
  guint8 *dots; // 1: something is there
} Raster;

static void mark(Raster *raster, gint32 x, gint32 y, gint32 width, gint32 height, gint32 reach) {
  gint x0 = (x - raster->left - reach) / DOT, x1 = (x - raster->left + width + reach) / DOT;
  gint y0 = (y - raster->top - reach) / DOT, y1 = (y - raster->top + height + reach) / DOT;
  for (gint row = MAX(y0, 0); row <= MIN(y1, raster->down - 1); row++) {
    for (gint at = MAX(x0, 0); at <= MIN(x1, raster->across - 1); at++) {
      raster->dots[row * raster->across + at] = 1;
    }
  }
}

// Dots of the largest rectangle without a mark: the largest rectangle below a histogram, row by
// row.
static gint largest_hole(const Raster *raster) {
  g_autofree gint *high = g_new0(gint, (gsize)raster->across + 1);
  gint largest = 0;
  for (gint row = 0; row < raster->down; row++) {
    for (gint at = 0; at < raster->across; at++) {
      high[at] = raster->dots[row * raster->across + at] != 0 ? 0 : high[at] + 1;
    }
    for (gint at = 0; at < raster->across; at++) {
      gint least = high[at];
      for (gint to = at; to < raster->across && least > 0; to++) {
        least = MIN(least, high[to]);
        largest = MAX(largest, least * (to - at + 1));
      }
    }
  }
  return largest;
}

// What a block's lines cover, column by column: short lines are filled up to the longest.
static void mark_lines(const ScoreKit *kit, guint page, Raster *raster) {
  gint32 reach = kit->theme->baseline; // the air around things is theirs
  for (guint i = 0; i < kit->lines->len;) {
    const ScoreLine *line = &g_array_index(kit->lines, ScoreLine, i);
    gint32 left = line->left;
    gint32 right = line->right;
    gint32 top = line->baseline - line->size;
    gint32 bottom = line->baseline;
    guint end = i + 1;
    for (; end < kit->lines->len; end++) {
      const ScoreLine *next = &g_array_index(kit->lines, ScoreLine, end);
      if (next->block != line->block || next->page != line->page || next->baseline <= bottom ||
          next->baseline > bottom + 4 * reach) {
        break;
      }
      left = MIN(left, next->left);
      right = MAX(right, next->right);
      bottom = next->baseline;
    }
    if (line->page == page) {
      mark(raster, left, top, right - left, bottom - top, reach);
    }
    i = end;
  }
}

static void score_fill(const ScoreKit *kit, guint number, PageScore *score) {
  const PageTheme *theme = kit->theme;
  const ScanPage *page = kit->scan->pages->pdata[number];
  gint32 width = page_measure(theme, theme->columns), height = theme->rows * theme->baseline;
  Raster raster = {width / DOT, height / DOT, theme->left, theme->top, NULL};
  g_autofree guint8 *dots = g_new0(guint8, (gsize)raster.across * (gsize)raster.down);
  raster.dots = dots;
  mark_lines(kit, number, &raster);
  for (guint i = 0; i < page->areas->len; i++) {
    const ScanArea *area = &g_array_index(page->areas, ScanArea, i);
    gboolean thin = area->pixels_across == 0 && MIN(area->width, area->height) < HAIRLINE;
    if (!thin && area->color != 0xffffff) {
      mark(&raster, area->x, area->y, area->width, area->height, theme->baseline);
    }
  }
  for (guint i = 0; i < page->links->len; i++) { // a headline's room is its own
    const ScanLink *link = &g_array_index(page->links, ScanLink, i);
    const ScanElement *element = pdf_scan_element(kit->scan, link->element);
    const ScanElement *parent =
        element != NULL ? pdf_scan_element(kit->scan, element->parent) : NULL;
    if (parent != NULL && parent->tag[0] == 'H') {
      mark(&raster, link->x, link->y, link->width, link->height, theme->baseline);
    }
  }
  gint64 all = (gint64)raster.across * raster.down, filled = 0;
  for (gint64 i = 0; i < all; i++) {
    filled += dots[i];
  }
  score->fill_permille = (gint32)(filled * 1000 / MAX(all, 1));
  score->hole_permille = (gint32)((gint64)largest_hole(&raster) * 1000 / MAX(all, 1));
}

// ---- one over the other -----------------------------------------------------------------------

typedef struct Place {
  gint32 left, right, top, bottom;
  gboolean picture, furniture;
} Place;

static int compare_places(gconstpointer a, gconstpointer b) {
  const Place *one = a, *two = b;
  return one->top < two->top ? -1 : one->top > two->top ? 1 : 0;
}

static GArray *places_of(const ScoreKit *kit, guint number) {
  const ScanPage *page = kit->scan->pages->pdata[number];
  GArray *places = g_array_new(FALSE, FALSE, sizeof(Place));
  for (guint i = 0; i < kit->lines->len; i++) {
    const ScoreLine *line = &g_array_index(kit->lines, ScoreLine, i);
    if (line->page == number && line->right > line->left) {
      gint64 size = line->size;
      Place place = {line->left,
                     line->right,
                     (gint32)(line->baseline - size * UP_PERMILLE / 1000),
                     (gint32)(line->baseline + size * DOWN_PERMILLE / 1000),
                     FALSE,
                     line->article == SCORE_NONE};
      g_array_append_val(places, place);
    }
  }
  for (guint i = 0; i < page->areas->len; i++) {
    const ScanArea *area = &g_array_index(page->areas, ScanArea, i);
    if (area->pixels_across > 0) {
      Place place = {area->x, area->x + area->width, area->y, area->y + area->height,
                     TRUE,    area->content < 0};
      g_array_append_val(places, place);
    }
  }
  g_array_sort(places, compare_places);
  return places;
}

static gboolean is_inside(const ScoreKit *kit, const ScanPage *page, const Place *place) {
  if (place->furniture) { // furniture has the page, all else the type area
    return place->left >= 0 && place->top >= 0 && place->right <= page->width &&
           place->bottom <= page->height;
  }
  const PageTheme *theme = kit->theme;
  gint32 hang = theme->baseline; // punctuation may hang into the margin
  gint32 right = theme->left + page_measure(theme, theme->columns);
  gint32 foot = theme->top + theme->rows * theme->baseline;
  return place->left >= theme->left - hang && place->right <= right + hang &&
         place->top >= theme->top - hang && place->bottom <= foot + hang;
}

static void score_overlaps(const ScoreKit *kit, guint number, PageScore *score) {
  const ScanPage *page = kit->scan->pages->pdata[number];
  g_autoptr(GArray) places = places_of(kit, number);
  for (guint i = 0; i < places->len; i++) {
    const Place *one = &g_array_index(places, Place, i);
    score->outside += is_inside(kit, page, one) ? 0 : 1;
    for (guint j = i + 1; j < places->len; j++) {
      const Place *two = &g_array_index(places, Place, j);
      if (two->top >= one->bottom - TOUCH) {
        break;
      }
      gint32 shared = MIN(one->right, two->right) - MAX(one->left, two->left);
      gint32 deep = MIN(one->bottom, two->bottom) - MAX(one->top, two->top);
      score->overlaps += shared > TOUCH && deep > TOUCH ? 1 : 0;
    }
  }
}

void score_room(const ScoreKit *kit, guint page, PageScore *score) {
  score_fill(kit, page, score);
  score_overlaps(kit, page, score);
  score->damage = ((const ScanPage *)kit->scan->pages->pdata[page])->faults;
  const GArray *links = ((const ScanPage *)kit->scan->pages->pdata[page])->links;
  for (guint i = 0; i < links->len; i++) {
    const ScanLink *link = &g_array_index(links, ScanLink, i);
    score->damage += link->resolves && link->element != SCORE_NONE ? 0 : 1;
  }
}

// ---- pictures ---------------------------------------------------------------------------------

typedef struct Subject { // what the PDF says of a picture
  char *hash;
  CropRectangle crop;
} Subject;

static gboolean read_subject(const char *words, Subject *ret_subject) {
  g_auto(GStrv) parts = g_strsplit(words, ";", -1);
  gboolean found = FALSE;
  for (guint i = 0; parts[i] != NULL; i++) {
    if (g_str_has_prefix(parts[i], "Original=") && ret_subject->hash == NULL) {
      ret_subject->hash = g_strdup(parts[i] + strlen("Original="));
    } else if (g_str_has_prefix(parts[i], "Crop=")) {
      found = image_crop_parse(slice_of(parts[i] + strlen("Crop=")), &ret_subject->crop);
    }
  }
  return found && ret_subject->hash != NULL;
}

static const Image *find_image(const ScoreKit *kit, const char *hash) {
  for (guint i = 0; i < kit->content->stories->len; i++) {
    const Story *story = ((const EditionStory *)kit->content->stories->pdata[i])->story;
    if (story->hero != NULL && g_strcmp0(story->hero->hash, hash) == 0) {
      return story->hero;
    }
    for (guint j = 0; j < story->images->len; j++) {
      const Image *image = story->images->pdata[j];
      if (g_strcmp0(image->hash, hash) == 0) {
        return image;
      }
    }
  }
  return NULL;
}

static gboolean is_off(gint64 across, gint64 down, gint64 other_across, gint64 other_down) {
  gint64 one = across * other_down;
  gint64 two = other_across * down;
  // A pixel more or less is rounding, whatever the shape.
  gint64 slack = MAX(one * ASPECT_PERMILLE / 1000, MAX(other_down, other_across) * 2);
  return ABS(one - two) > slack;
}

static gboolean is_cut_well(const Image *image, const CropRectangle *crop) {
  gint64 x = (gint64)image->width * image->focal_x / 10000;
  gint64 y = (gint64)image->height * image->focal_y / 10000;
  return x >= crop->x && x <= crop->x + crop->width && y >= crop->y &&
         y <= crop->y + crop->height && image_crop_is_inside(image, *crop);
}

static void score_picture(const ScoreKit *kit, const ScanPage *page, const ScanArea *area,
                          PageScore *score) {
  guint owner = area->content >= 0 && (guint)area->content < page->owners->len
                    ? g_array_index(page->owners, guint, area->content)
                    : SCORE_NONE;
  const ScanElement *figure = pdf_scan_element(kit->scan, owner);
  Subject subject = {NULL, {0}};
  const CropRectangle *crop = &subject.crop;
  gboolean known =
      figure != NULL && figure->alt[0] != '\0' && read_subject(figure->subject, &subject);
  const Image *image = known ? find_image(kit, subject.hash) : NULL;
  gint64 ppi = (gint64)area->pixels_across * 72000 / MAX(area->width, 1);
  gboolean coarse = ppi < LEAST_PPI && area->pixels_across < crop->width;
  gboolean good =
      image != NULL && is_cut_well(image, crop) && !coarse && ppi <= MOST_PPI &&
      !is_off(area->pixels_across, area->pixels_down, crop->width, crop->height) &&
      !is_off(area->width, area->height, area->pixels_across * 1000LL, area->pixels_down * 1000LL);
  score->pictures++;
  score->crop_faults += good ? 0 : 1;
  g_free(subject.hash);
}

void score_pictures(const ScoreKit *kit, guint number, PageScore *score) {
  const ScanPage *page = kit->scan->pages->pdata[number];
  for (guint i = 0; i < page->areas->len; i++) {
    const ScanArea *area = &g_array_index(page->areas, ScanArea, i);
    if (area->pixels_across > 0) {
      score_picture(kit, page, area, score);
    }
  }
}
