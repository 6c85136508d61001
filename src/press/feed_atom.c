// SPDX-License-Identifier: Apache-2.0
//
// A feed as Atom 1.0 (RFC 4287). Called by feed.c.
#include "base/clock.h"
#include "base/html_writer.h"
#include "press/feed_entry.h"

static void write_date(GString *out, const char *tag, gint64 instant, GTimeZone *zone) {
  g_autofree char *date = clock_format_rfc3339(instant, zone);
  html_write_element(out, tag, date);
}

static void write_link(GString *out, const char *relation, const char *type, const char *url) {
  html_write_raw(out, "<link");
  html_write_attribute(out, "rel", relation);
  html_write_attribute(out, "type", type);
  html_write_attribute(out, "href", url);
  html_write_raw(out, "/>");
}

static void write_people(GString *out, const FeedEntry *entry) {
  for (guint i = 0; i < entry->authors->len; i++) {
    const FeedAuthor *author = g_ptr_array_index(entry->authors, i);
    html_open(out, "author");
    html_write_element(out, "name", author->name);
    html_write_element(out, "uri", author->url);
    html_close(out, "author");
  }
}

static void write_entry(GString *out, const FeedEntry *entry, const Site *site) {
  html_write_raw(out, "<entry");
  html_write_attribute(out, "xml:lang", entry->language);
  html_write_raw(out, ">");
  html_write_element(out, "id", entry->id);
  html_write_element(out, "title", entry->title);
  html_write_element(out, "summary", entry->summary);
  write_link(out, "alternate", "text/html", entry->url);
  if (entry->image_url != NULL) {
    write_link(out, "enclosure", "image/jpeg", entry->image_url);
  }
  write_date(out, "published", entry->published_at, site->zone);
  write_date(out, "updated", entry->updated_at, site->zone);
  write_people(out, entry);
  for (guint i = 0; i < entry->tags->len; i++) {
    html_write_raw(out, "<category");
    html_write_attribute(out, "term", g_ptr_array_index(entry->tags, i));
    html_write_raw(out, "/>");
  }
  html_write_raw(out, "<content type=\"html\">");
  html_write_text(out, entry->html);
  html_write_raw(out, "</content></entry>\n");
}

static void write_feed_head(GString *out, const Feed *feed) {
  const Site *site = feed->site;
  g_autofree char *page_url = feed_absolute(site, feed->page_path);
  g_autofree char *feed_url = feed_absolute(site, feed->feed_path);
  html_write_element(out, "id", feed_url);
  html_write_element(out, "title", feed->title);
  if (*feed->description != '\0') {
    html_write_element(out, "subtitle", feed->description);
  }
  write_link(out, "self", "application/atom+xml", feed_url);
  write_link(out, "alternate", "text/html", page_url);
  write_date(out, "updated", feed->updated_at, site->zone);
  // An entry without bylines has the newspaper for its author (RFC 4287 4.1.1).
  html_open(out, "author");
  html_write_element(out, "name", site->name);
  html_write_element(out, "uri", site->base_url);
  html_close(out, "author");
  html_write_element(out, "generator", "Broadsheet");
  if (feed->logo_path != NULL) {
    g_autofree char *logo = feed_absolute(site, feed->logo_path);
    html_write_element(out, "logo", logo);
  }
}

void feed_write_atom(const Feed *feed, const GPtrArray *entries, GString *out) {
  gsize start = out->len;
  html_write_raw(
      out,
      "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\"");
  html_write_attribute(out, "xml:lang", feed->site->language);
  html_write_raw(out, ">\n");
  write_feed_head(out, feed);
  html_write_raw(out, "\n");
  for (guint i = 0; i < entries->len; i++) {
    write_entry(out, g_ptr_array_index(entries, i), feed->site);
  }
  html_write_raw(out, "</feed>\n");
  feed_forbid_noncharacters(out, start);
}
