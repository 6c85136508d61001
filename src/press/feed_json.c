// SPDX-License-Identifier: Apache-2.0
//
// A feed as JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/). Called by feed.c.
#include "base/clock.h"
#include "base/json_writer.h"
#include "press/feed_entry.h"

static void write_date_member(JsonWriter *json, const char *name, gint64 instant, GTimeZone *zone) {
  g_autofree char *date = clock_format_rfc3339(instant, zone);
  json_string_member(json, name, date);
}

static void write_authors(JsonWriter *json, const FeedEntry *entry) {
  if (entry->authors->len == 0) {
    return;
  }
  json_name(json, "authors");
  json_array(json);
  for (guint i = 0; i < entry->authors->len; i++) {
    const FeedAuthor *author = g_ptr_array_index(entry->authors, i);
    json_object(json);
    json_string_member(json, "name", author->name);
    json_string_member(json, "url", author->url);
    json_end_object(json);
  }
  json_end_array(json);
}

static void write_item(JsonWriter *json, const FeedEntry *entry, const Site *site) {
  json_object(json);
  json_string_member(json, "id", entry->id);
  json_string_member(json, "url", entry->url);
  json_string_member(json, "title", entry->title);
  json_string_member(json, "summary", entry->summary);
  json_string_member(json, "content_html", entry->html);
  json_string_member(json, "image", entry->image_url);
  write_date_member(json, "date_published", entry->published_at, site->zone);
  write_date_member(json, "date_modified", entry->updated_at, site->zone);
  write_authors(json, entry);
  if (entry->tags->len > 0) {
    json_name(json, "tags");
    json_array(json);
    for (guint i = 0; i < entry->tags->len; i++) {
      json_string(json, g_ptr_array_index(entry->tags, i));
    }
    json_end_array(json);
  }
  json_string_member(json, "language", entry->language);
  json_end_object(json);
}

static void write_head(JsonWriter *json, const Feed *feed) {
  g_autofree char *page_url = feed_absolute(feed->site, feed->page_path);
  g_autofree char *feed_url = feed_absolute(feed->site, feed->feed_path);
  json_string_member(json, "version", "https://jsonfeed.org/version/1.1");
  json_string_member(json, "title", feed->title);
  json_string_member(json, "home_page_url", page_url);
  json_string_member(json, "feed_url", feed_url);
  json_string_member(json, "description", feed->description);
  if (feed->logo_path != NULL) {
    g_autofree char *logo = feed_absolute(feed->site, feed->logo_path);
    json_string_member(json, "icon", logo);
  }
  json_name(json, "authors");
  json_array(json);
  json_object(json);
  json_string_member(json, "name", feed->site->name);
  json_string_member(json, "url", feed->site->base_url);
  json_end_object(json);
  json_end_array(json);
  json_string_member(json, "language", feed->site->language);
}

void feed_write_json(const Feed *feed, const GPtrArray *entries, GString *out) {
  JsonWriter json;
  json_begin(&json, out);
  json_object(&json);
  write_head(&json, feed);
  json_name(&json, "items");
  json_array(&json);
  for (guint i = 0; i < entries->len; i++) {
    write_item(&json, g_ptr_array_index(entries, i), feed->site);
  }
  json_end_array(&json);
  json_end_object(&json);
  g_string_append_c(out, '\n');
}
