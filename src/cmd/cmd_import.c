// SPDX-License-Identifier: Apache-2.0
//
// `broadsheet import`: finds the files, reads each within bounds, asks the importer that knows its
// format, and hands each story to the newsroom. A file that fails is told and the rest goes on.
// What lies outside the folders that were named is never read, by ".." or by link.
#include <stdio.h>

#include "app/paper.h"
#include "cmd/command.h"
#include "cmd/import_files.h"
#include "cmd/progress.h"
#include "exchange/importer.h"

#define MANY_FILES 8

typedef struct ImportRun {
  const Invocation *invocation;
  Paper *paper;
  GTimeZone *zone;
  gboolean publish, dry_run, quiet;
  guint created, updated, unchanged, checked, failed;
  Progress progress;
  guint64 done, total;
} ImportRun;

// "line 7: what" of FILE is told as FILE:7: what.
static void tell(ImportRun *run, const char *path, guint line, const char *message) {
  guint named = 0;
  int end = 0;
  if (sscanf(message, "line %9u: %n", &named, &end) == 1 && end > 0) { // NOLINT(cert-err34-c)
    line = named;
    message += end;
  }
  progress_end(&run->progress);
  if (line > 0) {
    fprintf(stderr, "%s:%u: %s\n", path, line, message);
  } else {
    fprintf(stderr, "%s: %s\n", path, message);
  }
}

static void tell_failure(ImportRun *run, const char *path, guint line, const GError *error) {
  run->failed++;
  tell(run, path, line, error->message);
}

static void tell_outcome(ImportRun *run, const char *outcome, const ImportItem *item) {
  if (!run->quiet) {
    progress_end(&run->progress);
    printf("%-9s  %s\n", outcome, item->story->headline);
    fflush(stdout);
  }
}

static void take_in(ImportRun *run, const ImportFile *file, const ImportItem *item) {
  const ImportedStory imported = {
      .story = item->story,
      .pictures = (const ImportedPicture *)(gconstpointer)item->pictures->data,
      .picture_count = item->pictures->len,
      .status = run->publish && !item->status_given ? STORY_PUBLISHED : item->status,
      .former_path = item->former_path};
  g_autoptr(GError) error = NULL;
  ImportOutcome outcome = IMPORT_UNCHANGED;
  gint64 id = 0;
  if (run->dry_run) {
    if (!stories_import_check(&run->paper->newsroom, &imported, &error)) {
      tell_failure(run, file->shown, item->line, error);
      return;
    }
    run->checked++;
    tell_outcome(run, "good", item);
    return;
  }
  if (!stories_import(&run->paper->newsroom, &imported, &outcome, &id, &error)) {
    tell_failure(run, file->shown, item->line, error);
    return;
  }
  run->created += outcome == IMPORT_CREATED;
  run->updated += outcome == IMPORT_UPDATED;
  run->unchanged += outcome == IMPORT_UNCHANGED;
  static const char *const NAMES[] = {
      [IMPORT_CREATED] = "created", [IMPORT_UPDATED] = "updated", [IMPORT_UNCHANGED] = "unchanged"};
  tell_outcome(run, NAMES[outcome], item);
}

static GBytes *load_beside(const char *name, gpointer data, GError **error) {
  return import_files_read_beside(data, name, error);
}

static gboolean read_file(ImportRun *run, ImportFile *file, GPtrArray *items, GPtrArray *notes,
                          GError **error) {
  g_autoptr(GBytes) bytes = import_files_read(file, error);
  if (bytes == NULL) {
    return FALSE;
  }
  const ImportSource source = {.path = file->real,
                               .key = file->key,
                               .bytes = slice_of_bytes(bytes),
                               .zone = run->zone,
                               .load_beside = load_beside,
                               .data = file};
  const Importer *importer = importer_for(&source);
  if (importer == NULL) {
    g_set_error(
        error, IMPORT_ERROR, IMPORT_ERROR_UNSUPPORTED,
        "not a story: import takes Markdown (.md), text (.txt), HTML (.html), RSS and Atom (.xml)");
    return FALSE;
  }
  return importer->read(&source, items, notes, error);
}

static void import_file(ImportRun *run, ImportFile *file) {
  g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func((GDestroyNotify)import_item_free);
  g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func((GDestroyNotify)import_note_free);
  g_autoptr(GError) error = NULL;
  if (!read_file(run, file, items, notes, &error)) {
    tell_failure(run, file->shown, 0, error);
    return;
  }
  for (guint i = 0; i < notes->len; i++) {
    const ImportNote *note = g_ptr_array_index(notes, i);
    if (!run->quiet) {
      tell(run, file->shown, note->line, note->message);
    }
  }
  for (guint i = 0; i < items->len; i++) {
    take_in(run, file, g_ptr_array_index(items, i));
  }
}

static int summarise(const ImportRun *run) {
  if (run->dry_run) {
    printf("%u good, %u failed; nothing was written\n", run->checked, run->failed);
  } else {
    printf("%u created, %u updated, %u unchanged, %u failed\n", run->created, run->updated,
           run->unchanged, run->failed);
  }
  return run->failed == 0 ? COMMAND_DONE : COMMAND_FAILED;
}

static int run_import(const Invocation *invocation) {
  g_autoptr(GError) error = NULL;
  g_autoptr(Paper) paper = paper_open(invocation->folder, PAPER_EXISTING | PAPER_DECODERS, &error);
  g_autoptr(Site) site = paper != NULL ? paper_site(paper, &error) : NULL;
  if (site == NULL) {
    return invocation_fail(invocation, error);
  }
  ImportRun run = {.invocation = invocation,
                   .paper = paper,
                   .zone = site->zone,
                   .publish = invocation_has(invocation, "publish"),
                   .dry_run = invocation_has(invocation, "dry-run"),
                   .quiet = invocation_has(invocation, "quiet")};
  g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func((GDestroyNotify)import_file_free);
  for (guint i = 0; i < invocation->argument_count; i++) {
    g_autoptr(GError) cause = NULL;
    if (!import_files_find(invocation->arguments[i], files, &cause)) {
      tell_failure(&run, invocation->arguments[i], 0, cause);
    }
  }
  progress_begin(&run.progress, "Importing");
  for (guint i = 0; i < files->len; i++) {
    import_file(&run, g_ptr_array_index(files, i));
    if (files->len >= MANY_FILES) {
      progress_show(i + 1, files->len, &run.progress);
    }
  }
  progress_end(&run.progress);
  return summarise(&run);
}

static const CommandOption OPTIONS[] = {
    {0, "publish", NULL, "publish the stories whose file does not say that they are drafts"},
    {0, "dry-run", NULL, "read and check everything, write nothing"},
    {'q', "quiet", NULL, "tell failures and the sum only"},
    {0, NULL, NULL, NULL},
};

const Command COMMAND_IMPORT = {
    .name = "import",
    .usage = "[--publish] [--dry-run] FILE|FOLDER…",
    .summary = "take in stories from files of many kinds",
    .help = "Takes Markdown with YAML front matter, an article as it is found (text or Markdown "
            "that was saved from a web "
            "page), RSS and Atom files, and HTML pages with an article in them. Pictures beside a "
            "file are taken along; one "
            "that can't be had is kept as a reference and told.\n\n"
            "Site furniture in the middle of an article (sign-up boxes, consent sentences, share "
            "buttons) is left out, and "
            "told with its line. Stories come in as drafts unless the file or --publish says "
            "otherwise.\n\n"
            "The same file again changes nothing; a changed one updates its story. A file that "
            "can't be read is told as "
            "FILE:LINE: reason, the rest goes on, and the exit status is 1.\n\n"
            "  broadsheet import --publish stories/\n"
            "  broadsheet import --dry-run export.xml",
    .options = OPTIONS,
    .minimum_arguments = 1,
    .maximum_arguments = G_MAXUINT,
    .run = run_import,
};
