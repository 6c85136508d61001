// SPDX-License-Identifier: Apache-2.0
//
// The steps that every importer takes, in one place: bytes to UTF-8, names to authors and topics,
// picture references to ImportedPictures, and the seal (depth check and content hash) at the end.
// For src/exchange only. Any thread.
#pragma once

#include "exchange/importer.h"

// The file's text as UTF-8 with LF line ends and without byte order mark (UTF-16 with one is
// converted). The error names the line of the first bad byte. Caller frees.
char *import_decode(Slice bytes, GError **error);

void import_note(GPtrArray *notes, guint line, const char *format, ...) G_GNUC_PRINTF(3, 4);

void import_set_text(char **field, const char *text); // NULL becomes ""; the old text is freed
void import_add_author(Story *story, const char *name, const char *role); // once each name
// "Jane Doe, Ali Roe and Kim Poe", with or without "By"; roles are left empty.
void import_add_authors(Story *story, const char *names);
void import_add_topic(Story *story, const char *name);
void import_set_section(Story *story, const char *name); // "politics" becomes Politics

// `url` names the picture; aspect and crop are read from it where they stand there
// (…-16x9-x0y0w1280h720.jpg?imwidth=810). The pointer holds until the next call.
ImportedPicture *import_add_picture(ImportItem *item, const char *url);
const char *import_keep_text(ImportItem *item, const char *text); // lives as long as the item

// A name that may be given to load_beside: relative, no "..", no scheme, no backslash, no leading
// dot.
gboolean import_name_is_beside(const char *name);

// Sets the bytes of a picture from the folder, or notes that it can't be had.
gboolean import_load_picture(ImportItem *item, guint index, const ImportSource *source, guint line,
                             GPtrArray *notes, GError **error);

// Parses the body (whose first line is `first_line` of the file; 0: lines can't be told), makes an
// ImportedPicture of each picture in it, and sets the content hash. The last step of an importer.
gboolean import_seal(ImportItem *item, const ImportSource *source, guint first_line,
                     GPtrArray *notes, GError **error);

// Writes plain text so that Markdown reads it back as the same text.
void import_escape_markdown(GString *out, Slice text, gboolean at_line_start);
// Text for a picture's alternative, caption or title in Markdown: one line, quotes and brackets
// escaped.
void import_escape_label(GString *out, const char *text);

char *import_path_of_url(
    const char *url); // "/2024/a-story" of an absolute URL or path; NULL for none or "/"
