// SPDX-License-Identifier: Apache-2.0
//
// What feed.c, feed_rss.c, feed_atom.c and feed_json.c share: one item of a feed in the form that
// all three formats are written from. For these four files only.
#pragma once

#include "press/feed.h"

typedef struct FeedAuthor {
  char *name, *url;
} FeedAuthor;

typedef struct FeedEntry {
  char *id;  // tag: URI (RFC 4151), the same for ever
  char *url; // absolute
  char *title, *summary;
  char *html;                                  // the full text, complete with <div lang dir>
  char *language;                              // BCP 47, never ""
  gint64 published_at, updated_at;             // updated_at is never before published_at
  GPtrArray *authors;                          // FeedAuthor *
  GPtrArray *tags;                             // char *
  char *image_url, *image_text, *image_credit; // image_url NULL: none
  gint32 image_width, image_height;
} FeedEntry;

GPtrArray *feed_entries(const Feed *feed);               // FeedEntry *, freed with the array
char *feed_absolute(const Site *site, const char *path); // caller frees

void feed_write_rss(const Feed *feed, const GPtrArray *entries, GString *out);
void feed_write_atom(const Feed *feed, const GPtrArray *entries, GString *out);
void feed_write_json(const Feed *feed, const GPtrArray *entries, GString *out);

// Replaces U+FFFE and U+FFFF, which XML 1.0 does not allow, in what was written from `start` on.
void feed_forbid_noncharacters(GString *out, gsize start);
