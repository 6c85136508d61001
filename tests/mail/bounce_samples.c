// SPDX-License-Identifier: Apache-2.0
//
// Implements bounce_samples.h.
#include "tests/mail/bounce_samples.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "newsroom/reader_links.h"

static void sample_free(gpointer data) {
  BounceSample *sample = data;
  g_free(sample->name);
  g_free(sample->status);
  g_free(sample->tokens);
  g_free(sample->text);
  g_free(sample);
}

static BounceKind kind_of(const char *name) {
  for (int kind = BOUNCE_HARD; kind <= BOUNCE_WISH; kind++) {
    if (strcmp(bounce_kind_name((BounceKind)kind), name) == 0) {
      return (BounceKind)kind;
    }
  }
  fail_msg("expected.tsv: there is no verdict '%s'", name);
  return BOUNCE_UNKNOWN;
}

static guint count_files(const char *folder) {
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  guint count = 0;
  for (const char *name; dir != NULL && (name = g_dir_read_name(dir)) != NULL;) {
    count += g_str_has_suffix(name, ".eml") ? 1 : 0;
  }
  return count;
}

GPtrArray *bounce_samples_load(const char *folder) {
  g_autofree char *table = g_build_filename(folder, "expected.tsv", NULL);
  g_autofree char *text = NULL;
  assert_true(g_file_get_contents(table, &text, NULL, NULL));
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  GPtrArray *samples = g_ptr_array_new_with_free_func(sample_free);
  for (guint i = 0; lines[i] != NULL; i++) {
    if (*lines[i] == '#' || *lines[i] == '\0') {
      continue;
    }
    g_auto(GStrv) fields = g_strsplit(lines[i], "\t", -1);
    assert_int_equal(g_strv_length(fields), 4);
    g_autofree char *file = g_strconcat(fields[0], ".eml", NULL);
    g_autofree char *path = g_build_filename(folder, file, NULL);
    BounceSample *sample = g_new0(BounceSample, 1);
    if (!g_file_get_contents(path, &sample->text, NULL, NULL)) {
      fail_msg("%s is missing", path);
    }
    sample->name = g_strdup(fields[0]);
    sample->kind = kind_of(fields[1]);
    sample->status = g_strdup(strcmp(fields[2], "-") == 0 ? "" : fields[2]);
    sample->tokens = g_strdup(fields[3]);
    g_ptr_array_add(samples, sample);
  }
  assert_int_equal(samples->len, count_files(folder));
  return samples;
}

GString *bounce_sample_fill(const BounceSample *sample, const char *key, gint64 mailing,
                            gint64 reader) {
  g_autofree char *envelope = reader_token(key, READER_BOUNCE, mailing, reader);
  g_autofree char *message = reader_token(key, READER_MESSAGE_ID, mailing, reader);
  g_autofree char *leave = reader_token(key, READER_UNSUBSCRIBE, mailing, reader);
  g_autofree char *local = g_strconcat("bounces+", envelope, NULL);
  g_autofree char *verp = g_strconcat(local, "@courier.example", NULL);
  GString *text = g_string_new(sample->text);
  g_string_replace(text, "{{verp}}", verp, 0);
  g_string_replace(text, "{{verp_local}}", local, 0);
  g_string_replace(text, "{{message_id}}", message, 0);
  g_string_replace(text, "{{unsubscribe}}", leave, 0);
  return text;
}
