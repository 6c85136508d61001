// SPDX-License-Identifier: Apache-2.0
//
// Implements story.h: making, copying and freeing of plain structs, and names of states.
#include "model/story.h"

#include <string.h>

static const char *const STATUS_NAMES[] = {"draft", "scheduled", "published", "withdrawn"};
static const char *const WEIGHT_NAMES[] = {"lead", "second", "brief"};

static gboolean parse_name(const char *const names[], guint count, const char *name,
                           guint *ret_index) {
  for (guint i = 0; i < count; i++) {
    if (g_strcmp0(name, names[i]) == 0) {
      *ret_index = i;
      return TRUE;
    }
  }
  return FALSE;
}

const char *story_status_name(StoryStatus status) {
  return STATUS_NAMES[status];
}

gboolean story_status_parse(const char *name, StoryStatus *ret_status) {
  guint index = 0;
  gboolean found = parse_name(STATUS_NAMES, G_N_ELEMENTS(STATUS_NAMES), name, &index);
  if (found) {
    *ret_status = (StoryStatus)index;
  }
  return found;
}

const char *front_weight_name(FrontWeight weight) {
  return WEIGHT_NAMES[weight];
}

gboolean front_weight_parse(const char *name, FrontWeight *ret_weight) {
  guint index = 0;
  gboolean found = parse_name(WEIGHT_NAMES, G_N_ELEMENTS(WEIGHT_NAMES), name, &index);
  if (found) {
    *ret_weight = (FrontWeight)index;
  }
  return found;
}

void section_free(Section *section) {
  if (section != NULL) {
    g_free(section->slug);
    g_free(section->name);
    g_free(section->description);
    g_free(section);
  }
}

Section *section_copy(const Section *section) {
  if (section == NULL) {
    return NULL;
  }
  Section *copy = g_memdup2(section, sizeof *section);
  copy->slug = g_strdup(section->slug);
  copy->name = g_strdup(section->name);
  copy->description = g_strdup(section->description);
  return copy;
}

void topic_free(Topic *topic) {
  if (topic != NULL) {
    g_free(topic->slug);
    g_free(topic->name);
    g_free(topic->description);
    g_free(topic);
  }
}

Topic *topic_copy(const Topic *topic) {
  if (topic == NULL) {
    return NULL;
  }
  Topic *copy = g_memdup2(topic, sizeof *topic);
  copy->slug = g_strdup(topic->slug);
  copy->name = g_strdup(topic->name);
  copy->description = g_strdup(topic->description);
  return copy;
}

void author_free(Author *author) {
  if (author != NULL) {
    g_free(author->slug);
    g_free(author->name);
    g_free(author->role);
    g_free(author->bio);
    image_free(author->portrait);
    g_free(author);
  }
}

Author *author_copy(const Author *author) {
  if (author == NULL) {
    return NULL;
  }
  Author *copy = g_memdup2(author, sizeof *author);
  copy->slug = g_strdup(author->slug);
  copy->name = g_strdup(author->name);
  copy->role = g_strdup(author->role);
  copy->bio = g_strdup(author->bio);
  copy->portrait = image_copy(author->portrait);
  return copy;
}

void byline_free(Byline *byline) {
  if (byline != NULL) {
    author_free(byline->author);
    g_free(byline->role);
    g_free(byline);
  }
}

void correction_free(Correction *correction) {
  if (correction != NULL) {
    g_free(correction->wrong);
    g_free(correction->right);
    g_free(correction);
  }
}

Story *story_new(void) {
  Story *story = g_new0(Story, 1);
  char **texts[] = {&story->slug,
                    &story->headline,
                    &story->standfirst,
                    &story->kicker,
                    &story->dateline,
                    &story->body,
                    &story->language,
                    &story->hero_caption,
                    &story->hero_credit,
                    &story->seo_title,
                    &story->seo_description,
                    &story->share_title,
                    &story->share_description};
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    *texts[i] = g_strdup("");
  }
  story->bylines = g_ptr_array_new_with_free_func((GDestroyNotify)byline_free);
  story->topics = g_ptr_array_new_with_free_func((GDestroyNotify)topic_free);
  story->corrections = g_ptr_array_new_with_free_func((GDestroyNotify)correction_free);
  story->images = g_ptr_array_new_with_free_func((GDestroyNotify)image_free);
  return story;
}

void story_free(Story *story) {
  if (story == NULL) {
    return;
  }
  char *texts[] = {story->slug,         story->headline,        story->standfirst,
                   story->kicker,       story->dateline,        story->body,
                   story->language,     story->hero_caption,    story->hero_credit,
                   story->seo_title,    story->seo_description, story->source_key,
                   story->content_hash, story->share_title,     story->share_description};
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_free(texts[i]);
  }
  section_free(story->section);
  g_ptr_array_unref(story->bylines);
  g_ptr_array_unref(story->topics);
  g_ptr_array_unref(story->corrections);
  g_ptr_array_unref(story->images);
  image_free(story->hero);
  image_free(story->share_image);
  g_free(story);
}

gint64 story_changed_at(const Story *story) {
  gint64 newest = MAX(story->published_at, story->updated_at);
  for (guint i = 0; i < story->corrections->len; i++) {
    const Correction *correction = g_ptr_array_index(story->corrections, i);
    newest = MAX(newest, correction->corrected_at);
  }
  return newest;
}

Teaser *teaser_new(void) {
  Teaser *teaser = g_new0(Teaser, 1);
  char **texts[] = {&teaser->slug,         &teaser->headline,    &teaser->standfirst,
                    &teaser->kicker,       &teaser->language,    &teaser->byline_names,
                    &teaser->section_slug, &teaser->section_name};
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    *texts[i] = g_strdup("");
  }
  return teaser;
}

void teaser_free(Teaser *teaser) {
  if (teaser == NULL) {
    return;
  }
  char *texts[] = {teaser->slug,         teaser->headline,    teaser->standfirst,
                   teaser->kicker,       teaser->language,    teaser->byline_names,
                   teaser->section_slug, teaser->section_name};
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_free(texts[i]);
  }
  image_free(teaser->hero);
  g_free(teaser);
}

Teaser *teaser_of(const Story *story) {
  Teaser *teaser = g_new0(Teaser, 1);
  teaser->id = story->id;
  teaser->slug = g_strdup(story->slug);
  teaser->headline = g_strdup(story->headline);
  teaser->standfirst = g_strdup(story->standfirst);
  teaser->kicker = g_strdup(story->kicker);
  teaser->language = g_strdup(story->language);
  g_autoptr(GString) names = g_string_new(NULL);
  for (guint i = 0; i < story->bylines->len; i++) {
    const Byline *byline = g_ptr_array_index(story->bylines, i);
    if (names->len > 0) {
      g_string_append_c(names, '\n');
    }
    g_string_append(names, byline->author->name);
  }
  teaser->byline_names = g_strdup(names->str);
  teaser->section_id = story->section != NULL ? story->section->id : 0;
  teaser->section_slug = g_strdup(story->section != NULL ? story->section->slug : "");
  teaser->section_name = g_strdup(story->section != NULL ? story->section->name : "");
  teaser->published_at = story->published_at;
  teaser->updated_at = story->updated_at;
  teaser->hero = image_copy(story->hero);
  return teaser;
}

void story_revision_free(StoryRevision *revision) {
  if (revision != NULL) {
    g_free(revision->headline);
    g_free(revision->standfirst);
    g_free(revision->body);
    g_free(revision->note);
    g_free(revision);
  }
}

void front_slot_free(FrontSlot *slot) {
  if (slot != NULL) {
    teaser_free(slot->story);
    g_free(slot);
  }
}

void front_free(Front *front) {
  if (front != NULL) {
    g_ptr_array_unref(front->slots);
    g_free(front);
  }
}

gboolean language_is_right_to_left(const char *language) {
  static const char *const LANGUAGES[] = {"ar", "fa",  "he", "ur",  "ps",  "yi", "dv",
                                          "ug", "ckb", "sd", "arc", "nqo", "rhg"};
  static const char *const SCRIPTS[] = {"-Arab", "-Hebr", "-Thaa", "-Syrc",
                                        "-Nkoo", "-Adlm", "-Rohg"};
  if (language == NULL) {
    return FALSE;
  }
  for (gsize i = 0; i < G_N_ELEMENTS(SCRIPTS); i++) {
    if (strstr(language, SCRIPTS[i]) != NULL) {
      return TRUE;
    }
  }
  if (strstr(language, "-Latn") != NULL || strstr(language, "-Cyrl") != NULL) {
    return FALSE;
  }
  gsize length = strcspn(language, "-_");
  for (gsize i = 0; i < G_N_ELEMENTS(LANGUAGES); i++) {
    if (strlen(LANGUAGES[i]) == length &&
        g_ascii_strncasecmp(language, LANGUAGES[i], length) == 0) {
      return TRUE;
    }
  }
  return FALSE;
}
