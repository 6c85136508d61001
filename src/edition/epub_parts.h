// SPDX-License-Identifier: Apache-2.0
//
// What the files of an EPUB's making share. For epub*.c only.
#pragma once

#include "edition/epub.h"
#include "edition/zip.h"

#define EPUB_NO_STORY G_MAXUINT

// One document, in the order of reading.
typedef struct EpubDocument {
  char *name;  // "story-17.xhtml", in text/
  char *title; // as the table of contents says it
  guint story; // index into content->stories, or EPUB_NO_STORY
  char *group; // heading that it stands under in the table of contents; NULL: under none
  guint page;  // the printed page that begins with it, for the list of pages; 0: none does
} EpubDocument;

typedef struct EpubPicture {
  char *name; // "3f….jpg", in pictures/
  gint32 width, height;
} EpubPicture;

typedef struct EpubBook {
  const EpubJob *job;
  Zip *zip;
  GArray *documents;    // EpubDocument
  GHashTable *pictures; // "hash x0y0w1h1" -> EpubPicture, NULL: can't be had
  GPtrArray *names;     // char *: of the pictures, in the order in which they came in
  gboolean described;   // every picture has a text for those who don't see it
  const char *language, *direction;
} EpubBook;

// Begins and ends an XHTML document. `language` "": the newspaper's. `depth` 1: in text/.
void epub_begin(const EpubBook *book, GString *out, const char *title, const char *language,
                guint depth);
void epub_end(GString *out);
// Writes text/<name> of the document's story into the zip, its pictures before.
gboolean epub_write_story(EpubBook *book, const EpubDocument *document, GError **error);

// nav.xhtml and package.opf, once all documents are known.
void epub_write_navigation(const EpubBook *book, GString *out);
void epub_write_package(const EpubBook *book, GString *out);
char *epub_date(const EpubBook *book); // "Monday, 23 November 2026"; caller frees
