// SPDX-License-Identifier: Apache-2.0
//
// The boxes that the plan places: contents (what is inside, with links) and corrections. Their
// entries flow through the box's columns and are never broken; how many rows that takes at each
// width is what the plan is told. Called by edition/page_compose and edition_print().
#include "edition/page_furniture.h"

#define TITLE_ROWS 2
#define CONTENTS_MOST 24    // entries
#define CONTENTS_EACH 4     // of a section, where there is room
#define CORRECTIONS_MOST 24 // more are only on the web

typedef struct Entry {
  SetBlock *head, *text; // one above the other; either may be NULL
  gint32 target, target_y;
  gint rows; // with the air below
} Entry;

static void entry_clear(gpointer data) {
  Entry *entry = data;
  g_clear_pointer(&entry->head, set_block_free);
  g_clear_pointer(&entry->text, set_block_free);
}

static GArray *entries_new(void) {
  GArray *entries = g_array_new(FALSE, TRUE, sizeof(Entry));
  g_array_set_clear_func(entries, entry_clear);
  return entries;
}

static gint rows_of(const SetBlock *block) {
  return block != NULL ? block->baselines : 0;
}

// Fewest rows below the title in which the entries flow through so many columns.
static gint rows_needed(const GArray *entries, gint columns) {
  gint least = 1;
  for (guint i = 0; i < entries->len; i++) {
    least = MAX(least, g_array_index(entries, Entry, i).rows);
  }
  for (gint rows = least;; rows++) {
    gint column = 0, at = 0;
    for (guint i = 0; i < entries->len; i++) {
      gint here = g_array_index(entries, Entry, i).rows;
      if (at + here > rows) {
        column++;
        at = 0;
      }
      at += here;
    }
    if (column < columns) {
      return rows;
    }
  }
}

static gboolean fill_block(const PageKit *kit, const GArray *entries, LayoutBlock *ret,
                           gint stretch) {
  *ret = (LayoutBlock){.kind = BLOCK_BOX, .weight = 2, .items = (gint32)entries->len};
  gint most = kit->theme->rows - MAX(kit->theme->head_rows, kit->theme->masthead_rows);
  for (gint wide = 1; wide <= kit->theme->columns; wide++) {
    gint rows = rows_needed(entries, wide) + TITLE_ROWS;
    if (rows > most * 9 / 10) {
      continue;
    }
    ret->box_least[wide] = (gint16)rows;
    ret->box_most[wide] = (gint16)MIN(most, rows + 1 + (gint)entries->len * stretch / wide);
  }
  return entries->len > 0;
}

static void put_entries(const PageKit *kit, Sheet *sheet, PageRoom room, GArray *entries,
                        gint needed) {
  const PageTheme *theme = kit->theme;
  gint rows = room.rows - TITLE_ROWS, column = 0, at = 0;
  gint32 box = ++sheet->boxes_of_furniture;
  gint each = ((gint)entries->len + room.columns - 1) / room.columns;
  gint air = each > 1 ? CLAMP((rows - needed) / (each - 1), 0, 1) : 0;
  rows = MIN(rows, needed + air * MAX(each - 1, 0)); // so that the columns are even
  for (guint i = 0; i < entries->len; i++) {
    Entry *entry = &g_array_index(entries, Entry, i);
    if (at + entry->rows > rows + 1 && at > 0) {
      column++;
      at = 0;
    }
    if (column >= room.columns) {
      break;
    }
    gint32 x = room.x + column * (theme->column + theme->gutter);
    gint32 y = room.y + (TITLE_ROWS + at) * theme->baseline;
    gint32 below = rows_of(entry->head) * theme->baseline;
    SetBlock *parts[] = {g_steal_pointer(&entry->head), g_steal_pointer(&entry->text)};
    for (guint part = 0; part < G_N_ELEMENTS(parts); part++) {
      Placement *put = sheet_put(sheet, parts[part], x, y + (part > 0 ? below : 0), PLAN_NONE);
      if (put != NULL) {
        put->target = entry->target;
        put->target_y = entry->target_y;
        put->box = box;
      }
    }
    at += entry->rows + air;
  }
}

// ---- contents ---------------------------------------------------------------------------------

static SetBlock *set(const PageKit *kit, LookText look, const char *words, const char *language) {
  return galley_set_text(kit->typesetter, kit->look, look, words, NULL, language,
                         kit->theme->column, ROLE_NOTE);
}

static Entry entry_of(const PageKit *kit, const PageStory *story, const StoryPiece *piece,
                      gboolean named) {
  g_autofree char *number = g_strdup_printf("%u", piece->page + 1);
  g_autofree char *page = locale_fill(kit->locale, "page_number", "number", number);
  const char *section = page_section_name(kit, story->plan.whole.section);
  g_autofree char *head =
      *section != '\0' ? g_strdup_printf("%s  ·  %s", section, page) : g_strdup(page);
  Entry entry = {.target = (gint32)piece->page, .target_y = piece->y};
  entry.head = set(kit, LOOK_CONTENTS_TITLE, head, kit->content->site->language);
  entry.text =
      set(kit, LOOK_CONTENTS, story->story->story->headline, galley_language(story->galley));
  entry.rows = rows_of(entry.head) + rows_of(entry.text) + 1;
  return entry;
}

// Before the plan: the first stories of a long front will stand on the front page.
static gboolean may_be_inside(const GPtrArray *stories, guint index) {
  const PageStory *story = stories->pdata[index];
  return !story->plan.on_front || index >= PLAN_FRONT_MOST || story->plan.pin_page > 1;
}

// The best of each section, so many of each and one more of the first `extra` ones; pieces say on
// which page. Before the plan none is placed, and those are measured that may stand inside.
static GArray *contents_of(const PageKit *kit, const GPtrArray *stories, gboolean placed,
                           guint each, guint extra) {
  GArray *entries = entries_new();
  for (gint32 section = 0; section <= (gint32)kit->content->site->sections->len; section++) {
    guint found = 0, most = each + (section < (gint32)extra ? 1 : 0);
    for (guint i = 0; i < stories->len && entries->len < CONTENTS_MOST && found < most; i++) {
      const PageStory *story = stories->pdata[i];
      const StoryPiece *first = story->pieces->len > 0
                                    ? &g_array_index(story->pieces, StoryPiece, 0)
                                    : &(StoryPiece){1, 0};
      gboolean inside = placed ? first->page > 0 : may_be_inside(stories, i);
      if (story->plan.whole.section == section && inside) {
        Entry entry = entry_of(kit, story, first, found == 0);
        g_array_append_val(entries, entry);
        found++;
      }
    }
  }
  return entries;
}

gboolean page_contents_block(const PageKit *kit, const GPtrArray *stories, LayoutBlock *ret) {
  g_autoptr(GArray) entries = contents_of(kit, stories, FALSE, 1, 0);
  g_autoptr(GArray) more = contents_of(kit, stories, FALSE, CONTENTS_EACH, 0);
  if (!fill_block(kit, entries, ret, 0)) {
    return FALSE;
  }
  for (gint wide = 1; wide <= kit->theme->columns; wide++) {
    if (ret->box_least[wide] > 0) {
      gint most = rows_needed(more, wide) + TITLE_ROWS;
      ret->box_least[wide] += 1; // the headlines that it will show are not known yet
      ret->box_most[wide] = (gint16)CLAMP(most, ret->box_least[wide], kit->theme->rows / 2);
    }
  }
  return TRUE;
}

void page_put_contents(const PageKit *kit, Sheet *sheet, PageRoom room, const GPtrArray *stories) {
  page_put_box_title(kit, sheet, locale_word(kit->locale, "edition_inside"), room);
  guint sections = kit->content->site->sections->len + 1;
  for (guint total = CONTENTS_EACH * sections; total >= sections; total--) {
    g_autoptr(GArray) entries = contents_of(kit, stories, TRUE, total / sections, total % sections);
    gint needed = rows_needed(entries, room.columns);
    if (needed <= room.rows - TITLE_ROWS + 1 || total == sections) {
      put_entries(kit, sheet, room, entries, needed);
      return;
    }
  }
}

// ---- corrections ------------------------------------------------------------------------------

static GArray *corrections_of(const PageKit *kit) {
  GArray *entries = entries_new();
  const GPtrArray *notes = kit->content->notes;
  for (guint i = 0; i < notes->len && i < CORRECTIONS_MOST; i++) {
    const EditionNote *note = notes->pdata[i];
    g_autofree char *words =
        g_strdup_printf("%s %s", note->correction->wrong, note->correction->right);
    Entry entry = {.target = -1};
    entry.head = set(kit, LOOK_SUBHEAD, note->headline, kit->content->site->language);
    entry.text = set(kit, LOOK_BOX_BODY, words, kit->content->site->language);
    entry.rows = rows_of(entry.head) + rows_of(entry.text) + 1;
    g_array_append_val(entries, entry);
  }
  return entries;
}

gboolean page_corrections_block(const PageKit *kit, LayoutBlock *ret) {
  g_autoptr(GArray) entries = corrections_of(kit);
  return fill_block(kit, entries, ret, 1) && ret->box_least[kit->theme->columns] > 0;
}

void page_put_corrections(const PageKit *kit, Sheet *sheet, PageRoom room) {
  g_autoptr(GArray) entries = corrections_of(kit);
  page_put_box_title(kit, sheet, locale_word(kit->locale, "corrections"), room);
  put_entries(kit, sheet, room, entries, rows_needed(entries, room.columns));
}
