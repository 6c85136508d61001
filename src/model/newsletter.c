// SPDX-License-Identifier: Apache-2.0
//
// Implements newsletter.h. The hour of a day is found by walking the zone's offsets, because
// g_time_zone_adjust_time does not promise which of two instants it takes.
#include "model/newsletter.h"

#include "base/clock.h"
#include "base/slice.h"

#define ALL_DAYS 127U

static const char *const KINDS[] = {[NEWSLETTER_DAILY] = "daily",
                                    [NEWSLETTER_BREAKING] = "breaking",
                                    [NEWSLETTER_EDITION] = "edition"};

const char *newsletter_kind_name(NewsletterKind kind) {
  return (guint)kind < G_N_ELEMENTS(KINDS) ? KINDS[kind] : "unknown";
}

gboolean newsletter_kind_parse(const char *name, NewsletterKind *ret_kind) {
  for (guint i = 0; i < G_N_ELEMENTS(KINDS); i++) {
    if (g_strcmp0(name, KINDS[i]) == 0) {
      *ret_kind = (NewsletterKind)i;
      return TRUE;
    }
  }
  return FALSE;
}

static const char *const CHOICES[ATTACHMENT_CHOICES] = {
    [ATTACH_NOTHING] = "nothing", [ATTACH_PDF] = "pdf", [ATTACH_EPUB] = "epub"};

const char *attachment_choice_name(AttachmentChoice choice) {
  return (guint)choice < ATTACHMENT_CHOICES ? CHOICES[choice] : "unknown";
}

gboolean attachment_choice_parse(const char *name, AttachmentChoice *ret_choice) {
  for (guint i = 0; i < ATTACHMENT_CHOICES; i++) {
    if (g_strcmp0(name, CHOICES[i]) == 0) {
      *ret_choice = (AttachmentChoice)i;
      return TRUE;
    }
  }
  return FALSE;
}

Newsletter *newsletter_new(void) {
  Newsletter *newsletter = g_new0(Newsletter, 1);
  char **texts[] = {&newsletter->slug,           &newsletter->name,       &newsletter->description,
                    &newsletter->sender_name,    &newsletter->language,   &newsletter->zone_name,
                    &newsletter->sender_address, &newsletter->reply_to,   &newsletter->template,
                    &newsletter->introduction,   &newsletter->section_ids};
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    *texts[i] = g_strdup("");
  }
  newsletter->offered = TRUE;
  newsletter->send_minute = 390;
  newsletter->send_days = ALL_DAYS;
  newsletter->story_limit = 12;
  newsletter->lateness_minutes = 720;
  newsletter->active = TRUE;
  return newsletter;
}

void newsletter_free(Newsletter *newsletter) {
  if (newsletter == NULL) {
    return;
  }
  char *texts[] = {newsletter->slug,           newsletter->name,       newsletter->description,
                   newsletter->sender_name,    newsletter->language,   newsletter->zone_name,
                   newsletter->sender_address, newsletter->reply_to,   newsletter->template,
                   newsletter->introduction,   newsletter->section_ids};
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_free(texts[i]);
  }
  g_free(newsletter);
}

static gint64 offset_at(GTimeZone *zone, gint64 seconds) {
  gint interval = g_time_zone_find_interval(zone, G_TIME_TYPE_UNIVERSAL, seconds);
  return interval < 0 ? 0 : g_time_zone_get_offset(zone, interval);
}

// The first second at or after `low` whose offset is that of `high`; one change lies in between.
static gint64 find_change(GTimeZone *zone, gint64 low, gint64 high) {
  gint64 after = offset_at(zone, high);
  while (low < high) {
    gint64 middle = low + (high - low) / 2;
    if (offset_at(zone, middle) == after) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return high;
}

// The first second at which the clock on the wall shows `local` or, where it never does, the
// first after the gap.
static gint64 first_showing(GTimeZone *zone, gint64 local) {
  // Every change that matters lies within a day on either side: offsets are between -15 and +15 h.
  gint64 early = offset_at(zone, local - 86400), late = offset_at(zone, local + 86400);
  gint64 by_early = local - early, by_late = local - late;
  if (early == late || offset_at(zone, by_early) == early) {
    return by_early;
  }
  if (offset_at(zone, by_late) == late) {
    return by_late;
  }
  return find_change(zone, MIN(by_early, by_late) - 1, MAX(by_early, by_late) + 1);
}

gint64 newsletter_instant(const Newsletter *newsletter, gint32 day, GTimeZone *zone) {
  if (day <= 0 || !g_date_valid_dmy((GDateDay)(day % 100), (GDateMonth)(day / 100 % 100),
                                    (GDateYear)(day / 10000))) {
    return 0;
  }
  GDate date;
  g_date_clear(&date, 1);
  g_date_set_dmy(&date, (GDateDay)(day % 100), (GDateMonth)(day / 100 % 100),
                 (GDateYear)(day / 10000));
  guint bit = (guint)g_date_get_weekday(&date) - G_DATE_MONDAY;
  if ((newsletter->send_days >> bit & 1) == 0) {
    return 0;
  }
  gint64 days = (gint64)g_date_get_julian(&date) - 719163; // 1 January 1970
  gint64 local = days * 86400 + (gint64)newsletter->send_minute * 60;
  return first_showing(zone, local) * CLOCK_SECOND;
}

gboolean newsletter_parse_minute(const char *text, gint32 *ret_minute) {
  Slice whole = slice_of(text);
  gssize colon = slice_find_char(whole, ':');
  guint64 hour, minute;
  if (colon < 1 || colon > 2 || whole.length - (gsize)colon != 3 ||
      !slice_parse_uint(slice_range(whole, 0, (gsize)colon), 23, &hour) ||
      !slice_parse_uint(slice_from(whole, (gsize)colon + 1), 59, &minute)) {
    return FALSE;
  }
  *ret_minute = (gint32)(hour * 60 + minute);
  return TRUE;
}

static const char *const DAYS[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

static gboolean parse_day(Slice name, guint *ret_day) {
  for (guint i = 0; i < G_N_ELEMENTS(DAYS); i++) {
    if (slice_equal_text_nocase(slice_trim(name), DAYS[i])) {
      *ret_day = i;
      return TRUE;
    }
  }
  return FALSE;
}

// "wed" or "mon-fri"; "sat-mon" goes round.
static gboolean parse_span(Slice span, guint32 *days) {
  gssize dash = slice_find_char(span, '-');
  guint first, last;
  if (!parse_day(dash < 0 ? span : slice_range(span, 0, (gsize)dash), &first)) {
    return FALSE;
  }
  last = first;
  if (dash >= 0 && !parse_day(slice_from(span, (gsize)dash + 1), &last)) {
    return FALSE;
  }
  for (guint day = first;; day = (day + 1) % 7) {
    *days |= 1U << day;
    if (day == last) {
      return TRUE;
    }
  }
}

gboolean newsletter_parse_days(const char *text, guint32 *ret_days) {
  Slice rest = slice_trim(slice_of(text));
  guint32 days = 0;
  if (slice_equal_text_nocase(rest, "daily")) {
    *ret_days = ALL_DAYS;
    return TRUE;
  }
  for (;;) {
    gssize comma = slice_find_char(rest, ',');
    if (!parse_span(comma < 0 ? rest : slice_range(rest, 0, (gsize)comma), &days)) {
      return FALSE;
    }
    if (comma < 0) {
      *ret_days = days;
      return TRUE;
    }
    rest = slice_from(rest, (gsize)comma + 1);
  }
}

char *newsletter_format_days(guint32 days) {
  if ((days & ALL_DAYS) == ALL_DAYS) {
    return g_strdup("daily");
  }
  GString *out = g_string_new(NULL);
  for (guint day = 0; day < 7; day++) {
    if ((days >> day & 1) == 0) {
      continue;
    }
    guint last = day;
    while (last < 6 && (days >> (last + 1) & 1) != 0) {
      last++;
    }
    g_string_append(out, out->len > 0 ? "," : "");
    g_string_append(out, DAYS[day]);
    if (last > day) {
      g_string_append(out, last > day + 1 ? "-" : ",");
      g_string_append(out, DAYS[last]);
    }
    day = last;
  }
  return g_string_free(out, FALSE);
}
