// SPDX-License-Identifier: Apache-2.0
//
// The rows of the table in importer.c, one a format, each in the file of its name. For
// importer.c, the tests and the fuzz harnesses; everybody else asks importer_for().
#pragma once

#include "exchange/importer.h"

extern const Importer importer_feed;           // RSS 2.0, RSS 1.0, Atom
extern const Importer importer_html_article;   // an HTML page with an article in it
extern const Importer importer_markdown_story; // YAML front matter and Markdown
extern const Importer importer_found_article;  // text that an extractor saved from a page
