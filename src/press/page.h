// SPDX-License-Identifier: Apache-2.0
//
// The newspaper's web pages: models in, HTML out, by the theme's Mustache templates. Every page
// kind is a struct that the site_* handlers fill and one function here. Nothing here reads a
// clock, a store or the network. A Press is immutable: any thread.
#pragma once

#include "model/site.h"
#include "press/locale.h"
#include "press/template.h"

typedef struct Press Press;

// `theme_folder` NULL: the theme embedded in the binary. A folder's files replace the embedded
// ones of the same name (templates site/*.mustache, locales, assets). Errors name file and line.
Press *press_new(const char *theme_folder, GError **error);
void press_free(Press *press);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Press, press_free)

// Style sheet, fonts, icons: served at /assets/<hash>/<name> for ever. NULL if there is none.
// `path` is all after "/assets/"; a wrong hash is NULL too. The bytes belong to the press.
GBytes *press_asset(const Press *press, const char *path, const char **ret_media_type);
char *press_asset_address(const Press *press,
                          const char *name); // "/assets/<hash>/site.css"; caller frees

const char *press_text(const Press *press,
                       const char *file); // "policy/terms.md"; NULL: none; borrowed

// A word of the interface in a language, e.g. "corrections" in "de-AT": as locale_word. Borrowed.
const char *press_word(const Press *press, const char *language, const char *key);
const Locale *press_locale(const Press *press, const char *language); // borrowed

typedef struct PageContext {
  const Site *site;
  gint64 now;
  const char *path; // this page's canonical path, with query where it counts
} PageContext;

typedef struct SectionBlock { // on the front page: the newest of a section
  const Section *section;
  GPtrArray *stories; // Teaser *
} SectionBlock;

typedef struct FrontPage {
  PageContext context;
  const Front *front;
  GPtrArray *blocks; // SectionBlock *; no story that stands in `front` or in an earlier block
  GPtrArray *latest; // Teaser *: a short list of the very newest, may repeat
} FrontPage;
gboolean page_front(const Press *press, const FrontPage *page, GString *out, GError **error);

typedef struct ListingPage {
  PageContext context;
  Listing listing;
  const Section *section; // one of these three as listing.kind says; all NULL for LISTING_ALL
  const Topic *topic;
  const Author *author;
  const Front *front; // section pages' first page: curated slots; else NULL
  GPtrArray *stories; // Teaser *, without those in `front`
  guint page, page_count;
  gint64 total;
} ListingPage;
gboolean page_listing(const Press *press, const ListingPage *page, GString *out, GError **error);

typedef struct StoryPage {
  PageContext context;
  const Story *story;
  GPtrArray *related; // Teaser *
  const char
      *structured_data; // JSON-LD text, already safe inside <script>; from press/structured_data
  gboolean printable;   // ?print=1: the plain page for paper
} StoryPage;
gboolean page_story(const Press *press, const StoryPage *page, GString *out, GError **error);

typedef struct SearchPage {
  PageContext context;
  const char *words; // as typed; "" shows the empty form
  GPtrArray *stories;
  guint page, page_count;
  gint64 total;
} SearchPage;
gboolean page_search(const Press *press, const SearchPage *page, GString *out, GError **error);

typedef struct CorrectionsPage {
  PageContext context;
  GPtrArray *corrections; // Correction *
  GPtrArray *stories;     // Teaser *, of each
  guint page, page_count;
} CorrectionsPage;
gboolean page_corrections(const Press *press, const CorrectionsPage *page, GString *out,
                          GError **error);

// /archive (years and months with counts), /archive/2026/11 (days), /archive/2026/11/23 (stories)
typedef struct ArchivePage {
  PageContext context;
  gint32 year, month, day; // 0: not that deep
  const GArray
      *days; // DayCount-shaped {gint32 day; gint64 stories}, newest first; model/story.h: DayCount
  GPtrArray *stories; // Teaser *, on a day's page
  guint page, page_count;
} ArchivePage;
gboolean page_archive(const Press *press, const ArchivePage *page, GString *out, GError **error);

typedef struct MessagePage { // 400, 404, 410, 413, 429, 500, 503 …
  PageContext context;
  guint status;
  GPtrArray *suggestions; // Teaser *, may be NULL
} MessagePage;
gboolean page_message(const Press *press, const MessagePage *page, GString *out, GError **error);
