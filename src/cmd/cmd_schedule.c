// SPDX-License-Identifier: Apache-2.0
//
// `broadsheet schedule --at TIME ID…`. The time is read in the newspaper's zone.
#include "base/clock.h"
#include "cmd/newsroom_command.h"
#include "newsroom/stories.h"

typedef struct Appointment {
  const char *text;
} Appointment;

static gboolean schedule(Newsroom *newsroom, gint64 id, gconstpointer data, GError **error) {
  const Appointment *appointment = data;
  g_autoptr(Site) site = newsroom_command_site(newsroom, error);
  gint64 when;
  if (site == NULL) {
    return FALSE;
  }
  if (!clock_parse(appointment->text, site->zone, &when)) {
    g_set_error(error, NEWSROOM_ERROR, NEWSROOM_ERROR_INVALID,
                "'%s' is no time; write 2026-11-23 18:30 (in the newspaper's zone, %s) or "
                "2026-11-23T18:30:00+01:00",
                appointment->text, site->zone_name);
    return FALSE;
  }
  return stories_schedule(newsroom, id, when, error);
}

static int run_schedule(const Invocation *invocation) {
  Appointment appointment = {.text = invocation_value(invocation, "at")};
  if (appointment.text == NULL) {
    return invocation_misused(invocation, "it wants a time: --at '2026-11-23 18:30'");
  }
  return newsroom_command_each(invocation, schedule, &appointment, "scheduled");
}

static const CommandOption OPTIONS[] = {
    {0, "at", "TIME", "when to publish: 'YYYY-MM-DD HH:MM' in the newspaper's zone, or RFC 3339"},
    {0, NULL, NULL, NULL},
};

const Command COMMAND_SCHEDULE = {
    .name = "schedule",
    .usage = "--at TIME ID…",
    .summary = "publish stories at a time to come",
    .help = "The running server publishes them within a second of that time. If none is running "
            "then, they\n"
            "are published as soon as one starts.",
    .options = OPTIONS,
    .minimum_arguments = 1,
    .maximum_arguments = G_MAXUINT,
    .run = run_schedule,
};
