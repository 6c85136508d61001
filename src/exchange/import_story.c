// SPDX-License-Identifier: Apache-2.0
//
// Implements import_story.h. Nothing here knows a format; what is format's own stands in the
// importer's file.
#include "exchange/import_story.h"

#include "base/secret.h"
#include "base/text.h"
#include "model/address.h"
#include "press/markup.h"

#include <string.h>

#define MAX_PICTURES 400
#define MAX_NAMES 50

// ---- text ------------------------------------------------------------------------------------

static char *decode_utf16(Slice bytes, gboolean big_endian, GError **error) {
  gsize written = 0;
  gsize read = 0;
  g_autofree char *text = g_convert(bytes.data + 2, (gssize)(bytes.length - 2), "UTF-8",
                                    big_endian ? "UTF-16BE" : "UTF-16LE", &read, &written, NULL);
  if (text == NULL || memchr(text, '\0', written) != NULL) {
    g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_ENCODING,
                "the file is marked as UTF-16 but is not; save it as UTF-8 and import it again");
    return NULL;
  }
  return g_steal_pointer(&text);
}

static char *unify_line_ends(const char *text, gsize length) {
  GString *out = g_string_sized_new(length + 1);
  for (gsize i = 0; i < length; i++) {
    if (text[i] == '\r') {
      g_string_append_c(out, '\n');
      i += i + 1 < length && text[i + 1] == '\n';
    } else {
      g_string_append_c(out, text[i]);
    }
  }
  return g_string_free(out, FALSE);
}

char *import_decode(Slice bytes, GError **error) {
  if (bytes.length > IMPORT_MAX_BYTES) {
    g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_TOO_LARGE,
                "larger than %u MB, the most an import takes", IMPORT_MAX_BYTES >> 20);
    return NULL;
  }
  if (bytes.length == 0) {
    g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_EMPTY, "the file is empty");
    return NULL;
  }
  if (slice_starts_with(bytes, "\xFF\xFE") || slice_starts_with(bytes, "\xFE\xFF")) {
    g_autofree char *text = decode_utf16(bytes, bytes.data[0] == '\xFE', error);
    return text != NULL ? unify_line_ends(text, strlen(text)) : NULL;
  }
  if (slice_starts_with(bytes, "\xEF\xBB\xBF")) {
    bytes = slice_from(bytes, 3);
  }
  guint line = 0;
  if (!text_validate_utf8(bytes, &line)) {
    g_set_error(
        error, IMPORT_ERROR, IMPORT_ERROR_ENCODING,
        "line %u: not UTF-8; save the file as UTF-8 (e.g. iconv -t UTF-8) and import it again",
        line);
    return NULL;
  }
  return unify_line_ends(bytes.data, bytes.length);
}

void import_note(GPtrArray *notes, guint line, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  ImportNote *note = g_new0(ImportNote, 1);
  note->line = line;
  note->message = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  g_ptr_array_add(notes, note);
}

void import_set_text(char **field, const char *text) {
  char *copy = text_collapse_space(slice_of(text));
  g_free(*field);
  *field = copy;
}

const char *import_keep_text(ImportItem *item, const char *text) {
  return g_string_chunk_insert(item->strings, text != NULL ? text : "");
}

static gboolean escapes_everywhere(Slice text, gsize at) {
  char letter = text.data[at];
  char before = at > 0 ? text.data[at - 1] : ' ';
  char after = at + 1 < text.length ? text.data[at + 1] : ' ';
  gboolean spaced = g_ascii_isspace(before) && g_ascii_isspace(after);
  switch (letter) {
  case '\\':
    return at + 1 == text.length || g_ascii_ispunct(after);
  case '`':
    return TRUE;
  case '*':
    return !spaced;
  case '_':
    return !spaced && !((g_ascii_isalnum(before) || (before & 0x80) != 0) &&
                        (g_ascii_isalnum(after) || (after & 0x80) != 0));
  case '~':
    return before == '~' || after == '~';
  case '<':
    return g_ascii_isalpha(after) || after == '/' || after == '!' || after == '?';
  case '[':
    return slice_find(slice_from(text, at), SLICE_LITERAL("](")) >= 0 ||
           slice_find(slice_from(text, at), SLICE_LITERAL("]:")) >= 0;
  case '&': {
    gsize end = at + 1; // only what reads as an entity: &amp; &#39;
    while (end < text.length && end < at + 33 &&
           (g_ascii_isalnum(text.data[end]) || (end == at + 1 && text.data[end] == '#'))) {
      end++;
    }
    return end > at + 1 && end < text.length && text.data[end] == ';';
  }
  default:
    return FALSE;
  }
}

// How many bytes may stand before the character that must be escaped at the start of a line; -1:
// none.
static gssize line_start_escape(Slice text) {
  gsize i = 0;
  while (i < text.length && g_ascii_isdigit(text.data[i])) {
    i++;
  }
  char here = i < text.length ? text.data[i] : '\0';
  char after = i + 1 < text.length ? text.data[i + 1] : ' ';
  if (i > 0) {
    return i <= 9 && (here == '.' || here == ')') && g_ascii_isspace(after) ? (gssize)i : -1;
  }
  if (here == '>' || here == '=' || (here == ':' && slice_starts_with(text, ":::")) ||
      here == '|') {
    return 0;
  }
  if (here == '-' || here == '+') {
    gboolean rule = here == '-' && (after == '-' || after == ' ');
    return rule || g_ascii_isspace(after) ? 0 : -1;
  }
  if (here == '#') {
    gsize hashes = strspn(text.data, "#");
    return hashes <= 6 && (hashes >= text.length || g_ascii_isspace(text.data[hashes])) ? 0 : -1;
  }
  return -1;
}

void import_escape_markdown(GString *out, Slice text, gboolean at_line_start) {
  g_autofree char *terminated = slice_dup(text); // strspn above needs an end
  text.data = terminated;
  gssize first = at_line_start ? line_start_escape(text) : -1;
  for (gsize i = 0; i < text.length; i++) {
    char letter = text.data[i];
    gboolean star_item = at_line_start && i == 0 && letter == '*';
    if ((gssize)i == first || star_item || escapes_everywhere(text, i)) {
      g_string_append_c(out, '\\');
    }
    g_string_append_c(out, letter == '\n' ? ' ' : letter);
  }
}

void import_escape_label(GString *out, const char *text) {
  g_autofree char *line = text_collapse_space(slice_of(text));
  for (const char *at = line; *at != '\0'; at++) {
    if (strchr("\\[]\"`*_<&", *at) != NULL) {
      g_string_append_c(out, '\\');
    }
    g_string_append_c(out, *at);
  }
}

// ---- names -----------------------------------------------------------------------------------

void import_add_author(Story *story, const char *name, const char *role) {
  g_autofree char *clean = text_collapse_space(slice_of(name));
  if (clean[0] == '\0' || story->bylines->len >= MAX_NAMES) {
    return;
  }
  g_autofree char *slug = text_slug(clean, 80);
  for (guint i = 0; i < story->bylines->len; i++) {
    const Byline *byline = g_ptr_array_index(story->bylines, i);
    if (strcmp(byline->author->slug, slug) == 0) {
      return;
    }
  }
  Author *author = g_new0(Author, 1);
  author->slug = g_steal_pointer(&slug);
  author->name = g_steal_pointer(&clean);
  author->role = g_strdup("");
  author->bio = g_strdup("");
  Byline *byline = g_new0(Byline, 1);
  byline->author = author;
  byline->role = text_collapse_space(slice_of(role));
  g_ptr_array_add(story->bylines, byline);
}

static const char *skip_by(const char *names) {
  static const char *const WORDS[] = {
      "written by ",  "reported by ", "story by ",  "words by ", "écrit par ", "geschrieben von ",
      "escrito por ", "scritto da ",  "posted by ", "by: ",      "by ",        "von ",
      "par ",         "por ",         "door ",      "av ",       "text: ",     "words: "};
  names += strspn(names, " \t\n");
  for (gsize i = 0; i < G_N_ELEMENTS(WORDS); i++) {
    if (g_ascii_strncasecmp(names, WORDS[i], strlen(WORDS[i])) == 0) {
      return names + strlen(WORDS[i]);
    }
  }
  return names;
}

void import_add_authors(Story *story, const char *names) {
  static const char *const JOINTS[] = {", and ", " and ", " und ", " et ", " y ",
                                       " & ",    ", ",    "; ",    " / "};
  g_autofree char *rest = g_strdup(skip_by(names));
  for (gsize i = 0; i < G_N_ELEMENTS(JOINTS); i++) {
    for (char *at = strstr(rest, JOINTS[i]); at != NULL; at = strstr(at, JOINTS[i])) {
      memset(at, '\n', strlen(JOINTS[i]));
    }
  }
  g_auto(GStrv) parts = g_strsplit(rest, "\n", -1);
  for (guint i = 0; parts[i] != NULL; i++) {
    import_add_author(story, parts[i], "");
  }
}

void import_add_topic(Story *story, const char *name) {
  g_autofree char *clean = text_collapse_space(slice_of(name));
  if (clean[0] == '\0' || story->topics->len >= MAX_NAMES) {
    return;
  }
  g_autofree char *slug = text_slug(clean, 80);
  for (guint i = 0; i < story->topics->len; i++) {
    const Topic *topic = g_ptr_array_index(story->topics, i);
    if (strcmp(topic->slug, slug) == 0) {
      return;
    }
  }
  Topic *topic = g_new0(Topic, 1);
  topic->slug = g_steal_pointer(&slug);
  topic->name = g_steal_pointer(&clean);
  topic->description = g_strdup("");
  g_ptr_array_add(story->topics, topic);
}

// "arts-and-books" is a slug that somebody typed for a name; "Arts & Books" stays as it is.
static char *name_of_slug(const char *text) {
  for (const char *at = text; *at != '\0'; at++) {
    if (!g_ascii_islower(*at) && !g_ascii_isdigit(*at) && *at != '-') {
      return g_strdup(text);
    }
  }
  char *name = g_strdelimit(g_strdup(text), "-", ' ');
  name[0] = g_ascii_toupper(name[0]);
  return name;
}

void import_set_section(Story *story, const char *name) {
  g_autofree char *clean = text_collapse_space(slice_of(name));
  if (clean[0] == '\0') {
    return;
  }
  section_free(story->section);
  story->section = g_new0(Section, 1);
  story->section->slug = text_slug(clean, 60);
  story->section->name = name_of_slug(clean);
  story->section->description = g_strdup("");
}

// ---- pictures --------------------------------------------------------------------------------

// The tail of the file name: "…-16x9-x0y0w1280h720.jpg", "…-1x1.jpg".
static void read_crop_from_url(const char *url, ImportedPicture *picture) {
  Slice path = slice_of(url);
  gssize end = slice_find_char(path, '?');
  path = end >= 0 ? slice_range(path, 0, (gsize)end) : path;
  end = slice_find_char(path, '#');
  path = end >= 0 ? slice_range(path, 0, (gsize)end) : path;
  for (gssize slash = slice_find_char(path, '/'); slash >= 0; slash = slice_find_char(path, '/')) {
    path = slice_from(path, (gsize)slash + 1);
  }
  gssize dot = -1;
  for (gsize i = 0; i < path.length; i++) {
    dot = path.data[i] == '.' ? (gssize)i : dot;
  }
  path = dot >= 0 ? slice_range(path, 0, (gsize)dot) : path;
  for (gsize i = path.length; i > 0; i--) {
    if (path.data[i - 1] != '-') {
      continue;
    }
    Slice tail = slice_from(path, i);
    gssize dash = slice_find_char(tail, '-');
    Slice name = dash >= 0 ? slice_range(tail, 0, (gsize)dash) : tail;
    ImageAspect aspect = ASPECT_16X9;
    if (!image_aspect_parse(name, &aspect) || aspect == ASPECT_ORIGINAL) {
      continue;
    }
    CropRectangle crop = {0};
    if (dash >= 0 && !image_crop_parse(slice_from(tail, (gsize)dash + 1), &crop)) {
      return;
    }
    picture->crop_aspect = aspect;
    picture->crop = crop;
    return;
  }
}

ImportedPicture *import_add_picture(ImportItem *item, const char *url) {
  for (guint i = 0; i < item->pictures->len; i++) {
    ImportedPicture *known = &g_array_index(item->pictures, ImportedPicture, i);
    if (strcmp(known->url, url) == 0) {
      return known;
    }
  }
  ImportedPicture picture = {.url = import_keep_text(item, url),
                             .alt = "",
                             .caption = "",
                             .credit = "",
                             .focal_x = -1,
                             .focal_y = -1};
  read_crop_from_url(url, &picture);
  g_array_append_val(item->pictures, picture);
  return &g_array_index(item->pictures, ImportedPicture, item->pictures->len - 1);
}

static gboolean is_absolute_url(const char *url) {
  g_autofree char *scheme = g_uri_parse_scheme(url);
  return scheme != NULL || g_str_has_prefix(url, "//");
}

gboolean import_name_is_beside(const char *name) {
  if (name[0] == '\0' || name[0] == '/' || strchr(name, '\\') != NULL || strlen(name) > 1024 ||
      is_absolute_url(name)) {
    return FALSE;
  }
  g_auto(GStrv) parts = g_strsplit(name, "/", -1);
  for (guint i = 0; parts[i] != NULL; i++) {
    if (parts[i][0] == '\0' || (parts[i][0] == '.' && strcmp(parts[i], ".") != 0)) {
      return FALSE;
    }
  }
  return TRUE;
}

static GBytes *load_named(const ImportSource *source, const char *url, GError **error) {
  if (source->load_beside == NULL || is_absolute_url(url)) {
    return NULL;
  }
  g_autofree char *path = g_strdup(url);
  path[strcspn(path, "?#")] = '\0';
  g_autofree char *name = g_uri_unescape_string(path, NULL);
  if (name == NULL || !g_utf8_validate(name, -1, NULL)) {
    return NULL;
  }
  if (!import_name_is_beside(name)) {
    if (strstr(name, "..") != NULL) {
      g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_READ,
                  "the picture “%s” lies outside the story's folder; move it beside the story",
                  name);
    }
    return NULL;
  }
  return source->load_beside(name, source->data, error);
}

static gboolean prefix_line(guint line, GError **error, GError *cause) {
  if (line > 0) {
    g_prefix_error(&cause, "line %u: ", line);
  }
  g_propagate_error(error, cause);
  return FALSE;
}

gboolean import_load_picture(ImportItem *item, guint index, const ImportSource *source, guint line,
                             GPtrArray *notes, GError **error) {
  ImportedPicture *picture = &g_array_index(item->pictures, ImportedPicture, index);
  picture->line = picture->line == 0 ? line : picture->line;
  if (picture->bytes != NULL) {
    return TRUE;
  }
  GError *cause = NULL;
  GBytes *bytes = load_named(source, picture->url, &cause);
  if (cause != NULL) {
    return prefix_line(line, error, cause);
  }
  if (bytes != NULL) {
    g_ptr_array_add(item->keep, bytes);
    picture->bytes = bytes;
    return TRUE;
  }
  if (picture->source_url == NULL) {
    picture->source_url = picture->url;
  }
  import_note(notes, line, "picture not at hand, kept as a reference: %s", picture->url);
  return TRUE;
}

typedef struct PictureWalk {
  ImportItem *item;
  const ImportSource *source;
  guint first_line;
  GPtrArray *notes;
} PictureWalk;

static gboolean take_picture_node(const PictureWalk *walk, const Node *node, GError **error) {
  if (node->url == NULL || node->url[0] == '\0' || g_str_has_prefix(node->url, "image:")) {
    return TRUE;
  }
  guint before = walk->item->pictures->len;
  ImportedPicture *picture = import_add_picture(walk->item, node->url);
  if (picture->alt[0] == '\0' && node->alt != NULL) {
    picture->alt = import_keep_text(walk->item, node->alt);
  }
  if (picture->caption[0] == '\0' && node->caption != NULL) {
    picture->caption = import_keep_text(walk->item, node->caption);
  }
  if (picture->credit[0] == '\0' && node->credit != NULL) {
    picture->credit = import_keep_text(walk->item, node->credit);
  }
  if (walk->item->pictures->len == before) {
    return TRUE; // seen before: the hero again, or the same picture twice
  }
  if (before >= MAX_PICTURES) {
    g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_TOO_LARGE, "more than %d pictures in one story",
                MAX_PICTURES);
    return FALSE;
  }
  guint line = walk->first_line > 0 ? node->line : 0;
  return import_load_picture(walk->item, before, walk->source, line, walk->notes, error);
}

static gboolean walk_pictures(const PictureWalk *walk, const Node *parent, GError **error) {
  for (const Node *node = parent->first_child; node != NULL; node = node->next) {
    gboolean is_picture = node->type == NODE_FIGURE || node->type == NODE_IMAGE;
    if ((is_picture && !take_picture_node(walk, node, error)) ||
        !walk_pictures(walk, node, error)) {
      return FALSE;
    }
  }
  return TRUE;
}

// ---- the seal --------------------------------------------------------------------------------

static void hash_text(GString *all, const char *text) {
  g_string_append_printf(all, "%zu:", text != NULL ? strlen(text) : 0);
  g_string_append(all, text != NULL ? text : "");
}

static void hash_number(GString *all, gint64 number) {
  g_string_append_printf(all, "%" G_GINT64_FORMAT ";", number);
}

static void hash_people(GString *all, const Story *story) {
  for (guint i = 0; i < story->bylines->len; i++) {
    const Byline *byline = g_ptr_array_index(story->bylines, i);
    hash_text(all, byline->author->name);
    hash_text(all, byline->role);
  }
  hash_number(all, story->topics->len);
  for (guint i = 0; i < story->topics->len; i++) {
    hash_text(all, ((const Topic *)g_ptr_array_index(story->topics, i))->name);
  }
  hash_number(all, story->corrections->len);
  for (guint i = 0; i < story->corrections->len; i++) {
    const Correction *correction = g_ptr_array_index(story->corrections, i);
    hash_number(all, correction->corrected_at);
    hash_text(all, correction->wrong);
    hash_text(all, correction->right);
  }
}

static void hash_pictures(GString *all, const ImportItem *item) {
  for (guint i = 0; i < item->pictures->len; i++) {
    const ImportedPicture *picture = &g_array_index(item->pictures, ImportedPicture, i);
    g_autofree char *bytes =
        picture->bytes != NULL ? secret_sha256_hex(slice_of_bytes(picture->bytes)) : NULL;
    hash_text(all, picture->url);
    hash_text(all, bytes);
    hash_text(all, picture->alt);
    hash_text(all, picture->caption);
    hash_text(all, picture->credit);
    const gint64 numbers[] = {picture->crop_aspect, picture->crop.x,      picture->crop.y,
                              picture->crop.width,  picture->crop.height, picture->focal_x,
                              picture->focal_y,     picture->hero};
    for (gsize n = 0; n < G_N_ELEMENTS(numbers); n++) {
      hash_number(all, numbers[n]);
    }
  }
}

static char *content_hash(const ImportItem *item) {
  const Story *story = item->story;
  GString *all = g_string_new("1;"); // the number of this recipe
  const char *texts[] = {story->slug,
                         story->headline,
                         story->standfirst,
                         story->kicker,
                         story->dateline,
                         story->body,
                         story->language,
                         story->seo_title,
                         story->hero_caption,
                         story->hero_credit,
                         story->seo_description,
                         item->former_path,
                         story->section != NULL ? story->section->name : NULL};
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    hash_text(all, texts[i]);
  }
  const gint64 numbers[] = {item->status, item->status_given, story->scheduled_for,
                            story->published_at, story->updated_at};
  for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++) {
    hash_number(all, numbers[i]);
  }
  hash_people(all, story);
  hash_pictures(all, item);
  char *hash = secret_sha256_hex((Slice){all->str, all->len});
  g_string_free(all, TRUE);
  return hash;
}

gboolean import_seal(ImportItem *item, const ImportSource *source, guint first_line,
                     GPtrArray *notes, GError **error) {
  // Line breaks before the body make the parser's line numbers those of the file.
  GString *padded = g_string_sized_new(strlen(item->story->body) + first_line);
  for (guint i = 1; i < first_line; i++) {
    g_string_append_c(padded, '\n');
  }
  g_string_append(padded, item->story->body);
  g_autofree char *text = g_string_free(padded, FALSE);
  GError *cause = NULL;
  g_autoptr(Document) document = markup_parse(slice_of(text), &cause);
  if (document == NULL) {
    if (first_line == 0 && g_str_has_prefix(cause->message, "line ")) { // not the file's line
      const char *reason = strstr(cause->message, ": ");
      g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_SYNTAX, "%s",
                  reason != NULL ? reason + 2 : cause->message);
    } else {
      g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_SYNTAX, "%s", cause->message);
    }
    g_error_free(cause);
    return FALSE;
  }
  PictureWalk walk = {item, source, first_line, notes};
  if (!walk_pictures(&walk, document_root(document), error)) {
    return FALSE;
  }
  if (item->story->slug == NULL || item->story->slug[0] == '\0') {
    g_free(item->story->slug);
    item->story->slug = text_slug(item->story->headline, 80);
  }
  item->story->word_count = (gint32)document_word_count(document);
  g_free(item->story->content_hash);
  item->story->content_hash = content_hash(item);
  return TRUE;
}

char *import_path_of_url(const char *url) {
  g_autoptr(GUri) uri = url != NULL ? g_uri_parse(url, G_URI_FLAGS_ENCODED, NULL) : NULL;
  const char *path = uri != NULL ? g_uri_get_path(uri) : url;
  if (path == NULL || path[0] != '/' || path[1] == '\0' || path[1] == '/' || strlen(path) > 500) {
    return NULL;
  }
  return g_strdup(path);
}
