// SPDX-License-Identifier: Apache-2.0
//
// Implements page_cover.h. What it says of a story (headline, standfirst, picture) is furniture:
// the story itself stands whole on the pages after it. Called by edition_print().
#include "edition/page_cover.h"

#define BIGGEST_LEVEL 4    // of the lead's headline
#define TITLE_ROWS 2       // "Inside"
#define PICTURE_PERCENT 42 // of the page's rows, at most
#define CONTENTS_SHEETS 12 // at most

// A story's line in the list; rows tell how high it is, with the air below.
typedef struct Line {
  SetBlock *head, *text;
  gint rows;
} Line;

gboolean page_has_cover(const PageKit *kit, const GPtrArray *stories) {
  return kit->theme->columns == 1 && kit->theme->masthead_rows > 0 && stories->len > 0;
}

static gint rows_of(const SetBlock *block) {
  return block != NULL ? block->baselines : 0;
}

static SetBlock *set(const PageKit *kit, LookText look, const char *words, const char *language) {
  return galley_set_text(kit->typesetter, kit->look, look, words, NULL, language,
                         kit->theme->column, ROLE_NOTE);
}

static Line set_line(const PageKit *kit, const PageStory *story) {
  guint at = story->pieces->len > 0 ? g_array_index(story->pieces, StoryPiece, 0).page : 0;
  g_autofree char *number = g_strdup_printf("%u", at + 1);
  g_autofree char *page = locale_fill(kit->locale, "page_number", "number", number);
  const char *section = page_section_name(kit, story->plan.whole.section);
  g_autofree char *head =
      *section != '\0' ? g_strdup_printf("%s  ·  %s", section, page) : g_strdup(page);
  Line line = {.head = set(kit, LOOK_CONTENTS_TITLE, head, kit->content->site->language),
               .text = set(kit, LOOK_BOX_TITLE, story->story->story->headline,
                           galley_language(story->galley))};
  line.rows = rows_of(line.head) + rows_of(line.text) + 1;
  return line;
}

static gint line_rows(const PageKit *kit, const PageStory *story) {
  Line line = set_line(kit, story);
  g_clear_pointer(&line.head, set_block_free);
  g_clear_pointer(&line.text, set_block_free);
  return line.rows;
}

static void put_link(Sheet *sheet, SetBlock *block, gint32 y, const PageKit *kit,
                     const PageStory *story, gint32 box) {
  Placement *put = sheet_put(sheet, block, page_x(kit->theme, 0), y, PLAN_NONE);
  if (put != NULL && story->pieces->len > 0) {
    const StoryPiece *piece = &g_array_index(story->pieces, StoryPiece, 0);
    put->target = (gint32)piece->page;
    put->target_y = piece->y;
    put->box = box;
  }
}

// The stories from `from` on that fit between two rows, as links. The first that does not fit.
static guint put_list(const PageKit *kit, Sheet *sheet, const GPtrArray *stories, guint from,
                      gint row, gint foot) {
  gint32 box = ++sheet->boxes_of_furniture;
  guint next = from;
  for (; next < stories->len; next++) {
    const PageStory *story = stories->pdata[next];
    Line line = set_line(kit, story);
    if (row + line.rows > foot + 1) {
      g_clear_pointer(&line.head, set_block_free);
      g_clear_pointer(&line.text, set_block_free);
      break;
    }
    gint32 below = page_y(kit->theme, row + rows_of(line.head));
    put_link(sheet, line.head, page_y(kit->theme, row), kit, story, box);
    put_link(sheet, line.text, below, kit, story, box);
    row += line.rows;
  }
  return next;
}

// ---- the cover --------------------------------------------------------------------------------

typedef struct Lead { // what the cover shows of the first story, in rows
  gint picture, kicker, headline, standfirst;
  guint size; // of the headline
} Lead;

static gint part_rows(const PageKit *kit, const PageStory *lead, GalleyPart part, guint size) {
  GalleyFit fit = galley_fit_head(lead->galley, part, size, kit->theme->column);
  return page_head_rows(kit, part, size, fit.baselines, fit.lines);
}

// The largest headline that leaves room for the standfirst; without it if there is none.
static Lead measure_lead(const PageKit *kit, const PageStory *lead) {
  gint room = kit->theme->rows - page_masthead_rows(kit);
  gint most = kit->theme->rows * PICTURE_PERCENT / 100;
  Lead rows = {.kicker = part_rows(kit, lead, GALLEY_KICKER, 0),
               .standfirst = part_rows(kit, lead, GALLEY_STANDFIRST, 0)};
  if (lead->picture != NULL) {
    rows.picture = MIN(lead->plan.whole.picture_best[1], most);
  }
  for (guint keep = 0; keep < 2; keep++) {
    gint left = room - rows.picture - rows.kicker - (keep == 0 ? rows.standfirst : 0);
    for (gint level = BIGGEST_LEVEL; level < LAYOUT_LEVELS; level++) {
      rows.size = page_story_headline_size(kit->look, level);
      rows.headline = part_rows(kit, lead, GALLEY_HEADLINE, rows.size);
      gboolean broken =
          galley_fit_head(lead->galley, GALLEY_HEADLINE, rows.size, kit->theme->column).breaks_word;
      if (rows.headline <= left && (!broken || level + 1 == LAYOUT_LEVELS)) {
        rows.standfirst = keep == 0 ? rows.standfirst : 0;
        return rows;
      }
    }
  }
  return (Lead){.picture = rows.picture}; // a headline as high as the page: it stands inside
}

static gint put_picture(const PageKit *kit, Sheet *sheet, const PageStory *lead, gint rows,
                        gint row) {
  if (rows == 0) {
    return row;
  }
  const PageTheme *theme = kit->theme;
  SetPicture picture = {.image = lead->picture,
                        .x = page_x(theme, 0),
                        .y = page_y(theme, row),
                        .width = theme->column,
                        .height = rows * theme->baseline - theme->baseline / 2};
  picture.crop = page_picture_crop(picture.image, picture.width, picture.height);
  sheet_put_picture(sheet, &picture, galley_language(lead->galley), PLAN_NONE);
  return row + rows;
}

static gint put_part(const PageKit *kit, Sheet *sheet, const PageStory *lead, GalleyPart part,
                     guint size, gint rows, gint row) {
  SetBlock *block = rows > 0 ? galley_set_head(lead->galley, part, size, kit->theme->column) : NULL;
  if (block != NULL) {
    block->role = ROLE_NOTE;
    put_link(sheet, block, page_y(kit->theme, row), kit, lead, ++sheet->boxes_of_furniture);
  }
  return row + rows;
}

static gint list_row(const PageKit *kit, const Lead *lead) { // where the list below it begins
  return page_masthead_rows(kit) + lead->picture + lead->kicker + lead->headline +
         lead->standfirst + 1;
}

static void put_lead(const PageKit *kit, Sheet *sheet, const PageStory *story, const Lead *lead) {
  gint row = page_masthead_rows(kit);
  row = put_picture(kit, sheet, story, lead->picture, row);
  row = put_part(kit, sheet, story, GALLEY_KICKER, 0, lead->kicker, row);
  row = put_part(kit, sheet, story, GALLEY_HEADLINE, lead->size, lead->headline, row);
  put_part(kit, sheet, story, GALLEY_STANDFIRST, 0, lead->standfirst, row);
}

// ---- contents ---------------------------------------------------------------------------------

static gint compare_sections(gconstpointer a, gconstpointer b) {
  const PageStory *one = *(const PageStory *const *)a, *two = *(const PageStory *const *)b;
  gint32 first = one->plan.whole.section, second = two->plan.whole.section;
  if (first != second) {
    return first < second ? -1 : 1;
  }
  return one->plan.whole.id < two->plan.whole.id ? -1 : 1;
}

static gint32 rank_of(const PageStory *story) {
  return story->plan.pin_page == 1 ? story->plan.pin_place : G_MAXINT32;
}

static gint compare_ranks(gconstpointer a, gconstpointer b) {
  const PageStory *one = *(const PageStory *const *)a, *two = *(const PageStory *const *)b;
  if (rank_of(one) != rank_of(two)) {
    return rank_of(one) < rank_of(two) ? -1 : 1;
  }
  return one->plan.whole.id < two->plan.whole.id ? -1 : 1;
}

// In the order of the pages, nearly; the same before they are planned and after.
static GPtrArray *by_section(const GPtrArray *stories) {
  GPtrArray *sorted = g_ptr_array_new();
  g_ptr_array_extend(sorted, (GPtrArray *)stories, NULL, NULL);
  g_ptr_array_sort(sorted, compare_sections);
  return sorted;
}

static gint list_rows(const PageKit *kit, const GPtrArray *stories, guint from) {
  gint rows = 0;
  for (guint i = from; i < stories->len; i++) {
    rows += line_rows(kit, stories->pdata[i]);
  }
  return rows;
}

// Pages that the list takes if it ends above `foot` on each.
static guint count_sheets(const PageKit *kit, const GPtrArray *sorted, gint foot) {
  gint first = kit->theme->head_rows + TITLE_ROWS, row = foot + 1;
  guint sheets = 0;
  for (guint i = 0; i < sorted->len; i++) {
    gint rows = line_rows(kit, sorted->pdata[i]);
    if (row + rows > foot + 1) {
      sheets++;
      row = first;
    }
    row += rows;
  }
  return sheets;
}

// By rank, but what is pinned to the front page first, by its place.
static GPtrArray *by_rank(const GPtrArray *stories) {
  GPtrArray *ranked = g_ptr_array_new();
  g_ptr_array_extend(ranked, (GPtrArray *)stories, NULL, NULL);
  g_ptr_array_sort(ranked, compare_ranks);
  return ranked;
}

guint page_cover_sheets(const PageKit *kit, const GPtrArray *stories) {
  g_autoptr(GPtrArray) ranked = by_rank(stories);
  Lead lead = measure_lead(kit, ranked->pdata[0]);
  if (list_rows(kit, ranked, 1) + list_row(kit, &lead) <= kit->theme->rows + 1) {
    return 1; // all stand on the cover
  }
  g_autoptr(GPtrArray) sorted = by_section(stories);
  return 1 + MIN(count_sheets(kit, sorted, kit->theme->rows), CONTENTS_SHEETS);
}

static void put_contents(const PageKit *kit, GPtrArray *sheets, guint count,
                         const GPtrArray *stories) {
  const PageTheme *theme = kit->theme;
  g_autoptr(GPtrArray) sorted = by_section(stories);
  gint foot = theme->rows;
  guint pages = count_sheets(kit, sorted, foot);
  while (count <= CONTENTS_SHEETS && foot > theme->rows / 2 &&
         count_sheets(kit, sorted, foot - 1) == pages) {
    foot--; // pages of one length
  }
  guint next = 0;
  for (guint i = 1; i < count; i++) {
    Sheet *sheet = sheets->pdata[i];
    page_put_head(kit, sheet);
    page_put_box_title(
        kit, sheet, locale_word(kit->locale, "edition_inside"),
        (PageRoom){page_x(theme, 0), page_y(theme, theme->head_rows), 1, TITLE_ROWS});
    next = put_list(kit, sheet, sorted, next, theme->head_rows + TITLE_ROWS, foot);
  }
}

void page_put_cover(const PageKit *kit, GPtrArray *sheets, guint count, const GPtrArray *stories) {
  Sheet *cover = sheets->pdata[0];
  g_autoptr(GPtrArray) ranked = by_rank(stories);
  Lead lead = measure_lead(kit, ranked->pdata[0]);
  put_lead(kit, cover, ranked->pdata[0], &lead);
  gint row = list_row(kit, &lead);
  gint32 x = page_x(kit->theme, 0);
  if (put_list(kit, cover, ranked, 1, row, kit->theme->rows) > 1) {
    sheet_put_rule(cover, x, page_y(kit->theme, row) - kit->theme->baseline / 2, kit->theme->column,
                   POINT, kit->look->accent);
  }
  put_contents(kit, sheets, count, stories);
}
