// SPDX-License-Identifier: Apache-2.0
//
// Implements api_nouns.h.
#include "web/api_nouns.h"

#include <string.h>

#include "model/address.h"

static void put_rectangle(JsonWriter *json, const char *name, CropRectangle crop) {
  put_object(json, name);
  put_integer(json, "x", crop.x);
  put_integer(json, "y", crop.y);
  put_integer(json, "width", crop.width);
  put_integer(json, "height", crop.height);
  json_end_object(json);
}

static void put_urls(JsonWriter *json, const Image *image, const Site *site) {
  put_object(json, "urls");
  for (guint i = 0; image->hash != NULL && i <= ASPECT_COUNT; i++) {
    ImageAddress address = {
        .image = image, .aspect = (ImageAspect)i, .format = image->format, .width = 0};
    g_autofree char *url = address_image(&address, site->image_key);
    g_autofree char *bare = g_strndup(url, strcspn(url, "?"));
    put_text(json, image_aspect_name((ImageAspect)i), strstr(url, "&s=") != NULL ? url : bare);
  }
  json_end_object(json);
}

void write_image(JsonWriter *json, const Image *image, const Site *site) {
  put_integer(json, "id", image->id);
  put_text(json, "hash", image->hash);
  put_text(json, "format", image_format_name(image->format));
  put_integer(json, "width", image->width);
  put_integer(json, "height", image->height);
  put_integer(json, "bytes", image->byte_count);
  put_text(json, "alt", image->alt);
  put_text(json, "caption", image->caption);
  put_text(json, "credit", image->credit);
  put_text(json, "rights", image->rights);
  put_integer(json, "focal_x", image->focal_x);
  put_integer(json, "focal_y", image->focal_y);
  put_object(json, "crops");
  for (guint i = 0; image->width > 0 && i < ASPECT_COUNT; i++) {
    put_rectangle(json, image_aspect_name((ImageAspect)i), image_crop(image, (ImageAspect)i));
  }
  json_end_object(json);
  put_list(json, "crops_set");
  for (guint i = 0; i < ASPECT_COUNT; i++) {
    if (image->crops[i].width > 0) {
      json_string(json, image_aspect_name((ImageAspect)i));
    }
  }
  json_end_array(json);
  put_urls(json, image, site);
  put_instant(json, "created_at", image->created_at);
  put_null(json, "uploaded_by");
}

void put_image(JsonWriter *json, const char *name, const Image *image, const Site *site) {
  if (image == NULL) {
    put_null(json, name);
    return;
  }
  put_object(json, name);
  write_image(json, image, site);
  json_end_object(json);
}

void write_section(JsonWriter *json, const Section *section) {
  g_autofree char *url = address_listing((Listing){LISTING_SECTION, section->id}, section->slug, 1);
  put_integer(json, "id", section->id);
  put_text(json, "slug", section->slug);
  put_text(json, "name", section->name);
  put_text(json, "description", section->description != NULL ? section->description : "");
  put_integer(json, "position", section->position);
  put_text(json, "url", url);
}

void put_section(JsonWriter *json, const char *name, const Section *section) {
  if (section == NULL) {
    put_null(json, name);
    return;
  }
  put_object(json, name);
  write_section(json, section);
  json_end_object(json);
}

void write_topic(JsonWriter *json, const Topic *topic) {
  put_integer(json, "id", topic->id);
  put_text(json, "slug", topic->slug);
  put_text(json, "name", topic->name);
  put_text(json, "description", topic->description);
}

void write_author(JsonWriter *json, const Author *author, const Site *site) {
  g_autofree char *url = address_listing((Listing){LISTING_AUTHOR, author->id}, author->slug, 1);
  put_integer(json, "id", author->id);
  put_text(json, "slug", author->slug);
  put_text(json, "name", author->name);
  put_text(json, "role", author->role);
  put_text(json, "bio", author->bio);
  put_image(json, "portrait", author->portrait, site);
  put_text(json, "url", url);
}

void write_correction(JsonWriter *json, const Correction *correction) {
  put_integer(json, "id", correction->id);
  put_integer(json, "story_id", correction->story_id);
  put_instant(json, "corrected_at", correction->corrected_at);
  put_text(json, "wrong", correction->wrong);
  put_text(json, "right", correction->right);
}

void put_lock(JsonWriter *json, const char *name, const WorkLock *lock,
              const SummaryContext *context) {
  if (lock == NULL || lock->staff_id == 0 || lock->expires_at <= context->now) {
    put_null(json, name);
    return;
  }
  const char *who = staff_names_get(context->names, lock->staff_id);
  put_object(json, name);
  put_staff(json, "staff", lock->staff_id, who != NULL ? who : "");
  put_instant(json, "since", lock->since);
  put_instant(json, "expires_at", lock->expires_at);
  put_flag(json, "mine",
           context->holder != NULL && lock->holder != NULL &&
               strcmp(context->holder, lock->holder) == 0);
  json_end_object(json);
}

static const Section *section_of(const Site *site, gint64 id) {
  for (guint i = 0; i < site->sections->len; i++) {
    const Section *section = g_ptr_array_index(site->sections, i);
    if (section->id == id) {
      return section;
    }
  }
  return NULL;
}

static void put_url(JsonWriter *json, const WorkSummary *summary) {
  g_autofree char *url =
      summary->status == STORY_PUBLISHED
          ? address_story(*summary->section_slug != '\0' ? summary->section_slug : NULL,
                          summary->slug, summary->id)
          : NULL;
  put_text(json, "url", url);
}

void write_summary(JsonWriter *json, const WorkSummary *summary, const SummaryContext *context) {
  WorkLock lock = {.staff_id = summary->lock_staff_id,
                   .since = summary->lock_since,
                   .expires_at = summary->lock_expires_at,
                   .holder = summary->lock_holder};
  g_autofree char *byline = g_strdup(summary->byline_names);
  put_integer(json, "id", summary->id);
  put_text(json, "headline", summary->headline);
  put_text(json, "slug", summary->slug);
  put_text(json, "kicker", summary->kicker);
  put_section(json, "section", section_of(context->site, summary->section_id));
  put_text(json, "byline", g_strdelimit(byline, "\n", ','));
  put_text(json, "status", story_status_name(summary->status));
  put_text(json, "stage", work_stage_name(summary->state.stage));
  put_flag(json, "has_changes", summary->state.has_changes);
  put_instant(json, "scheduled_for", summary->scheduled_for);
  put_instant(json, "embargo_until", summary->state.embargo_until);
  put_instant(json, "published_at", summary->published_at);
  put_instant(json, "created_at", summary->created_at);
  put_instant(json, "saved_at", summary->state.saved_at);
  put_person(json, "owner", context->names, summary->state.owner_id);
  put_lock(json, "lock", &lock, context);
  put_integer(json, "word_count", summary->word_count);
  put_image(json, "hero", summary->hero, context->site);
  put_url(json, summary);
  put_integer(json, "open_notes", summary->open_notes);
}

char *api_cursor(gint64 instant, gint64 id) {
  return g_strdup_printf("%" G_GINT64_FORMAT ".%" G_GINT64_FORMAT, instant, id);
}

void api_read_cursor(ApiCall *call, gint64 *ret_instant, gint64 *ret_id) {
  const char *text = request_query(call->request, "after");
  const char *dot = text != NULL ? strchr(text, '.') : NULL;
  guint64 instant = 0;
  guint64 id = 0;
  *ret_instant = *ret_id = 0;
  if (text == NULL || *text == '\0') {
    return;
  }
  if (dot == NULL || !slice_parse_uint((Slice){text, (gsize)(dot - text)}, G_MAXINT64, &instant) ||
      !slice_parse_uint(slice_of(dot + 1), G_MAXINT64, &id)) {
    api_fault(call, "after: hand on `next` as it was given");
  }
  *ret_instant = (gint64)instant;
  *ret_id = (gint64)id;
}
