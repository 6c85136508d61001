// SPDX-License-Identifier: Apache-2.0
//
// The newspaper itself: its name and its habits (site settings, kept in the store)
// with the sections that make its navigation. Immutable once loaded; shared by
// reference count between threads.
#pragma once

#include "model/story.h"

typedef struct Site {
  gatomicrefcount references;
  char *name, *tagline, *description;
  char *base_url;  // "https://example.org", no slash at the end
  char *language;  // BCP 47: "en", "de", "ar" …
  char *zone_name; // IANA: "Europe/Berlin"
  GTimeZone *zone;
  char *publisher;      // legal name; "" means name
  char *contact;        // mail address shown to readers; ""
  char *image_key;      // signs image URLs with free rectangles; secret
  char *mail_key;       // signs readers' links, hashes addresses; secret
  char *mail_sender;    // newsletters come from it, unless they say otherwise; "": news@ the host
  char *bounce_address; // returned mail goes there; "": to the sender, without a token
  char *postal_address; // in the footer of every mail; ""
  char *maintenance;    // "on": readers get 503, but for what leaves, confirms and is their own
  char *form_origins;   // sites whose scripts may read and send the sign-up form; "" none, "*" any
  GPtrArray *sections;  // Section *, by position
  gboolean offers_newsletters; // there is something to sign up for
  gint64 revision;             // site revision that this was read at
} Site;

Site *
site_new(void); // name "Broadsheet", language "en", zone UTC, base_url "http://localhost:8080"
Site *site_ref(Site *site);
void site_unref(Site *site);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Site, site_unref)

// The host of base_url, without a port: what mail is said to come from. Caller frees.
char *site_host(const Site *site);
char *site_sender(const Site *site); // mail_sender, or news@ the host; caller frees

const Section *site_section_by_slug(const Site *site, const char *slug); // NULL if none
