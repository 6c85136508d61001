// SPDX-License-Identifier: Apache-2.0
//
// Sets the newspaper's own words: masthead, page heads, section bands, house notes, colophon. House
// notes say only what is true of this newspaper (it has newsletters, a contact address, a site).
// Called by edition/page_compose and edition_print().
#include "edition/page_furniture.h"

#include <string.h>

#define DATE_ROWS 2 // of the line below the nameplate

const char *page_section_name(const PageKit *kit, gint32 section) {
  const GPtrArray *sections = kit->content->site->sections;
  if (section < 0 || (guint)section >= sections->len) {
    return "";
  }
  return ((const Section *)sections->pdata[section])->name;
}

static SetBlock *set(const PageKit *kit, LookText text, const char *words, gint32 measure) {
  return galley_set_text(kit->typesetter, kit->look, text, words, NULL,
                         kit->content->site->language, measure, ROLE_NOTE);
}

// The same with its own size, alignment or colour.
typedef struct Setting {
  LookText text;
  gint32 size; // 0: the look's
  Alignment alignment;
  guint32 color;
} Setting;

static SetBlock *set_as(const PageKit *kit, Setting setting, const char *words, gint32 measure) {
  Look look = *kit->look;
  TextLook *text = &look.texts[setting.text];
  if (setting.size > 0) {
    text->leading = (gint32)((gint64)text->leading * setting.size / MAX(text->style.size, 1));
    text->style.size = setting.size;
  }
  text->alignment = setting.alignment;
  text->style.color = setting.color;
  return galley_set_text(kit->typesetter, &look, setting.text, words, NULL,
                         kit->content->site->language, measure, ROLE_NOTE);
}

static void put_artifact(Sheet *sheet, SetBlock *block, gint32 x, gint32 y) {
  Placement *placement = sheet_put(sheet, block, x, y, PLAN_NONE);
  if (placement != NULL) {
    placement->artifact = TRUE;
  }
}

static gint32 natural_width(const PageKit *kit, const TypeStyle *style, const char *words) {
  g_autoptr(Paragraph) paragraph = paragraph_new(kit->typesetter, kit->content->site->language);
  paragraph_add(paragraph, slice_of(words), style, NULL);
  return paragraph_natural_width(paragraph);
}

static char *date_words(const PageKit *kit) {
  Civil day = civil_of_day(kit->content->day);
  g_autoptr(GString) words = g_string_new(NULL);
  locale_write(kit->locale, LOCALE_DATE_LONG, &day, words);
  return g_string_free(g_steal_pointer(&words), FALSE);
}

static const char *web_words(const PageKit *kit) {
  const char *url = kit->content->site->base_url;
  const char *host = strstr(url, "://");
  return host != NULL ? host + 3 : url;
}

static char *ear_words(const PageKit *kit, guint ear, PageNumbers numbers) {
  const Site *site = kit->content->site;
  switch (kit->theme->ears[ear]) {
  case EAR_TAGLINE:
    return g_strdup(site->tagline);
  case EAR_EDITION: {
    g_autofree char *digits = locale_number(kit->locale, kit->content->number);
    g_autofree char *number = locale_fill(kit->locale, "edition_number", "number", digits);
    g_autofree char *stories = locale_count(kit->locale, "stories", numbers.stories);
    g_autofree char *pages = locale_count(kit->locale, "edition_pages", numbers.pages);
    return g_strdup_printf("%s  ·  %s  ·  %s", number, stories, pages);
  }
  case EAR_WEB:
    return g_strdup(web_words(kit));
  case EAR_WORDS:
    return g_strdup(kit->theme->ear_words[ear]);
  case EAR_NONE:
    break;
  }
  return g_strdup("");
}

// As large as the width and the theme's rows allow.
static gint32 name_size(const PageKit *kit) {
  const TypeStyle *style = &kit->look->texts[LOOK_MASTHEAD].style;
  gint32 measure = page_measure(kit->theme, kit->theme->columns);
  gint64 width = MAX(natural_width(kit, style, kit->content->site->name), 1);
  gint64 size = (gint64)style->size * measure * 98 / 100 / width;
  gint64 most = (gint64)(kit->theme->masthead_rows - DATE_ROWS - 1) * kit->theme->baseline;
  return (gint32)MAX(MIN(MIN(size, most), style->size * 3 / 2), 6 * POINT);
}

gint page_masthead_rows(const PageKit *kit) {
  gint32 size = name_size(kit) * 98 / 100;
  gint rows = (size + kit->theme->baseline - 1) / kit->theme->baseline + DATE_ROWS + 1;
  return MIN(rows, kit->theme->masthead_rows);
}

void page_put_masthead(const PageKit *kit, Sheet *sheet, PageNumbers numbers) {
  const PageTheme *theme = kit->theme;
  const Site *site = kit->content->site;
  gint32 measure = page_measure(theme, theme->columns), x = page_x(theme, 0);
  const TypeStyle *style = &kit->look->texts[LOOK_MASTHEAD].style;
  gint32 size = name_size(kit);
  gint name_rows = page_masthead_rows(kit) - DATE_ROWS - 1;
  Setting setting = {LOOK_MASTHEAD, size, ALIGN_CENTER, style->color};
  SetBlock *name = set_as(kit, setting, site->name, measure);
  if (name != NULL) {
    // The name's baseline stands a fixed way above the date line, however large it is.
    gint32 rest = name->line_count > 0 ? name->lines[name->line_count - 1].baseline : 0;
    gint32 y = page_y(theme, name_rows) - rest - size * 16 / 100;
    name->role = ROLE_HEADLINE; // the one H1
    sheet_put(sheet, name, x, y, PLAN_NONE);
  }
  gint32 line = page_y(theme, name_rows) + theme->baseline / 4;
  sheet_put_rule(sheet, x, line, measure, POINT, kit->look->rule);
  g_autofree char *date = date_words(kit);
  g_autofree char *start = ear_words(kit, 0, numbers), *end = ear_words(kit, 1, numbers);
  guint32 color = kit->look->texts[LOOK_EAR].style.color;
  gint32 y = line + theme->baseline * 4 / 10;
  gint32 third = measure / 3;
  gint32 middle = theme->columns > 1 ? third : measure; // a phone has no room for ears
  put_artifact(sheet, set_as(kit, (Setting){LOOK_EAR, 0, ALIGN_START, color}, start, third), x, y);
  sheet_put(sheet, set_as(kit, (Setting){LOOK_EAR, 0, ALIGN_CENTER, color}, date, middle),
            x + (measure - middle) / 2, y, PLAN_NONE);
  put_artifact(sheet, set_as(kit, (Setting){LOOK_EAR, 0, ALIGN_END, color}, end, third),
               x + measure - third, y);
  sheet_put_rule(sheet, x, line + theme->baseline * 18 / 10, measure, POINT / 2, kit->look->rule);
}

// With its last line's baseline at y.
static void put_head_line(Sheet *sheet, SetBlock *block, gint32 x, gint32 y) {
  gint32 rest =
      block != NULL && block->line_count > 0 ? block->lines[block->line_count - 1].baseline : 0;
  put_artifact(sheet, block, x, y - rest);
}

void page_put_head(const PageKit *kit, Sheet *sheet) {
  const PageTheme *theme = kit->theme;
  const Site *site = kit->content->site;
  gint32 measure = page_measure(theme, theme->columns), x = page_x(theme, 0);
  guint32 color = kit->look->texts[LOOK_FOLIO].style.color;
  gint32 y = page_y(theme, 0), half = measure / 2;
  g_autofree char *date = date_words(kit);
  g_autofree char *folio = theme->columns > 1 ? g_strdup_printf("%s   %s", sheet->label, site->name)
                                              : g_strdup(site->name);
  gboolean phone = theme->columns == 1;
  put_artifact(sheet, set_as(kit, (Setting){LOOK_FOLIO, 0, ALIGN_START, color}, folio, half), x, y);
  put_artifact(
      sheet,
      set_as(kit, (Setting){LOOK_FOLIO, 0, ALIGN_END, color}, phone ? sheet->label : date, half),
      x + measure - half, y);
  gint32 line = y + theme->baseline * 13 / 10;
  sheet_put_rule(sheet, x, line, measure, phone ? POINT / 2 : 2 * POINT, kit->look->rule);
  if (!phone && *sheet->section_name != '\0') {
    guint32 accent = kit->look->accent;
    SetBlock *name = set_as(kit, (Setting){LOOK_RUNNING_HEAD, 0, ALIGN_START, accent},
                            sheet->section_name, measure);
    put_head_line(sheet, name, x, page_y(theme, theme->head_rows) - theme->baseline * 17 / 10);
    sheet_put_rule(sheet, x, page_y(theme, theme->head_rows) - theme->baseline * 7 / 10, measure,
                   POINT * 3 / 10, kit->look->rule);
  }
}

void page_put_band(const PageKit *kit, Sheet *sheet, gint32 section, gint row) {
  const PageTheme *theme = kit->theme;
  gint32 measure = page_measure(theme, theme->columns), x = page_x(theme, 0);
  sheet_put_rule(sheet, x, page_y(theme, row + 1), measure, 2 * POINT, kit->look->rule);
  SetBlock *name = set_as(kit, (Setting){LOOK_RUNNING_HEAD, 0, ALIGN_START, kit->look->accent},
                          page_section_name(kit, section), measure);
  put_head_line(sheet, name, x, page_y(theme, row + LAYOUT_BAND) - theme->baseline * 15 / 10);
  sheet_put_rule(sheet, x, page_y(theme, row + LAYOUT_BAND) - theme->baseline * 6 / 10, measure,
                 POINT * 3 / 10, kit->look->rule);
}

void page_put_box_title(const PageKit *kit, Sheet *sheet, const char *words, PageRoom room) {
  gint32 measure = page_measure(kit->theme, room.columns);
  sheet_put_rule(sheet, room.x, room.y, measure, 2 * POINT, kit->look->accent);
  SetBlock *title = set(kit, LOOK_BOX_TITLE, words, measure);
  if (title != NULL) {
    sheet_put(sheet, title, room.x, room.y + kit->theme->baseline / 2, PLAN_NONE);
  }
}

// ---- house notes ------------------------------------------------------------------------------

typedef struct HouseNote {
  const char *title; // key of the locale
  char *text;
} HouseNote;

static void add_note(GArray *notes, const char *title, char *text) {
  HouseNote note = {title, text};
  g_array_append_val(notes, note);
}

static void note_clear(gpointer data) {
  g_free(((HouseNote *)data)->text);
}

static GArray *house_notes(const PageKit *kit) {
  const Site *site = kit->content->site;
  GArray *notes = g_array_new(FALSE, FALSE, sizeof(HouseNote));
  g_array_set_clear_func(notes, note_clear);
  const char *web = web_words(kit);
  if (site->offers_newsletters) {
    add_note(notes, "edition_house_mail", g_strconcat(web, "/newsletters", NULL));
  }
  if (*site->contact != '\0') {
    add_note(notes, "edition_house_contact", g_strdup(site->contact));
  }
  add_note(notes, "edition_house_web", g_strdup(web));
  add_note(notes, "edition_house_corrections", g_strconcat(web, "/corrections", NULL));
  return notes;
}

void page_put_filler(const PageKit *kit, Sheet *sheet, PageRoom room, guint turn) {
  const PageTheme *theme = kit->theme;
  g_autoptr(GArray) notes = house_notes(kit);
  const HouseNote *note = &g_array_index(notes, HouseNote, turn % notes->len);
  gint32 width = page_measure(theme, room.columns), height = room.rows * theme->baseline;
  gint32 top = theme->baseline * 3 / 10, inset = theme->baseline;
  sheet_put_tint(sheet, room.x, room.y + top, width, height - top - theme->baseline / 4,
                 kit->look->tint);
  sheet_put_rule(sheet, room.x, room.y + top, width, POINT, kit->look->accent);
  Setting big = {LOOK_PULL_QUOTE, 0, ALIGN_CENTER, kit->look->accent};
  big.size = room.columns == 1 ? 13 * POINT : MIN(30, 12 + room.rows) * POINT;
  Setting small = {LOOK_BOX_BODY, 0, ALIGN_CENTER, kit->look->rule};
  SetBlock *title = set_as(kit, big, locale_word(kit->locale, note->title), width - 2 * inset);
  SetBlock *text = set_as(kit, small, note->text, width - 2 * inset);
  gint32 has = (title != NULL ? title->baselines : 0) + (text != NULL ? text->baselines : 0);
  gint32 y = room.y + MAX(top, (height - has * theme->baseline) / 2);
  if (title != NULL && has > room.rows) { // too little room for both
    g_clear_pointer(&text, set_block_free);
  }
  gint32 below = title != NULL ? title->baselines * theme->baseline : 0;
  put_artifact(sheet, title, room.x + inset, y);
  put_artifact(sheet, text, room.x + inset, y + below);
}

void page_put_nothing(const PageKit *kit, Sheet *sheet, PageRoom room) {
  gint32 measure = page_measure(kit->theme, room.columns);
  Setting setting = {LOOK_PULL_QUOTE, 24 * POINT, ALIGN_CENTER, kit->look->rule};
  SetBlock *words = set_as(kit, setting, locale_word(kit->locale, "edition_empty"), measure);
  sheet_put(sheet, words, room.x, room.y + room.rows / 3 * kit->theme->baseline, PLAN_NONE);
}

void page_put_colophon(const PageKit *kit, Sheet *sheet) {
  const PageTheme *theme = kit->theme;
  const Site *site = kit->content->site;
  gint32 measure = page_measure(theme, theme->columns), x = page_x(theme, 0);
  g_autofree char *made = locale_date_time(kit->locale, kit->content->made_at, site->zone);
  g_autofree char *digits = locale_number(kit->locale, kit->content->number);
  g_autofree char *number = locale_fill(kit->locale, "edition_number", "number", digits);
  g_autofree char *when = locale_fill(kit->locale, "edition_made", "date", made);
  g_autoptr(GString) words = g_string_new(site->name);
  const char *parts[] = {*site->publisher != '\0' ? site->publisher : NULL,
                         *site->postal_address != '\0' ? site->postal_address : NULL,
                         *site->contact != '\0' ? site->contact : NULL,
                         web_words(kit),
                         number,
                         when};
  for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
    if (parts[i] != NULL && strcmp(parts[i], site->name) != 0) {
      g_string_append_printf(words, "  ·  %s", parts[i]);
    }
  }
  gint32 y = page_y(theme, theme->rows) + theme->baseline * 6 / 10;
  sheet_put_rule(sheet, x, y, measure, POINT * 3 / 10, kit->look->rule);
  sheet_put(sheet, set(kit, LOOK_COLOPHON, words->str, measure), x, y + theme->baseline * 3 / 10,
            PLAN_NONE);
}
