// SPDX-License-Identifier: Apache-2.0
//
// A feed as RSS 2.0 (https://www.rssboard.org/rss-specification), with the full text in
// content:encoded, authors in dc:creator and the picture in media:content. Called by feed.c.
#include <string.h>

#include "base/clock.h"
#include "base/html_writer.h"
#include "press/feed_entry.h"

#define TIME_TO_LIVE_MINUTES "30"

// HTML in a CDATA section: "]]>" ends one, and is cut in two (XML 1.0 2.7).
static void write_cdata(GString *out, const char *html) {
  html_write_raw(out, "<![CDATA[");
  for (const char *end = strstr(html, "]]>"); end != NULL; end = strstr(html, "]]>")) {
    g_string_append_len(out, html, end + 2 - html);
    html_write_raw(out, "]]><![CDATA[");
    html = end + 2;
  }
  g_string_append(out, html);
  html_write_raw(out, "]]>");
}

static void write_date(GString *out, const char *tag, gint64 instant) {
  g_autofree char *date = clock_format_rfc5322(instant);
  html_write_element(out, tag, date);
}

static void write_media(GString *out, const FeedEntry *entry) {
  html_write_raw(out, "<media:content");
  html_write_attribute(out, "url", entry->image_url);
  html_write_raw(out, " medium=\"image\" type=\"image/jpeg\"");
  html_write_integer_attribute(out, "width", entry->image_width);
  html_write_integer_attribute(out, "height", entry->image_height);
  html_write_raw(out, ">");
  if (*entry->image_text != '\0') {
    html_write_element(out, "media:description", entry->image_text);
  }
  if (*entry->image_credit != '\0') {
    html_write_element(out, "media:credit", entry->image_credit);
  }
  html_write_raw(out, "</media:content>");
}

static void write_item(GString *out, const FeedEntry *entry) {
  html_write_raw(out, "<item>");
  html_write_element(out, "title", entry->title);
  html_write_element(out, "link", entry->url);
  html_write_raw(out, "<guid isPermaLink=\"false\">");
  html_write_text(out, entry->id);
  html_write_raw(out, "</guid>");
  write_date(out, "pubDate", entry->published_at);
  for (guint i = 0; i < entry->authors->len; i++) {
    const FeedAuthor *author = g_ptr_array_index(entry->authors, i);
    html_write_element(out, "dc:creator", author->name);
  }
  for (guint i = 0; i < entry->tags->len; i++) {
    html_write_element(out, "category", g_ptr_array_index(entry->tags, i));
  }
  html_write_element(out, "dc:language", entry->language);
  html_write_element(out, "description", entry->summary);
  if (entry->image_url != NULL) {
    write_media(out, entry);
  }
  html_write_raw(out, "<content:encoded>");
  write_cdata(out, entry->html);
  html_write_raw(out, "</content:encoded></item>\n");
}

static void write_channel_image(GString *out, const Feed *feed, const char *page_url) {
  g_autofree char *logo = feed_absolute(feed->site, feed->logo_path);
  html_open(out, "image");
  html_write_element(out, "url", logo);
  html_write_element(out, "title", feed->title);
  html_write_element(out, "link", page_url);
  html_close(out, "image");
}

static void write_channel_head(GString *out, const Feed *feed) {
  g_autofree char *page_url = feed_absolute(feed->site, feed->page_path);
  g_autofree char *feed_url = feed_absolute(feed->site, feed->feed_path);
  html_write_element(out, "title", feed->title);
  html_write_element(out, "link", page_url);
  html_write_element(out, "description",
                     *feed->description != '\0' ? feed->description : feed->title);
  html_write_raw(out, "<atom:link");
  html_write_attribute(out, "href", feed_url);
  html_write_raw(out, " rel=\"self\" type=\"application/rss+xml\"/>");
  html_write_element(out, "language", feed->site->language);
  write_date(out, "lastBuildDate", feed->updated_at);
  html_write_element(out, "generator", "Broadsheet " BROADSHEET_VERSION);
  html_write_element(out, "docs", "https://www.rssboard.org/rss-specification");
  html_write_element(out, "ttl", TIME_TO_LIVE_MINUTES);
  if (feed->logo_path != NULL) {
    write_channel_image(out, feed, page_url);
  }
}

void feed_write_rss(const Feed *feed, const GPtrArray *entries, GString *out) {
  gsize start = out->len;
  html_write_raw(out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
                      "<rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/Atom\""
                      " xmlns:content=\"http://purl.org/rss/1.0/modules/content/\""
                      " xmlns:dc=\"http://purl.org/dc/elements/1.1/\""
                      " xmlns:media=\"http://search.yahoo.com/mrss/\">\n<channel>");
  write_channel_head(out, feed);
  html_write_raw(out, "\n");
  for (guint i = 0; i < entries->len; i++) {
    write_item(out, g_ptr_array_index(entries, i));
  }
  html_write_raw(out, "</channel>\n</rss>\n");
  feed_forbid_noncharacters(out, start);
}
