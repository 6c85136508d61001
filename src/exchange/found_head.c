// SPDX-License-Identifier: Apache-2.0
//
// Implements found_head.h.
#include "exchange/found_head.h"

#include "base/text.h"
#include "exchange/furniture.h"
#include "exchange/import_story.h"
#include "exchange/written_date.h"

#include <string.h>

#define HEAD_LINES 40      // what stands under the headline is looked for in so many lines
#define LONGEST_BYLINE 110 // bytes

static const TextLine *line_at(const Found *found, guint index) {
  return index < found->text->lines->len ? &g_array_index(found->text->lines, TextLine, index)
                                         : NULL;
}

// "Title: x" as reader extractors write it. NULL if the line is not of that form.
static char *labelled(Slice line, const char *const *labels) {
  for (; *labels != NULL; labels++) {
    gsize length = strlen(*labels);
    if (line.length > length && g_ascii_strncasecmp(line.data, *labels, length) == 0) {
      return text_collapse_space(slice_from(line, length));
    }
  }
  return NULL;
}

static gboolean is_web_address(const char *text) {
  return (g_str_has_prefix(text, "https://") || g_str_has_prefix(text, "http://")) &&
         strpbrk(text, " \t<>\"") == NULL && g_uri_is_valid(text, G_URI_FLAGS_NONE, NULL);
}

static gboolean take_address(Found *found, Slice line) {
  static const char *const LABELS[] = {
      "URL Source:", "Source URL:", "URL:", "Source:", "Link:", "Canonical:", "Original:", NULL};
  g_autofree char *value = labelled(line, LABELS);
  g_autofree char *whole = value == NULL ? slice_dup(line) : NULL;
  const char *address = value != NULL ? value : whole;
  if (!is_web_address(address)) {
    return FALSE;
  }
  Story *story = found->item->story;
  if (story->source_key == NULL) {
    story->source_key = g_strdup(address);
    found->item->former_path = import_path_of_url(address);
  }
  return TRUE;
}

static gboolean take_date(Found *found, const char *text) {
  static const char *const UPDATED[] = {"Updated",    "Last updated", "Modified", "Aktualisiert",
                                        "Mis à jour", "Actualizado",  NULL};
  static const char *const LABELS[] = {"Published Time:", "Published:", "Date:", "Posted:", NULL};
  g_autofree char *value = labelled(slice_of(text), LABELS);
  gint64 when = 0;
  if (!written_date_parse(value != NULL ? value : text, found->source->zone, &when)) {
    return FALSE;
  }
  g_autofree char *updated = labelled(slice_of(text), UPDATED);
  gint64 *field =
      updated != NULL ? &found->item->story->updated_at : &found->item->story->published_at;
  *field = *field == 0 ? when : *field;
  found->date_seen = TRUE;
  return TRUE;
}

static gboolean is_agency(const char *text) {
  static const char *const AGENCIES[] = {"Reuters",
                                         "AP",
                                         "The Associated Press",
                                         "Associated Press",
                                         "AAP",
                                         "AFP",
                                         "dpa",
                                         "DPA",
                                         "PA",
                                         "PA Media",
                                         "ANSA",
                                         "EFE",
                                         "Xinhua",
                                         "Bloomberg",
                                         "CP",
                                         "The Canadian Press",
                                         "epd",
                                         "KNA",
                                         "APA",
                                         "SDA",
                                         "Keystone-SDA",
                                         "TASS",
                                         "Kyodo",
                                         "ANP",
                                         "NTB",
                                         "TT",
                                         "Ritzau"};
  for (gsize i = 0; i < G_N_ELEMENTS(AGENCIES); i++) {
    if (strcmp(text, AGENCIES[i]) == 0) {
      return TRUE;
    }
  }
  return FALSE;
}

// Every word begins with a capital, or is one of the small words that names and joins have.
static gboolean is_name_like(const char *text) {
  static const char *const SMALL[] = {"and", "und",   "et",  "y",   "de",  "da",  "di",
                                      "del", "della", "van", "von", "der", "den", "le",
                                      "la",  "du",    "dos", "bin", "al",  "in",  "for",
                                      "at",  "of",    "the", "&",   "ten", "ter", "zu"};
  g_auto(GStrv) words = g_strsplit_set(text, " ,", -1);
  guint capital = 0;
  guint count = 0;
  for (guint i = 0; words[i] != NULL; i++) {
    if (words[i][0] == '\0') {
      continue;
    }
    count++;
    gboolean small = FALSE;
    for (gsize s = 0; s < G_N_ELEMENTS(SMALL); s++) {
      small |= strcmp(words[i], SMALL[s]) == 0;
    }
    gunichar first = g_utf8_get_char(words[i]);
    if (!small && (!g_unichar_isalpha(first) || g_unichar_islower(first))) {
      return FALSE;
    }
    capital += !small;
  }
  return capital >= 1 && count <= 14;
}

static gboolean is_role(const char *text) {
  static const char *const ROLE_WORDS[] = {"editor",    "correspondent", "reporter",  "writer",
                                           "redakteur", "korrespondent", "columnist", "analyst",
                                           "producer",  "photographer",  "critic",    "chief",
                                           "staff",     "bureau"};
  g_autofree char *lower = g_utf8_strdown(text, -1);
  for (gsize i = 0; i < G_N_ELEMENTS(ROLE_WORDS); i++) {
    if (strstr(lower, ROLE_WORDS[i]) != NULL) {
      return TRUE;
    }
  }
  return FALSE;
}

// "Jane Doe, Political Editor" -> name and role; "Jane Doe and Ali Roe" -> two names.
static void add_names(Found *found, const char *names) {
  const char *comma = strchr(names, ',');
  if (comma != NULL && strstr(names, " and ") == NULL && is_role(comma + 1)) {
    g_autofree char *name = g_strndup(names, (gsize)(comma - names));
    import_add_author(found->item->story, name, g_strstrip((char *)(gpointer)(comma + 1)));
    return;
  }
  import_add_authors(found->item->story, names);
}

static gboolean take_byline(Found *found, const char *text) {
  static const char *const BY[] = {
      "By ",  "BY ",     "by ",       "Von ",        "VON ",   "Par ",    "PAR ",         "Por ",
      "POR ", "Author:", "Words by ", "Written by ", "Text: ", "Byline:", "Reported by ", NULL};
  gsize length = strlen(text);
  if (length > LONGEST_BYLINE || (length > 0 && strchr(".!?:", text[length - 1]) != NULL)) {
    return FALSE;
  }
  if (is_agency(text)) {
    import_add_author(found->item->story, text, "");
    found->byline_seen = TRUE;
    return TRUE;
  }
  char *name = NULL;
  for (const char *const *by = BY; *by != NULL && name == NULL; by++) {
    if (g_str_has_prefix(text, *by)) {
      name = text_collapse_space(slice_of(text + strlen(*by)));
    }
  }
  g_autofree char *names = name;
  if (names == NULL || !is_name_like(names)) {
    return FALSE;
  }
  add_names(found, names);
  found->byline_seen = TRUE;
  return TRUE;
}

// "By Jane Doe | Reuters | 9 February 2025, 10:30am": each part must be one of them.
static gboolean take_credits(Found *found, Slice line) {
  g_autofree char *marked = slice_dup(line);
  g_autofree char *text = found_plain_line(marked);
  if (strlen(text) > 2 * LONGEST_BYLINE) {
    return FALSE;
  }
  if (take_date(found, text) || take_byline(found, text)) {
    return TRUE;
  }
  static const char *const PARTS[] = {" | ", " • ", " · ", " – ", " — ", " - ", " / ", ", "};
  for (gsize i = 0; i < G_N_ELEMENTS(PARTS); i++) {
    if (strstr(text, PARTS[i]) == NULL) {
      continue;
    }
    g_auto(GStrv) parts = g_strsplit(text, PARTS[i], 6);
    gboolean all = TRUE;
    gboolean seen = FALSE; // a date or a name among them
    for (guint p = 0; all && parts[p] != NULL; p++) {
      const char *part = g_strstrip(parts[p]);
      gboolean credit = part[0] != '\0' && (take_date(found, part) || take_byline(found, part));
      seen = seen || credit;
      all = part[0] == '\0' || credit || furniture_is_sure_line(slice_of(part)) ||
            (p > 0 && found->byline_seen && is_name_like(part));
    }
    if (all && seen) {
      return TRUE;
    }
  }
  return FALSE;
}

// "Transport correspondent" on a line of its own under the one name.
static gboolean take_role(Found *found, const char *plain) {
  const GPtrArray *bylines = found->item->story->bylines;
  gsize length = strlen(plain);
  if (!found->byline_seen || bylines->len != 1 || length == 0 || length > 50 ||
      strchr(".!?:,", plain[length - 1]) != NULL || !is_role(plain)) {
    return FALSE;
  }
  Byline *byline = g_ptr_array_index(bylines, 0);
  if (byline->role[0] != '\0' || strpbrk(plain, "\"“”") != NULL) {
    return FALSE;
  }
  g_free(byline->role);
  byline->role = g_strdup(plain);
  return TRUE;
}

// "Ulm, 3. Oktober 2026", "Toledo - 09 OCT 2026 - 05:40 CEST": where and when.
static gboolean take_place_and_date(Found *found, const char *plain) {
  static const char *const BETWEEN[] = {", ", " - ", " – ", " — "};
  Story *story = found->item->story;
  if (story->dateline[0] != '\0' || found->date_seen || strlen(plain) > LONGEST_BYLINE) {
    return FALSE;
  }
  for (gsize i = 0; i < G_N_ELEMENTS(BETWEEN); i++) {
    const char *at = strstr(plain, BETWEEN[i]);
    if (at == NULL) {
      continue;
    }
    g_autofree char *place = g_strndup(plain, (gsize)(at - plain));
    g_auto(GStrv) rest = g_strsplit(at + strlen(BETWEEN[i]), BETWEEN[i], -1);
    g_autofree char *when = g_strjoinv(", ", rest);
    if (is_name_like(place) && strlen(place) <= 40 && take_date(found, when)) {
      g_free(story->dateline);
      story->dateline = g_steal_pointer(&place);
      return TRUE;
    }
  }
  return FALSE;
}

static void take_hero(Found *found, const FoundPicture *picture, guint line) {
  ImportItem *item = found->item;
  ImportedPicture *hero = import_add_picture(item, picture->url);
  hero->hero = TRUE;
  hero->alt = import_keep_text(item, picture->alt);
  hero->caption = import_keep_text(item, picture->caption);
  hero->credit = import_keep_text(item, picture->credit);
  found->hero_line = line;
}

// A line under the picture that repeats its words, or names its maker.
static gboolean take_picture_words(Found *found, Slice line) {
  static const char *const LABELS[] = {
      "Credit:",       "Photo:",         "Picture:",    "Image:", "Photograph:", "Photo credit:",
      "Image credit:", "Photo by ",      "Picture by ", "Foto:",  "Bild:",       "Photo :",
      "Crédit :",      "Crédit photo :", "Imagen:",     NULL};
  ImportedPicture *hero = &g_array_index(found->item->pictures, ImportedPicture, 0);
  g_autofree char *text = slice_dup(line);
  g_autofree char *plain = found_plain_line(text);
  g_autofree char *credit = labelled(slice_of(plain), LABELS);
  if (credit != NULL && strlen(credit) < 120) {
    hero->credit = import_keep_text(found->item, credit);
    return TRUE;
  }
  if (hero->alt[0] != '\0' && strcmp(plain, hero->alt) == 0) {
    hero->caption = hero->alt;
    return TRUE;
  }
  return FALSE;
}

static void note_left_out(Found *found, const TextLine *line) {
  g_autofree char *marked = slice_dup(line->text);
  g_autofree char *plain = found_plain_line(marked);
  g_autofree char *cut = text_cut_at_word(plain, 80);
  import_note(found->notes, line->number, "left out: %s", cut);
}

static gboolean is_link(Slice line) {
  return slice_starts_with(line, "[") && !slice_starts_with(line, "[!") &&
         slice_ends_with(line, ")") && slice_find(line, SLICE_LITERAL("](")) > 0;
}

// "[Ada Quill](https://…/authors/ada-quill)"
static gboolean take_author_link(Found *found, Slice line, const char *plain) {
  static const char *const FOLDERS[] = {"/author", "/people/", "/@",      "/by/",       "/profile",
                                        "/autor",  "/auteur",  "/staff/", "/journalist"};
  gboolean author = FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS(FOLDERS); i++) {
    author |= slice_find(line, slice_of(FOLDERS[i])) > 0;
  }
  if (!author || !is_link(line) || found->byline_seen || !is_name_like(plain)) {
    return FALSE;
  }
  add_names(found, plain);
  found->byline_seen = TRUE;
  return TRUE;
}

// "* [Home](https://…)": nothing but a link, as menus have it.
static gboolean is_link_item(Slice line) {
  gboolean item = line.length > 2 && strchr("*-+", line.data[0]) != NULL && line.data[1] == ' ';
  return item && is_link(slice_trim(slice_from(line, 2)));
}

// Before the headline: "Home / News / Sport". A lone word can be a headline.
static gboolean is_menu_line(const Found *found, Slice line, gboolean skipped) {
  if (is_link_item(line)) {
    return TRUE;
  }
  if (!furniture_is_label(line) || skipped) {
    return furniture_is_label(line);
  }
  for (guint i = found->next + 1; line_at(found, i) != NULL; i++) {
    Slice next = line_at(found, i)->text;
    if (next.length > 0) {
      return furniture_is_label(next) || furniture_is_sure_line(next);
    }
  }
  return FALSE;
}

// ===== or ----- under a heading
static gboolean is_underline(Slice line) {
  return line.length >= 3 && (line.data[0] == '=' || line.data[0] == '-') &&
         strspn(line.data, "=-") >= line.length;
}

gboolean found_headline_take(Found *found) {
  static const char *const TITLE[] = {"Title:", "Headline:", NULL};
  gboolean skipped = FALSE; // a button or menu
  Story *story = found->item->story;
  for (const TextLine *line = line_at(found, found->next); line != NULL;
       line = line_at(found, ++found->next)) {
    FoundPicture picture = {0};
    if (line->text.length == 0) {
      continue;
    }
    if (found->hero_line == 0 && found_picture_parse(line->text, &picture) &&
        picture.rest.length == 0) {
      take_hero(found, &picture, line->number);
      found_picture_clear(&picture);
      continue;
    }
    found_picture_clear(&picture);
    if (furniture_is_sure_line(line->text) || is_menu_line(found, line->text, skipped)) {
      note_left_out(found, line);
      skipped = TRUE;
      continue;
    }
    if (take_address(found, line->text)) {
      continue;
    }
    g_autofree char *title = labelled(line->text, TITLE);
    g_autofree char *raw = title != NULL ? g_strdup(title) : slice_dup(line->text);
    g_free(story->headline);
    story->headline = found_plain_line(raw);
    found->next++;
    const TextLine *under = line_at(found, found->next); // a heading underlined with === or ---
    if (under != NULL && is_underline(under->text)) {
      found->next++;
    }
    return story->headline[0] != '\0';
  }
  return FALSE;
}

// "Title: It rains | The Courier", and "# It rains" below: the page's title has its house behind
// it.
static gboolean take_heading(Found *found, Slice line, const char *plain) {
  static const char *const BEFORE_HOUSE[] = {" | ", " - ", " – ", " — ", " · ", " • "};
  Story *story = found->item->story;
  gsize length = strlen(plain);
  if (!slice_starts_with(line, "# ") || length < 10 || !g_str_has_prefix(story->headline, plain)) {
    return FALSE;
  }
  for (gsize i = 0; i < G_N_ELEMENTS(BEFORE_HOUSE); i++) {
    if (g_str_has_prefix(story->headline + length, BEFORE_HOUSE[i])) {
      g_free(story->headline);
      story->headline = g_strdup(plain);
      return TRUE;
    }
  }
  return FALSE;
}

// One prose line between headline and byline is the standfirst: "Headline / It was so. / By Jane
// Doe".
static gboolean take_standfirst(Found *found, const TextLine *line) {
  if (found->byline_seen || found->date_seen || line->text.length > 320 ||
      found->item->story->standfirst[0] != '\0' || line->text.length < 20 || is_link(line->text)) {
    return FALSE;
  }
  guint seen = 0;
  for (guint i = found->next + 1; seen < 2 && line_at(found, i) != NULL; i++) {
    const TextLine *next = line_at(found, i);
    if (next->text.length == 0) {
      continue;
    }
    seen++;
    FoundPicture picture = {0};
    gboolean is_picture = found_picture_parse(next->text, &picture);
    found_picture_clear(&picture);
    if (is_picture) {
      continue;
    }
    Found trial = *found; // what the line says goes to a throw-away item
    g_autoptr(ImportItem) scratch = import_item_new();
    trial.item = scratch;
    if (!take_credits(&trial, next->text)) {
      return FALSE;
    }
    g_autofree char *raw = slice_dup(line->text);
    g_free(found->item->story->standfirst);
    found->item->story->standfirst = found_plain_line(raw);
    return TRUE;
  }
  return FALSE;
}

void found_head_read(Found *found) {
  static const char *const MARKS[] = {"Markdown Content:", "Content:", "Text:", NULL};
  guint end = found->next + HEAD_LINES;
  g_autofree char *headline = g_strdup(found->item->story->headline);
  for (const TextLine *line = line_at(found, found->next); line != NULL && found->next < end;
       line = line_at(found, ++found->next)) {
    Slice text = line->text;
    if (text.length == 0) {
      continue;
    }
    FoundPicture picture = {0};
    if (found->hero_line == 0 && found_picture_parse(text, &picture)) {
      take_hero(found, &picture, line->number);
      Slice rest = picture.rest;
      found_picture_clear(&picture);
      if (rest.length > 0) { // text glued to the picture
        g_array_index(found->text->lines, TextLine, found->next).text = rest;
        return;
      }
      continue;
    }
    found_picture_clear(&picture);
    g_autofree char *raw = slice_dup(text);
    g_autofree char *plain = found_plain_line(raw);
    gboolean mark = FALSE;
    for (const char *const *name = MARKS; *name != NULL; name++) {
      mark |= g_ascii_strcasecmp(plain, *name) == 0;
    }
    if (mark || strcmp(plain, headline) == 0 || is_underline(text) ||
        take_heading(found, text, plain) || take_address(found, text) ||
        take_author_link(found, text, plain) || take_credits(found, text) ||
        take_role(found, plain) || take_place_and_date(found, plain) ||
        (found->hero_line != 0 && take_picture_words(found, text)) ||
        take_standfirst(found, line)) {
      continue;
    }
    if (!furniture_is_sure_line(text) && !furniture_is_label(text) && !is_link_item(text) &&
        !(is_link(text) && strlen(plain) <= 40)) {
      return; // the first paragraph
    }
    note_left_out(found, line);
  }
}

gboolean found_credits_take(ImportItem *item, const ImportSource *source, const char *line) {
  g_autoptr(ImportItem) scratch = import_item_new();
  Found found = {.item = scratch, .source = source};
  if (!take_credits(&found, slice_of(line))) {
    return FALSE;
  }
  Story *story = item->story;
  const Story *said = scratch->story;
  for (guint i = 0; i < said->bylines->len && story->bylines->len == 0; i++) {
    const Byline *byline = g_ptr_array_index(said->bylines, i);
    import_add_author(story, byline->author->name, byline->role);
  }
  story->published_at = story->published_at == 0 ? said->published_at : story->published_at;
  return TRUE;
}
