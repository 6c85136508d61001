// SPDX-License-Identifier: Apache-2.0
//
// Every file in fixtures/ through the importer that claims it, compared with the dump that stands
// beside it as FILE.expected. With BROADSHEET_WRITE_EXPECTED set, missing dumps are written, to
// be read by a person before they are kept.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "exchange/importer.h"

static void dump_text(GString *out, const char *name, const char *value) {
  if (value != NULL && value[0] != '\0') {
    g_string_append_printf(out, "%s: %s\n", name, value);
  }
}

static void dump_time(GString *out, const char *name, gint64 instant) {
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
  g_autofree char *text = instant != 0 ? clock_format_rfc3339(instant, utc) : NULL;
  dump_text(out, name, text);
}

static void dump_people(GString *out, const Story *story) {
  for (guint i = 0; i < story->bylines->len; i++) {
    const Byline *byline = g_ptr_array_index(story->bylines, i);
    g_string_append_printf(out, "by: %s%s%s\n", byline->author->name,
                           byline->role[0] != '\0' ? " / " : "", byline->role);
  }
  for (guint i = 0; i < story->topics->len; i++) {
    dump_text(out, "topic", ((const Topic *)g_ptr_array_index(story->topics, i))->name);
  }
  for (guint i = 0; i < story->corrections->len; i++) {
    const Correction *correction = g_ptr_array_index(story->corrections, i);
    dump_time(out, "corrected", correction->corrected_at);
    g_string_append_printf(out, "  %s -> %s\n", correction->wrong, correction->right);
  }
}

static void dump_crop(GString *out, const char *aspect, CropRectangle crop) {
  if (crop.width != 0) {
    g_autofree char *text = image_crop_format(crop);
    g_string_append_printf(out, "  crop %s %s\n", aspect, text);
  }
}

static void dump_pictures(GString *out, const ImportItem *item) {
  for (guint i = 0; i < item->pictures->len; i++) {
    const ImportedPicture *picture = &g_array_index(item->pictures, ImportedPicture, i);
    g_string_append_printf(out, "picture%s%s: %s\n", picture->hero ? " (hero)" : "",
                           picture->bytes != NULL ? " (at hand)" : "", picture->url);
    dump_text(out, "  alt", picture->alt);
    dump_text(out, "  caption", picture->caption);
    dump_text(out, "  credit", picture->credit);
    dump_text(out, "  from", picture->source_url);
    dump_crop(out, image_aspect_name(picture->crop_aspect), picture->crop);
    for (guint aspect = 0; aspect < ASPECT_COUNT; aspect++) {
      dump_crop(out, image_aspect_name(aspect), picture->crops[aspect]);
    }
    if (picture->focal_x >= 0) {
      g_string_append_printf(out, "  focal %d %d\n", picture->focal_x, picture->focal_y);
    }
  }
}

static void dump_item(GString *out, const ImportItem *item) {
  const Story *story = item->story;
  g_string_append_printf(out, "=== %s%s\n", story_status_name(item->status),
                         item->status_given ? " (given)" : "");
  const struct {
    const char *name, *value;
  } texts[] = {{"headline", story->headline},
               {"standfirst", story->standfirst},
               {"kicker", story->kicker},
               {"slug", story->slug},
               {"section", story->section != NULL ? story->section->name : ""},
               {"dateline", story->dateline},
               {"language", story->language},
               {"key", story->source_key},
               {"seo title", story->seo_title},
               {"seo description", story->seo_description},
               {"was at", item->former_path}};
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    dump_text(out, texts[i].name, texts[i].value);
  }
  dump_text(out, "front", item->front_given ? front_weight_name(item->front_weight) : NULL);
  dump_time(out, "published", story->published_at);
  dump_time(out, "updated", story->updated_at);
  dump_time(out, "scheduled", story->scheduled_for);
  dump_people(out, story);
  dump_pictures(out, item);
  g_string_append_printf(out, "---\n%s---\n", story->body);
}

static GBytes *load_beside(const char *name, gpointer data, GError **error) {
  return g_str_has_suffix(name, ".png") ? g_bytes_new_static("picture", 7)
                                        : NULL; // whether it is one is the newsroom's to say
}

static char *import_and_dump(const char *folder, const char *name) {
  g_autofree char *path = g_build_filename(folder, name, NULL);
  g_autofree char *bytes = NULL;
  gsize length = 0;
  assert_true(g_file_get_contents(path, &bytes, &length, NULL));
  g_autoptr(GTimeZone) zone = g_time_zone_new_utc();
  ImportSource source = {.path = name,
                         .key = name,
                         .bytes = {bytes, length},
                         .zone = zone,
                         .load_beside = load_beside};
  g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func((GDestroyNotify)import_item_free);
  g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func((GDestroyNotify)import_note_free);
  GString *out = g_string_new(NULL);
  const Importer *importer = importer_for(&source);
  assert_non_null(importer);
  g_string_append_printf(out, "%s\n", importer->name);
  g_autoptr(GError) error = NULL;
  if (!importer->read(&source, items, notes, &error)) {
    assert_int_equal(items->len, 0);
    assert_non_null(error);
    g_string_append_printf(out, "error: %s\n", error->message);
    return g_string_free(out, FALSE);
  }
  for (guint i = 0; i < items->len; i++) {
    const ImportItem *item = g_ptr_array_index(items, i);
    assert_non_null(item->story->content_hash);
    dump_item(out, item);
  }
  for (guint i = 0; i < notes->len; i++) {
    const ImportNote *note = g_ptr_array_index(notes, i);
    g_string_append_printf(out, "%u: %s\n", note->line, note->message);
  }
  return g_string_free(out, FALSE);
}

static gint compare_names(gconstpointer a, gconstpointer b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static GPtrArray *list_inputs(const char *folder) {
  GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
  GDir *listing = g_dir_open(folder, 0, NULL);
  assert_non_null(listing);
  for (const char *name = g_dir_read_name(listing); name != NULL; name = g_dir_read_name(listing)) {
    if (!g_str_has_suffix(name, ".expected")) {
      g_ptr_array_add(names, g_strdup(name));
    }
  }
  g_dir_close(listing);
  g_ptr_array_sort(names, compare_names);
  return names;
}

static void compare_folder(const char *name, guint at_least) {
  g_autofree char *folder = g_build_filename(FIXTURES, name, NULL);
  g_autoptr(GPtrArray) names = list_inputs(folder);
  guint different = 0;
  assert_true(names->len >= at_least);
  for (guint i = 0; i < names->len; i++) {
    const char *input = g_ptr_array_index(names, i);
    g_autofree char *dump = import_and_dump(folder, input);
    g_autofree char *again = import_and_dump(folder, input);
    assert_string_equal(dump, again);
    g_autofree char *expected_name = g_strconcat(input, ".expected", NULL);
    g_autofree char *expected_path = g_build_filename(folder, expected_name, NULL);
    g_autofree char *expected = NULL;
    if (!g_file_get_contents(expected_path, &expected, NULL, NULL) &&
        g_getenv("BROADSHEET_WRITE_EXPECTED") != NULL) {
      assert_true(g_file_set_contents(expected_path, dump, -1, NULL));
      continue;
    }
    if (expected == NULL || strcmp(dump, expected) != 0) {
      print_error("%s/%s differs. Expected:\n%s\nGot:\n%s\n", name, input,
                  expected != NULL ? expected : "(no file)", dump);
      different++;
    }
  }
  assert_int_equal(different, 0);
}

static void test_found(void **state) {
  compare_folder("found", 15);
}

static void test_markdown(void **state) {
  compare_folder("markdown", 5);
}

static void test_html(void **state) {
  compare_folder("html", 6);
}

static void test_feed(void **state) {
  compare_folder("feed", 3);
}

static void test_bad(void **state) {
  compare_folder("bad", 15);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_found), cmocka_unit_test(test_markdown), cmocka_unit_test(test_html),
      cmocka_unit_test(test_feed),  cmocka_unit_test(test_bad),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
