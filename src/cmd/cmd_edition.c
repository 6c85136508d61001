// SPDX-License-Identifier: Apache-2.0
//
// `broadsheet edition [DATE | list | set | pin | unpin | publish]`: makes the laid-out newspaper,
// shows what was made, and says how it is wanted.
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "app/edition_maker.h"
#include "base/text.h"
#include "cmd/post_command.h"
#include "cmd/progress.h"
#include "store/edition_rows.h"

typedef struct Asked {
  const Invocation *invocation;
  Paper *paper;
  EditionWish wish;
  gint64 epoch; // SOURCE_DATE_EPOCH as an instant: the time of files that are only to be looked at
} Asked;

static gboolean refuse_usage(GError **error, const char *words) {
  g_set_error_literal(error, NEWSROOM_ERROR, NEWSROOM_ERROR_INVALID, words);
  return FALSE;
}

static gboolean parse_day(const char *text, gint32 *ret_day, GError **error) {
  return edition_day_parse(text, ret_day) || refuse_usage(error, "a day is written as 2026-11-23");
}

// ---- what was made ----------------------------------------------------------------------------

static gboolean list(const Asked *asked, GError **error) {
  g_autoptr(StoreTransaction) transaction = store_begin_read(asked->paper->store, error);
  g_autoptr(GPtrArray) editions =
      transaction != NULL ? edition_rows_list(transaction, -1, 0, 60, error) : NULL;
  for (guint i = 0; editions != NULL && i < editions->len; i++) {
    const Edition *one = editions->pdata[i];
    g_autofree char *day = edition_day_text(one->day);
    g_autofree char *formats = edition_format_names(one->formats);
    printf("%s  No. %-5" G_GINT64_FORMAT " %-9s %3d pages  %s%s%s\n", day, one->number,
           edition_state_name(one->state), one->pages, formats, *one->reason != '\0' ? "  -- " : "",
           one->reason);
  }
  return editions != NULL;
}

// "courier-2026-11-23-tabloid.pdf", from the newspaper's own name.
static char *file_name(const EditionContent *content, const char *ending) {
  g_autofree char *slug = text_slug(content->site->name, 60);
  g_autofree char *day = edition_day_text(content->day);
  return g_strdup_printf("%s-%s%s", slug, day, ending);
}

static gboolean write_file(const char *folder, const char *name, GBytes *bytes, GError **error) {
  g_autofree char *path = g_build_filename(folder, name, NULL);
  if (!g_file_set_contents(path, g_bytes_get_data(bytes, NULL), (gssize)g_bytes_get_size(bytes),
                           error)) {
    return FALSE;
  }
  printf("%s (%.1f MB)\n", path, (double)g_bytes_get_size(bytes) / 1e6);
  return TRUE;
}

static gboolean write_files(const char *folder, const EditionContent *content,
                            const MadeEdition *made, GError **error) {
  if (g_mkdir_with_parents(folder, 0755) != 0) {
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "the folder '%s' can't be made", folder);
    return FALSE;
  }
  for (guint i = 0; i < made->prints->len; i++) {
    const MadePrint *print = made->prints->pdata[i];
    g_autofree char *ending = g_strdup_printf("-%s.pdf", edition_format_name(print->format));
    g_autofree char *name = file_name(content, ending);
    if (!write_file(folder, name, print->pdf, error)) {
      return FALSE;
    }
    for (guint page = 0; page < print->pictures->len; page++) {
      const EditionPicturePage *picture = print->pictures->pdata[page];
      g_autofree char *tail =
          g_strdup_printf("-%s-%02u.webp", edition_format_name(print->format), page + 1);
      g_autofree char *picture_name = file_name(content, tail);
      if (!write_file(folder, picture_name, picture->bytes, error)) {
        return FALSE;
      }
    }
  }
  g_autofree char *epub = file_name(content, ".epub");
  return made->epub == NULL || write_file(folder, epub, made->epub, error);
}

static void show_remarks(const Asked *asked, const MadeEdition *made) {
  for (guint i = 0; i < made->remarks->len; i++) {
    invocation_warn(asked->invocation, "%s", (const char *)made->remarks->pdata[i]);
  }
}

// The table, and whether everything is above the line.
static gboolean show_scores(const MadeEdition *made, GError **error) {
  g_autoptr(GString) faults = g_string_new(NULL);
  for (guint i = 0; i < made->prints->len; i++) {
    const MadePrint *print = made->prints->pdata[i];
    printf("%s\n%s", edition_format_name(print->format), print->score);
    if (print->faults != NULL) {
      g_string_append_printf(faults, "\n%s: %s", edition_format_name(print->format), print->faults);
    }
  }
  if (faults->len > 0) {
    g_set_error(error, NEWSROOM_ERROR, NEWSROOM_ERROR_STATE, "the edition is below the line:%s",
                faults->str);
  }
  return faults->len == 0;
}

static void show_progress(const char *what, guint done, guint total, gpointer data) {
  Progress *progress = data;
  progress->what = what;
  progress_show(done, total, progress);
}

// ---- making -----------------------------------------------------------------------------------

// Into a folder, or only measured: nothing of the newspaper is changed.
static gboolean try_out(const Asked *asked, gint32 day, const char *folder, GError **error) {
  g_autoptr(EditionContent) content = NULL;
  g_autoptr(MadeEdition) made =
      editions_preview(&asked->paper->newsroom, day, &asked->wish, &content, error);
  if (made == NULL) {
    return FALSE;
  }
  show_remarks(asked, made);
  return (folder == NULL || write_files(folder, content, made, error)) &&
         (!invocation_has(asked->invocation, "score") || show_scores(made, error));
}

static gboolean make(const Asked *asked, gint32 day, GError **error) {
  g_autoptr(Edition) edition = NULL;
  g_autoptr(MadeEdition) made = NULL;
  if (!editions_make(&asked->paper->newsroom, day, &asked->wish, &edition, &made, error)) {
    return FALSE;
  }
  show_remarks(asked, made);
  g_autofree char *text = edition_day_text(day);
  g_autoptr(Site) site = paper_site(asked->paper, error);
  if (site == NULL) {
    return FALSE;
  }
  printf("made the edition of %s, No. %" G_GINT64_FORMAT ": %u %s, %d pages, %s\n%s/edition/%s\n",
         text, edition->number, made->stories->len, made->stories->len == 1 ? "story" : "stories",
         edition->pages, edition_state_name(edition->state), site->base_url, text);
  return TRUE;
}

static gboolean make_day(Asked *asked, const char *date, GError **error) {
  const Invocation *invocation = asked->invocation;
  const char *folder = invocation_value(invocation, "out");
  const char *formats = invocation_value(invocation, "format");
  gint32 day = 0;
  if (date != NULL ? !parse_day(date, &day, error)
                   : (day = editions_today(&asked->paper->newsroom, error)) == 0) {
    return FALSE;
  }
  if (formats != NULL && !edition_parse_formats(formats, &asked->wish.formats)) {
    return refuse_usage(error, "a format is one of tabloid, berliner, a4 and phone");
  }
  gboolean trial = folder != NULL || invocation_has(invocation, "score");
  asked->wish.epub = folder != NULL || !trial;
  asked->wish.pictures = invocation_has(invocation, "pictures") || !trial;
  Progress progress;
  EditionMaking making;
  guint64 epoch = 0;
  const char *words = g_getenv("SOURCE_DATE_EPOCH"); // reproducible: see reproducible-builds.org
  if (trial && words != NULL && slice_parse_uint(slice_of(words), G_MAXUINT32, &epoch)) {
    asked->epoch = (gint64)epoch * CLOCK_SECOND;
    asked->paper->newsroom.clock = (Clock){clock_fixed_now, &asked->epoch};
  }
  progress_begin(&progress, "pages");
  asked->wish.progress = show_progress;
  asked->wish.data = &progress;
  edition_making_begin(&making, asked->paper);
  gboolean good = trial ? try_out(asked, day, folder, error) : make(asked, day, error);
  edition_making_end(&making);
  progress_end(&progress);
  return good;
}

// ---- wishes -----------------------------------------------------------------------------------

static gboolean show_or_set(const Asked *asked, GError **error) {
  char **arguments = asked->invocation->arguments;
  guint count = asked->invocation->argument_count;
  if (count == 3) {
    return editions_set(&asked->paper->newsroom, arguments[1], arguments[2], error);
  }
  for (guint i = 0; EDITION_FIELDS[i] != NULL; i++) {
    if (count == 2 && strcmp(arguments[1], EDITION_FIELDS[i]) != 0) {
      continue;
    }
    g_autofree char *value = editions_get(&asked->paper->newsroom, EDITION_FIELDS[i], error);
    if (value == NULL) {
      return FALSE;
    }
    printf("%-10s  %s\n", EDITION_FIELDS[i], value);
  }
  return TRUE;
}

static gboolean pin(const Asked *asked, gboolean add, GError **error) {
  char **arguments = asked->invocation->arguments;
  guint count = asked->invocation->argument_count;
  EditionPin pin = {0};
  guint64 page = 0;
  guint64 place = 0;
  if (count != (add ? 4u : 3u) && !(add && count == 5)) {
    return refuse_usage(error, add ? "it is: edition pin 2026-11-23 STORY PAGE [PLACE]"
                                   : "it is: edition unpin 2026-11-23 STORY");
  }
  if (!parse_day(arguments[1], &pin.day, error)) {
    return FALSE;
  }
  if (!invocation_story_id(asked->invocation, arguments[2], &pin.story_id) ||
      (add && !slice_parse_uint(slice_of(arguments[3]), 1000, &page)) ||
      (count == 5 && !slice_parse_uint(slice_of(arguments[4]), 1000, &place))) {
    return refuse_usage(error, "a page and a place are numbers from 1");
  }
  pin.page = (gint32)page;
  pin.place = (gint32)place;
  return add ? editions_pin(&asked->paper->newsroom, &pin, error)
             : editions_unpin(&asked->paper->newsroom, pin.day, pin.story_id, error);
}

static gboolean publish(const Asked *asked, GError **error) {
  gint32 day = 0;
  if (asked->invocation->argument_count != 2) {
    return refuse_usage(error, "it is: edition publish 2026-11-23");
  }
  return parse_day(asked->invocation->arguments[1], &day, error) &&
         editions_publish(&asked->paper->newsroom, day, error);
}

static gboolean run(Asked *asked, GError **error) {
  if (asked->invocation->argument_count == 0) {
    return make_day(asked, NULL, error);
  }
  const char *first = asked->invocation->arguments[0];
  if (strcmp(first, "list") == 0) {
    return list(asked, error);
  }
  if (strcmp(first, "set") == 0) {
    return show_or_set(asked, error);
  }
  if (strcmp(first, "pin") == 0 || strcmp(first, "unpin") == 0) {
    return pin(asked, strcmp(first, "pin") == 0, error);
  }
  return strcmp(first, "publish") == 0 ? publish(asked, error) : make_day(asked, first, error);
}

static int run_edition(const Invocation *invocation) {
  g_autoptr(GError) error = NULL;
  gint64 pages = -1;
  if (!invocation_integer(invocation, "pages", 0, EDITION_MAX_PAGES, -1, &pages)) {
    return COMMAND_USAGE;
  }
  g_autoptr(Paper) paper = paper_open(invocation->folder, PAPER_EXISTING | PAPER_DECODERS, &error);
  g_autoptr(Press) press = NULL;
  if (paper != NULL) {
    press = press_new(*paper->config->theme != '\0' ? paper->config->theme : NULL, &error);
    paper->newsroom.press = press;
  }
  Asked asked = {.invocation = invocation, .paper = paper, .wish = {.pages = (gint32)pages}};
  return press != NULL && run(&asked, &error) ? COMMAND_DONE : invocation_fail(invocation, error);
}

static const CommandOption OPTIONS[] = {
    {0, "format", "NAMES", "tabloid, berliner, a4, phone, parted by commas; otherwise as set"},
    {0, "pages", "N", "so many pages; 0 for as many as the stories need"},
    {'o', "out", "FOLDER", "write the files there and change nothing in the newspaper"},
    {0, "pictures", NULL, "with --out: pictures of the pages, too"},
    {0, "score", NULL, "measure the pages, and fail when one is below the line; keeps nothing"},
    {0, NULL, NULL, NULL},
};

const Command COMMAND_EDITION = {
    .name = "edition",
    .usage = "[DATE | list | set [NAME VALUE] | pin DATE STORY PAGE [PLACE] | unpin DATE STORY | "
             "publish DATE]",
    .summary = "make the laid-out newspaper of a day",
    .help =
        "Lays out the day's stories (today's, if no DATE is given) as a newspaper, keeps its PDF, "
        "EPUB and\n"
        "pictures, and mails it to its readers. `serve` does the same by itself at the set hour. "
        "Making a\n"
        "day's edition again replaces it; its number stays.\n\n"
        "  broadsheet edition                            today's\n"
        "  broadsheet edition 2026-11-23 --out /tmp      only files, to look at\n"
        "  broadsheet edition --score --pages 16         how good it would be\n"
        "  broadsheet edition set                        how editions are wanted\n"
        "  broadsheet edition set first-look 120         the public waits two hours\n"
        "  broadsheet edition pin 2026-11-23 17 1 1      story 17 leads the front page\n"
        "  broadsheet edition publish 2026-11-23         to everybody, now",
    .options = OPTIONS,
    .maximum_arguments = 5,
    .run = run_edition,
};
