// SPDX-License-Identifier: Apache-2.0
//
// Implements edition.h.
#include "model/edition.h"

#include "base/digest.h"
#include "model/newsletter.h"

#define ALL_DAYS 127U

static const char *const FORMATS[EDITION_FORMATS] = {[EDITION_TABLOID] = "tabloid",
                                                     [EDITION_BERLINER] = "berliner",
                                                     [EDITION_A4] = "a4",
                                                     [EDITION_PHONE] = "phone"};

const char *edition_format_name(EditionFormat format) {
  return (guint)format < EDITION_FORMATS ? FORMATS[format] : "unknown";
}

gboolean edition_format_parse(const char *name, EditionFormat *ret_format) {
  for (guint i = 0; i < EDITION_FORMATS; i++) {
    if (g_strcmp0(name, FORMATS[i]) == 0) {
      *ret_format = (EditionFormat)i;
      return TRUE;
    }
  }
  return FALSE;
}

gboolean edition_parse_formats(const char *text, guint32 *ret_formats) {
  g_auto(GStrv) names = g_strsplit(text, ",", -1);
  guint32 formats = 0;
  for (guint i = 0; names[i] != NULL; i++) {
    EditionFormat format;
    if (!edition_format_parse(g_strstrip(names[i]), &format)) {
      return FALSE;
    }
    formats |= 1U << format;
  }
  if (formats != 0) {
    *ret_formats = formats;
  }
  return formats != 0;
}

char *edition_format_names(guint32 formats) {
  GString *out = g_string_new(NULL);
  for (guint i = 0; i < EDITION_FORMATS; i++) {
    if ((formats >> i & 1) != 0) {
      g_string_append_printf(out, "%s%s", out->len > 0 ? "," : "", FORMATS[i]);
    }
  }
  return g_string_free(out, FALSE);
}

EditionFormat edition_first_format(guint32 formats) {
  for (guint i = 0; i < EDITION_FORMATS; i++) {
    if ((formats >> i & 1) != 0) {
      return (EditionFormat)i;
    }
  }
  return EDITION_TABLOID;
}

gboolean edition_day_is_valid(gint32 day) {
  return day > 0 && day / 10000 <= 9999 &&
         g_date_valid_dmy((GDateDay)(day % 100), (GDateMonth)(day / 100 % 100),
                          (GDateYear)(day / 10000));
}

gboolean edition_day_parse(const char *text, gint32 *ret_day) {
  guint64 year = 0;
  guint64 month = 0;
  guint64 number = 0;
  Slice whole = slice_of(text);
  if (whole.length != 10 || text[4] != '-' || text[7] != '-' ||
      !slice_parse_uint(slice_range(whole, 0, 4), 9999, &year) ||
      !slice_parse_uint(slice_range(whole, 5, 2), 12, &month) ||
      !slice_parse_uint(slice_range(whole, 8, 2), 31, &number)) {
    return FALSE;
  }
  gint32 day = (gint32)(year * 10000 + month * 100 + number);
  if (!edition_day_is_valid(day)) {
    return FALSE;
  }
  *ret_day = day;
  return TRUE;
}

char *edition_day_text(gint32 day) {
  return g_strdup_printf("%04d-%02d-%02d", day / 10000, day / 100 % 100, day % 100);
}

void edition_story_free(EditionStory *story) {
  if (story != NULL) {
    story_free(story->story);
    g_free(story);
  }
}

void edition_note_free(EditionNote *note) {
  if (note != NULL) {
    correction_free(note->correction);
    g_free(note->headline);
    g_free(note->url);
    g_free(note);
  }
}

EditionContent *edition_content_new(void) {
  EditionContent *content = g_new0(EditionContent, 1);
  content->stories = g_ptr_array_new_with_free_func((GDestroyNotify)edition_story_free);
  content->notes = g_ptr_array_new_with_free_func((GDestroyNotify)edition_note_free);
  content->identifier = g_strdup("");
  return content;
}

void edition_content_free(EditionContent *content) {
  if (content != NULL) {
    site_unref(content->site);
    g_ptr_array_unref(content->stories);
    g_ptr_array_unref(content->notes);
    g_free(content->identifier);
    g_free(content);
  }
}

EditionSettings *edition_settings_new(void) {
  EditionSettings *settings = g_new0(EditionSettings, 1);
  *settings = (EditionSettings){.active = TRUE,
                                .make_minute = 330,
                                .days = ALL_DAYS,
                                .zone_name = g_strdup(""),
                                .formats = 1U << EDITION_TABLOID,
                                .story_limit = 60,
                                .attach_megabytes = 7};
  return settings;
}

void edition_settings_free(EditionSettings *settings) {
  if (settings != NULL) {
    g_free(settings->zone_name);
    g_free(settings);
  }
}

gint64 edition_instant(const EditionSettings *settings, gint32 day, GTimeZone *zone) {
  Newsletter hour = {.send_minute = settings->make_minute, .send_days = settings->days};
  return newsletter_instant(&hour, day, zone);
}

const char *edition_state_name(EditionState state) {
  static const char *const STATES[] = {[EDITION_PLANNED] = "planned",
                                       [EDITION_MADE] = "made",
                                       [EDITION_FAILED] = "failed",
                                       [EDITION_PUBLISHED] = "published"};
  return (guint)state < G_N_ELEMENTS(STATES) ? STATES[state] : "unknown";
}

Edition *edition_new(void) {
  Edition *edition = g_new0(Edition, 1);
  edition->reason = g_strdup("");
  return edition;
}

void edition_free(Edition *edition) {
  if (edition != NULL) {
    g_free(edition->reason);
    g_free(edition);
  }
}

char *edition_identifier(const char *base_url, gint32 day) {
  g_autofree char *name = g_strdup_printf("edition\n%s\n%d", base_url, day);
  guint8 bytes[DIGEST_BYTES];
  digest_of(slice_of(name), bytes);
  bytes[6] = (guint8)((bytes[6] & 0x0F) | 0x80);
  bytes[8] = (guint8)((bytes[8] & 0x3F) | 0x80);
  GString *out = g_string_new("urn:uuid:");
  for (guint i = 0; i < 16; i++) {
    g_string_append_printf(out, "%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "",
                           bytes[i]);
  }
  return g_string_free(out, FALSE);
}

EditionFile *edition_file_new(void) {
  EditionFile *file = g_new0(EditionFile, 1);
  file->media_type = g_strdup("");
  file->hash = g_strdup("");
  return file;
}

void edition_file_free(EditionFile *file) {
  if (file != NULL) {
    g_free(file->media_type);
    g_free(file->hash);
    g_free(file);
  }
}
