// SPDX-License-Identifier: Apache-2.0
//
// Implements room.h. The PNGs are made by hand (stored deflate blocks), so that each test can
// have bytes of its own.
#include "tests/newsroom/room.h"

#include <glib/gstdio.h>
#include <string.h>

static void on_changed(gint64 revision, gpointer data) {
  Room *room = data;
  room->announced++;
  room->revision = revision;
}

void room_open(Room *room, Newspaper *paper) {
  g_autoptr(GError) error = NULL;
  *room = (Room){.paper = paper, .now = NEWSPAPER_EPOCH + 100 * CLOCK_DAY};
  room->folder = g_dir_make_tmp("broadsheet-room-XXXXXX", NULL);
  room->newsroom = (Newsroom){.store = paper->store,
                              .originals = originals_open(room->folder, &error),
                              .clock = {clock_fixed_now, &room->now},
                              .changed = on_changed,
                              .data = room};
  newspaper_must(room->newsroom.originals != NULL, &error);
}

static void remove_folder(const char *path) {
  g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
  const char *name;
  while (folder != NULL && (name = g_dir_read_name(folder)) != NULL) {
    g_autofree char *below = g_build_filename(path, name, NULL);
    if (g_file_test(below, G_FILE_TEST_IS_DIR)) {
      remove_folder(below);
    } else {
      g_unlink(below);
    }
  }
  g_rmdir(path);
}

void room_close(Room *room) {
  originals_close(room->newsroom.originals);
  remove_folder(room->folder);
  g_free(room->folder);
}

Story *room_story(const char *source_key, const char *hash, const char *headline,
                  const char *body) {
  Story *story = story_new();
  story->source_key = g_strdup(source_key);
  story->content_hash = g_strdup(hash);
  newspaper_set(&story->headline, headline);
  newspaper_set(&story->body, body);
  story->section = g_new0(Section, 1);
  *story->section = (Section){0, g_strdup("politics"), g_strdup("Politics"), g_strdup(""), 0};
  Byline *byline = g_new0(Byline, 1);
  byline->role = g_strdup("");
  byline->author = g_new0(Author, 1);
  *byline->author = (Author){.slug = g_strdup("ada-reed"),
                             .name = g_strdup("Ada Reed"),
                             .role = g_strdup(""),
                             .bio = g_strdup("")};
  g_ptr_array_add(story->bylines, byline);
  return story;
}

gint64 room_import(Room *room, const Story *story, StoryStatus status, ImportOutcome *ret_outcome) {
  g_autoptr(GError) error = NULL;
  ImportedStory imported = {.story = (Story *)story, .status = status};
  ImportOutcome outcome = IMPORT_UNCHANGED;
  gint64 id = 0;
  newspaper_must(stories_import(&room->newsroom, &imported, &outcome, &id, &error), &error);
  if (ret_outcome != NULL) {
    *ret_outcome = outcome;
  }
  return id;
}

Story *room_get(Room *room, gint64 id) {
  g_autoptr(GError) error = NULL;
  g_autoptr(StoreTransaction) transaction = store_begin_read(room->paper->store, &error);
  newspaper_must(transaction != NULL, &error);
  Story *story = story_rows_get(transaction, id, &error);
  newspaper_must(story != NULL, &error);
  return story;
}

gint64 room_revision(Room *room) {
  g_autoptr(StoreTransaction) transaction = store_begin_read(room->paper->store, NULL);
  return site_rows_revision(transaction, NULL);
}

static guint32 crc(const guint8 *bytes, gsize length) {
  guint32 value = 0xFFFFFFFF;
  for (gsize i = 0; i < length; i++) {
    value ^= bytes[i];
    for (guint bit = 0; bit < 8; bit++) {
      value = (value >> 1) ^ (0xEDB88320 & (0 - (value & 1)));
    }
  }
  return ~value;
}

static void append_number(GByteArray *out, guint32 number) {
  guint32 big = GUINT32_TO_BE(number);
  g_byte_array_append(out, (const guint8 *)&big, 4);
}

static void append_chunk(GByteArray *out, const char *type, const guint8 *data, guint length) {
  append_number(out, length);
  guint start = out->len;
  g_byte_array_append(out, (const guint8 *)type, 4);
  g_byte_array_append(out, data, length);
  append_number(out, crc(out->data + start, length + 4));
}

GBytes *room_png(guint8 seed) {
  const guint8 header[] = {0, 0, 0, 2, 0, 0, 0, 2, 8, 0, 0, 0, 0}; // 2x2, 8-bit grey
  const guint8 rows[] = {0, seed, 10, 0, 20, 30};
  guint32 a = 1, b = 0; // Adler-32
  for (gsize i = 0; i < sizeof rows; i++) {
    a += rows[i];
    b += a;
  }
  GByteArray *data = g_byte_array_new();
  g_byte_array_append(data, (const guint8 *)"\x78\x01\x01\x06\x00\xF9\xFF", 7);
  g_byte_array_append(data, rows, sizeof rows);
  append_number(data, (b << 16) | a);
  GByteArray *png = g_byte_array_new();
  g_byte_array_append(png, (const guint8 *)"\x89PNG\r\n\x1A\n", 8);
  append_chunk(png, "IHDR", header, sizeof header);
  append_chunk(png, "IDAT", data->data, data->len);
  append_chunk(png, "IEND", header, 0);
  g_byte_array_unref(data);
  return g_byte_array_free_to_bytes(png);
}

void room_assert_error(GError **error, GQuark domain, gint code, const char *words) {
  assert_non_null(*error);
  if ((*error)->domain != domain || (*error)->code != code ||
      strstr((*error)->message, words) == NULL) {
    fail_msg("%s %d: %s (wanted: %s)", g_quark_to_string((*error)->domain), (*error)->code,
             (*error)->message, words);
  }
  g_clear_error(error);
}
