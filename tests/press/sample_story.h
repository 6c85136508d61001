// SPDX-License-Identifier: Apache-2.0
//
// A newspaper and a story with everything on it, for the tests of feeds and structured data.
// Included by them only.
#pragma once

#include "model/site.h"

#define SAMPLE_HASH "c478eb1d3eccd07838bdf3fa794433a69e8b21f9"
#define SAMPLE_TIME (G_GINT64_CONSTANT(1795426200) * 1000000) // 2026-11-23T09:30:00Z

static inline void sample_set(char **field, const char *text) {
  g_free(*field);
  *field = g_strdup(text);
}

static inline Site *sample_site(void) {
  Site *site = site_new();
  sample_set(&site->name, "The Daily <Test>");
  sample_set(&site->base_url, "https://daily.example");
  sample_set(&site->publisher, "Daily & Sons");
  sample_set(&site->contact, "desk@daily.example");
  sample_set(&site->image_key, "key");
  g_time_zone_unref(site->zone);
  site->zone = g_time_zone_new_offset(3600);
  return site;
}

static inline Image *sample_image(void) {
  Image *image = image_new();
  image->id = 7;
  image->hash = g_strdup(SAMPLE_HASH);
  image->format = FORMAT_JPEG;
  image->width = 4000;
  image->height = 3000;
  sample_set(&image->alt, "A \"bridge\"");
  sample_set(&image->caption, "The bridge at dawn");
  sample_set(&image->credit, "Ada Lens");
  return image;
}

static inline Section *sample_section(void) {
  Section *section = g_new0(Section, 1);
  section->id = 3;
  section->slug = g_strdup("politics");
  section->name = g_strdup("Politics");
  section->description = g_strdup("");
  return section;
}

static inline void sample_add_author(Story *story, const char *slug, const char *name,
                                     const char *role) {
  Byline *byline = g_new0(Byline, 1);
  Author *author = g_new0(Author, 1);
  author->id = 1 + story->bylines->len;
  author->slug = g_strdup(slug);
  author->name = g_strdup(name);
  author->role = g_strdup(role);
  author->bio = g_strdup("");
  byline->author = author;
  byline->role = g_strdup("");
  g_ptr_array_add(story->bylines, byline);
}

static inline void sample_add_topic(Story *story, const char *slug, const char *name) {
  Topic *topic = g_new0(Topic, 1);
  topic->id = 1 + story->topics->len;
  topic->slug = g_strdup(slug);
  topic->name = g_strdup(name);
  topic->description = g_strdup("");
  g_ptr_array_add(story->topics, topic);
}

static inline Correction *sample_correction(void) {
  Correction *correction = g_new0(Correction, 1);
  correction->id = 5;
  correction->story_id = 17;
  correction->corrected_at = SAMPLE_TIME + 2 * G_GINT64_CONSTANT(3600000000);
  correction->wrong = g_strdup("The bridge was said to be 40 m long.");
  correction->right = g_strdup("It is 400 m long.");
  return correction;
}

static inline Story *sample_story(void) {
  Story *story = story_new();
  story->id = 17;
  story->status = STORY_PUBLISHED;
  story->created_at = SAMPLE_TIME - 86400 * G_GINT64_CONSTANT(1000000);
  story->published_at = SAMPLE_TIME;
  story->updated_at = SAMPLE_TIME + G_GINT64_CONSTANT(3600000000);
  story->word_count = 12;
  sample_set(&story->slug, "bridge-opens");
  sample_set(&story->headline, "Bridge opens & closes");
  sample_set(&story->standfirst, "After <ten> years, the bridge is open.");
  sample_set(&story->dateline, "CANBERRA");
  sample_set(&story->body, "The *bridge* is [open](/politics).\n\n![](image:" SAMPLE_HASH ")\n");
  story->section = sample_section();
  story->hero = sample_image();
  g_ptr_array_add(story->images, sample_image());
  sample_add_author(story, "ada", "Ada Okonkwo", "Political editor");
  sample_add_author(story, "bo", "Bo Li", "");
  sample_add_topic(story, "bridges", "Bridges");
  g_ptr_array_add(story->corrections, sample_correction());
  return story;
}
