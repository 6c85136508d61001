// SPDX-License-Identifier: Apache-2.0
//
// What all pages are made of: the frame (head, masthead, navigation, footer), teasers,
// pictures, times, the pager. For press/page_* only. The names that templates see are set
// here and in page_*.c; docs for theme makers follow them.
#pragma once

#include "press/press.h"

// One page in the making: begin, fill `root`, end.
typedef struct PageMaker {
  const Press *press;
  const PageContext *context;
  const Site *site;
  const Locale *locale;
  TemplateArena *arena;
  TemplateValue *root;
  GString *scratch; // for text in the making; each user empties it first
  gint32 today;     // 20261123 in the site's zone
} PageMaker;

typedef struct PageHead {
  const char *title;       // NULL: the paper's name and tagline
  const char *description; // "" or NULL: the paper's
  const char *share_title,
      *share_description;  // for networks and messengers; "" or NULL: the two above
  const char *path;        // canonical; NULL: context->path
  const char *kind;        // Open Graph's type; NULL: "website"
  const Image *image;      // for Open Graph; may be NULL
  const Listing *feeds;    // NULL: the front page's feeds
  gboolean is_corrections; // the corrections' feeds instead
  const char *feed_slug;
  gboolean unlisted;      // search engines should not keep it
  const Section *section; // the one to mark in the navigation
} PageHead;

// In this order: begin, head, the page's own parts, end.
void page_begin(PageMaker *maker, const Press *press, const PageContext *context);
void page_set_head(PageMaker *maker, const PageHead *head);
// Renders and frees what page_begin made. After an error `out` is as it was.
void page_discard(PageMaker *maker); // instead of page_end, when the page can't be made
gboolean page_end(PageMaker *maker, const char *template_name, GString *out, GError **error);

// Empties the scratch and gives it.
GString *page_scratch(PageMaker *maker);
void page_set_number(PageMaker *maker, TemplateValue *object, const char *name, gint64 number);
void page_set_count(PageMaker *maker, TemplateValue *object, const char *name, const char *key,
                    gint64 number);
// {iso, text}: the clock today, the day this year, else the short date. 0 sets false.
void page_set_moment(PageMaker *maker, TemplateValue *object, const char *name, gint64 instant);
// {iso, text}: date, time and zone. 0 sets false.
void page_set_moment_full(PageMaker *maker, TemplateValue *object, const char *name,
                          gint64 instant);
// lang and dir, when they differ from the paper's; else "".
void page_set_language(PageMaker *maker, TemplateValue *object, const char *language);

// ---- pictures (page_picture.c) ---------------------------------------------------------------
typedef struct PictureSlot {
  ImageAspect aspect;
  gint32 smallest, usual, largest; // widths offered: from, for browsers that can't choose, to
  gboolean eager;                  // loaded first
} PictureSlot;
extern const PictureSlot SLOT_LEAD, SLOT_SECOND, SLOT_WIDE, SLOT_CARD, SLOT_THUMB, SLOT_HERO,
    SLOT_INLINE, SLOT_PORTRAIT;

// {src, srcset, width, height, alt, eager}; false if there is no picture to be had.
void page_set_picture(PageMaker *maker, TemplateValue *object, const char *name, const Image *image,
                      const PictureSlot *slot);
gboolean page_picture_exists(const Image *image);
// The same as an <img> element. `sizes` goes into its sizes attribute; `alt` NULL or "": the
// image's own.
void page_write_picture(GString *out, const Image *image, const PictureSlot *slot,
                        const char *sizes, const char *alt);

// ---- teasers (page_teaser.c) -----------------------------------------------------------------
TemplateValue *page_append_teaser(PageMaker *maker, TemplateValue *list, const Teaser *teaser,
                                  const PictureSlot *slot);
void page_set_teasers(PageMaker *maker, TemplateValue *object, const char *name, GPtrArray *teasers,
                      const PictureSlot *slot);
// The headline's size class, by its length: "xs", "s", "m", "l"; a word longer than 30 letters:
// "xs".
const char *page_headline_size(const char *headline);

// {columns, fill}: how many columns, at most `most`, leave the fewest cells of a grid empty, and
// how many stay empty; the theme lets the first stories span them.
void page_set_columns(TemplateValue *object, const char *name, guint count, guint most);
// lead (a list of none or one), beside (the first two seconds), seconds, briefs; has_front. A front
// without a lead promotes its first.
void page_set_front(PageMaker *maker, const Front *front); // page_front.c; NULL: none

// ---- the pager (page_pager.c) ----------------------------------------------------------------
// pager: {previous, next, pages: [{number, path, current, gap}], summary}; false for a single page.
// `base` is page 1's path; other pages add page=N to its query. Also sets the head's prev_path and
// next_path.
void page_set_pager(PageMaker *maker, const char *base, guint page, guint page_count);
char *page_path_of(const char *base, guint page); // caller frees
