// SPDX-License-Identifier: Apache-2.0
//
// A story as a document of the EPUB, with its pictures. See epub.h.
#include <string.h>

#include "base/html_writer.h"
#include "edition/epub_parts.h"
#include "model/address.h"
#include "press/markup_html.h"

#define IMAGE_SCHEME "image:"
#define WIDTH 1280

// ---- the frame --------------------------------------------------------------------------------

void epub_begin(const EpubBook *book, GString *out, const char *title, const char *language,
                guint depth) {
  gboolean own = language != NULL && *language != '\0';
  html_write_raw(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE html>\n"
                      "<html xmlns=\"http://www.w3.org/1999/xhtml\" "
                      "xmlns:epub=\"http://www.idpf.org/2007/ops\"");
  html_write_attribute(out, "lang", own ? language : book->language);
  html_write_attribute(out, "xml:lang", own ? language : book->language);
  html_write_attribute(out, "dir",
                       language_is_right_to_left(own ? language : book->language) ? "rtl" : "ltr");
  html_write_raw(out, ">\n<head>\n");
  html_write_element(out, "title", *title != '\0' ? title : book->job->content->site->name);
  html_write_raw(out, "\n<link rel=\"stylesheet\" type=\"text/css\" href=\"");
  html_write_raw(out, depth > 0 ? "../style.css" : "style.css");
  html_write_raw(out, "\"/>\n</head>\n<body>\n");
}

void epub_end(GString *out) {
  html_write_raw(out, "</body>\n</html>\n");
}

// ---- pictures ---------------------------------------------------------------------------------

static const EpubPicture *fetch(EpubBook *book, const Image *image, CropRectangle crop,
                                const char *key) {
  const EpubJob *job = book->job;
  g_autoptr(GBytes) bytes = job->picture != NULL
                                ? job->picture(image, crop, MIN(WIDTH, crop.width), job->data, NULL)
                                : NULL;
  if (bytes == NULL) {
    g_hash_table_insert(book->pictures, g_strdup(key), NULL);
    return NULL;
  }
  EpubPicture *picture = g_new0(EpubPicture, 1);
  g_autofree char *rectangle = image_crop_format(crop);
  picture->name = g_strdup_printf("%s-%s.jpg", image->hash, rectangle);
  picture->width = MIN(WIDTH, crop.width);
  picture->height =
      MAX((gint32)(((gint64)picture->width * crop.height + crop.width / 2) / crop.width), 1);
  g_autofree char *path = g_strconcat("EPUB/pictures/", picture->name, NULL);
  zip_store(book->zip, path, slice_of_bytes(bytes));
  g_ptr_array_add(book->names, picture->name);
  g_hash_table_insert(book->pictures, g_strdup(key), picture);
  return picture;
}

// NULL: it can't be had. Each is fetched once.
static const EpubPicture *picture_of(EpubBook *book, const Image *image, ImageAspect aspect) {
  if (image == NULL || image->hash == NULL || image->width <= 0 || image->height <= 0) {
    return NULL;
  }
  CropRectangle crop = image_crop(image, aspect);
  g_autofree char *rectangle = image_crop_format(crop);
  g_autofree char *key = g_strconcat(image->hash, " ", rectangle, NULL);
  gpointer known = NULL;
  return g_hash_table_lookup_extended(book->pictures, key, NULL, &known)
             ? known
             : fetch(book, image, crop, key);
}

typedef struct Figure {
  const Image *image;
  ImageAspect aspect;
  const char *alt, *caption, *credit; // NULL or "": the image's own
  gboolean bare;                      // in a line of text, without a caption
} Figure;

static const char *either(const char *first, const char *second) {
  return first != NULL && *first != '\0' ? first : second;
}

static void write_caption(GString *out, const char *caption, const char *credit) {
  if (*caption == '\0' && *credit == '\0') {
    return;
  }
  html_write_raw(out, "<figcaption>");
  html_write_text(out, caption);
  if (*credit != '\0') {
    html_write_raw(out, *caption != '\0' ? " <span class=\"credit\">" : "<span class=\"credit\">");
    html_write_text(out, credit);
    html_write_raw(out, "</span>");
  }
  html_write_raw(out, "</figcaption>");
}

static void write_figure(EpubBook *book, GString *out, const Figure *figure) {
  const EpubPicture *picture = picture_of(book, figure->image, figure->aspect);
  if (picture == NULL) {
    return;
  }
  const char *caption = either(figure->caption, figure->image->caption);
  const char *alt = either(either(figure->alt, figure->image->alt), caption);
  g_autofree char *source = g_strconcat("../pictures/", picture->name, NULL);
  book->described = book->described && *alt != '\0';
  html_write_raw(out, figure->bare ? "<p class=\"picture\">" : "<figure>");
  html_write_raw(out, "<img");
  html_write_attribute(out, "src", source);
  html_write_integer_attribute(out, "width", picture->width);
  html_write_integer_attribute(out, "height", picture->height);
  html_write_attribute(out, "alt", alt);
  html_write_raw(out, "/>");
  if (!figure->bare) {
    write_caption(out, caption, either(figure->credit, figure->image->credit));
  }
  html_write_raw(out, figure->bare ? "</p>" : "</figure>");
}

typedef struct BodyWriter {
  EpubBook *book;
  const Story *story;
  const Node *hidden; // the figure that repeats the hero above the text
} BodyWriter;

static const Image *image_of(const Story *story, const Node *node) {
  if (node->url == NULL || !g_str_has_prefix(node->url, IMAGE_SCHEME)) {
    return NULL;
  }
  for (guint i = 0; i < story->images->len; i++) {
    const Image *image = story->images->pdata[i];
    if (g_strcmp0(image->hash, node->url + strlen(IMAGE_SCHEME)) == 0) {
      return image;
    }
  }
  return NULL;
}

static void write_body_figure(GString *out, const Node *node, gpointer data) {
  const BodyWriter *writer = data;
  const Image *image = image_of(writer->story, node);
  if (image != NULL && node != writer->hidden) {
    write_figure(writer->book, out,
                 &(Figure){.image = image,
                           .aspect = ASPECT_ORIGINAL,
                           .alt = node->alt,
                           .caption = node->caption,
                           .credit = node->credit,
                           .bare = node->type == NODE_IMAGE});
  }
}

static const Node *repeated_hero(const Story *story, const Document *document) {
  const Node *first = document_root(document)->first_child;
  if (first == NULL || first->type != NODE_FIGURE || story->hero == NULL) {
    return NULL;
  }
  const Image *image = image_of(story, first);
  return image != NULL && g_strcmp0(image->hash, story->hero->hash) == 0 ? first : NULL;
}

// ---- the text ---------------------------------------------------------------------------------

static gboolean write_body(EpubBook *book, const Story *story, GString *out, GError **error) {
  g_autoptr(GError) failure = NULL;
  g_autoptr(Document) document = markup_parse(slice_of(story->body), &failure);
  if (document == NULL) {
    g_set_error(error, EDITION_ERROR, EDITION_ERROR_CONTENT,
                "story %" G_GINT64_FORMAT " (“%s”): %s: mend its text and make the edition again",
                story->id, story->headline, failure->message);
    return FALSE;
  }
  BodyWriter writer = {book, story, repeated_hero(story, document)};
  MarkupHtmlOptions options = {.write_figure = write_body_figure,
                               .data = &writer,
                               .base_url = book->job->content->site->base_url,
                               .heading_shift = 1,
                               .xml = TRUE};
  g_autoptr(GString) body = g_string_sized_new(strlen(story->body) * 5 / 4 + 1024);
  markup_write_html(body, document, &options, NULL);
  gsize from = 0;
  if (*story->dateline != '\0') {
    gboolean inside = g_str_has_prefix(body->str, "<p>");
    html_write_raw(out, inside ? "<p><span class=\"dateline\">" : "<p class=\"dateline\">");
    html_write_text(out, story->dateline);
    html_write_raw(out, inside ? "</span> \xE2\x80\x94 " : "</p>\n");
    from = inside ? strlen("<p>") : 0;
  }
  g_string_append_len(out, body->str + from, (gssize)(body->len - from));
  return TRUE;
}

static void write_byline(const EpubBook *book, const Story *story, GString *out) {
  if (story->bylines->len == 0) {
    return;
  }
  g_autofree const char **names = g_new0(const char *, story->bylines->len);
  for (guint i = 0; i < story->bylines->len; i++) {
    names[i] = ((const Byline *)story->bylines->pdata[i])->author->name;
  }
  g_autofree char *joined = locale_join(book->job->locale, names, story->bylines->len);
  g_autofree char *line = locale_fill(book->job->locale, "by", "names", joined);
  html_write_raw(out, "<p class=\"byline\"");
  if (*story->language != '\0' && strcmp(story->language, book->language) != 0) {
    html_write_attribute(out, "lang", book->language);
    html_write_attribute(out, "xml:lang", book->language);
    html_write_attribute(out, "dir", book->direction);
  }
  html_write_raw(out, ">");
  html_write_text(out, line);
  html_write_raw(out, "</p>\n");
}

static void write_head(EpubBook *book, const Story *story, GString *out) {
  const char *label = *story->kicker != '\0'   ? story->kicker
                      : story->section != NULL ? story->section->name
                                               : "";
  html_write_raw(out, "<header>\n");
  if (*label != '\0') {
    html_write_raw(out, "<p class=\"kicker\">");
    html_write_text(out, label);
    html_write_raw(out, "</p>\n");
  }
  html_write_raw(out, "<h1 id=\"headline\">");
  html_write_text(out, *story->headline != '\0' ? story->headline : story->slug);
  html_write_raw(out, "</h1>\n");
  if (*story->standfirst != '\0') {
    html_write_raw(out, "<p class=\"standfirst\">");
    html_write_text(out, story->standfirst);
    html_write_raw(out, "</p>\n");
  }
  write_byline(book, story, out);
  html_write_raw(out, "</header>\n");
  if (story->hero != NULL) {
    write_figure(book, out,
                 &(Figure){.image = story->hero,
                           .aspect = ASPECT_3X2,
                           .caption = story->hero_caption,
                           .credit = story->hero_credit});
    html_write_raw(out, "\n");
  }
}

static void write_words(GString *out, const Locale *locale, const char *key, const char *text) {
  html_write_raw(out, "<p><strong>");
  html_write_text(out, locale_word(locale, key));
  html_write_raw(out, "</strong> ");
  html_write_text(out, text);
  html_write_raw(out, "</p>\n");
}

static void write_corrections(const EpubBook *book, const Story *story, GString *out) {
  const Locale *locale = book->job->locale;
  for (guint i = 0; i < story->corrections->len; i++) {
    const Correction *correction = story->corrections->pdata[i];
    g_autofree char *when =
        locale_date_time(locale, correction->corrected_at, book->job->content->site->zone);
    html_write_raw(out, "<aside class=\"correction\"");
    html_write_attribute(out, "lang", book->language);
    html_write_attribute(out, "xml:lang", book->language);
    html_write_attribute(out, "dir", book->direction);
    html_write_raw(out, ">\n<h2>");
    html_write_text(out, locale_word(locale, "correction"));
    html_write_raw(out, " <span class=\"when\">");
    html_write_text(out, when);
    html_write_raw(out, "</span></h2>\n");
    write_words(out, locale, "corrected_wrong", correction->wrong);
    write_words(out, locale, "corrected_right", correction->right);
    html_write_raw(out, "</aside>\n");
  }
}

static void write_source(const EpubBook *book, const Story *story, GString *out) {
  g_autofree char *path =
      address_story(story->section != NULL ? story->section->slug : NULL, story->slug, story->id);
  g_autofree char *url = g_strconcat(book->job->content->site->base_url, path, NULL);
  html_write_raw(out, "<p class=\"source\"><a");
  html_write_attribute(out, "href", url);
  html_write_attribute(out, "lang", book->language);
  html_write_attribute(out, "xml:lang", book->language);
  html_write_raw(out, ">");
  html_write_text(out, locale_word(book->job->locale, "edition_on_web"));
  html_write_raw(out, "</a></p>\n");
}

gboolean epub_write_story(EpubBook *book, const EpubDocument *document, GError **error) {
  const EditionStory *entry = book->job->content->stories->pdata[document->story];
  const Story *story = entry->story;
  g_autoptr(GString) out = g_string_sized_new(strlen(story->body) * 5 / 4 + 4096);
  epub_begin(book, out, story->headline, story->language, 1);
  html_write_raw(out, "<section epub:type=\"chapter\" role=\"doc-chapter\" "
                      "aria-labelledby=\"headline\">\n");
  if (document->page != 0) {
    g_autofree char *anchor = g_strdup_printf("page-%u", document->page);
    html_write_raw(out, "<span epub:type=\"pagebreak\" role=\"doc-pagebreak\"");
    html_write_attribute(out, "id", anchor);
    html_write_integer_attribute(out, "aria-label", document->page);
    html_write_raw(out, "></span>\n");
  }
  write_head(book, story, out);
  if (!write_body(book, story, out, error)) {
    return FALSE;
  }
  write_corrections(book, story, out);
  write_source(book, story, out);
  html_write_raw(out, "</section>\n");
  epub_end(out);
  g_autofree char *name = g_strconcat("EPUB/text/", document->name, NULL);
  zip_add(book->zip, name, (Slice){out->str, out->len});
  return TRUE;
}
