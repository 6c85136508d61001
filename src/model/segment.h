// SPDX-License-Identifier: Apache-2.0
//
// A set of a newsletter's readers, by rules: "section politics sport; since 2026-01-01; before
// 2026-06-01; active 90d; newsletter breaking". All rules must hold; the words of one rule are
// alternatives. Pure; any thread.
#pragma once

#include <glib.h>

#define SEGMENT_ERROR segment_error_quark()
GQuark segment_error_quark(void);
typedef enum SegmentError { SEGMENT_ERROR_RULE } SegmentError;

typedef struct Segment {
  gint64 id;
  char *slug, *name, *rules;
  gint64 created_at;
} Segment;
void segment_free(Segment *segment);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Segment, segment_free)

typedef struct SegmentRules {
  char **sections;      // slugs, NULL-terminated; empty: any
  char **newsletters;   // slugs: reads one of these as well
  gint64 since, before; // of the sign-up (confirmed_at); 0: any
  gint32 active_days;   // opened or clicked within; 0: any
} SegmentRules;
// NULL with an error that names the rule and what would be right. `zone`: for the dates.
SegmentRules *segment_rules_parse(const char *text, GTimeZone *zone, GError **error);
void segment_rules_free(SegmentRules *rules);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SegmentRules, segment_rules_free)
