// SPDX-License-Identifier: Apache-2.0
//
// Implements sample_paper.h with the importers and use cases that `init --sample` uses.
#include "tests/edition/sample_paper.h"

#include <glib/gstdio.h>

#include "app/sample.h"

static void remove_all(const char *path) {
  GDir *folder = g_dir_open(path, 0, NULL);
  const char *name;
  while (folder != NULL && (name = g_dir_read_name(folder)) != NULL) {
    g_autofree char *child = g_build_filename(path, name, NULL);
    remove_all(child);
  }
  if (folder != NULL) {
    g_dir_close(folder);
  }
  g_remove(path);
}

static void no_progress(guint64 done, guint64 total, gpointer data) {}

SamplePaper *sample_paper_new(GError **error) {
  SamplePaper *sample = g_new0(SamplePaper, 1);
  sample->folder = g_dir_make_tmp("broadsheet-edition-XXXXXX", error);
  g_autofree char *paper =
      sample->folder != NULL ? g_build_filename(sample->folder, "paper", NULL) : NULL;
  sample->paper = paper != NULL ? paper_open(paper, PAPER_CREATE | PAPER_DECODERS, error) : NULL;
  if (sample->paper == NULL || !sample_load(&sample->paper->newsroom, no_progress, NULL, error)) {
    sample_paper_free(sample);
    return NULL;
  }
  return sample;
}

void sample_paper_free(SamplePaper *sample) {
  if (sample == NULL) {
    return;
  }
  g_clear_pointer(&sample->paper, paper_close);
  if (sample->folder != NULL) {
    remove_all(sample->folder);
  }
  g_free(sample->folder);
  g_free(sample);
}
