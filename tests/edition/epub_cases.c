// SPDX-License-Identifier: Apache-2.0
//
// epub_cases FOLDER [CSS]: writes FOLDER/<name>.epub for each hostile edition, in the newspaper's
// language, with and without a cover and printed pages in turn. For tests/system/test_epub.py.
#include <stdio.h>

#include "edition/epub.h"
#include "press/page.h"
#include "tests/edition/hostile.h"

static GBytes *make(const HostileEdition *hostile, guint number, const Press *press,
                    const char *style, GError **error) {
  g_autoptr(EditionContent) content = hostile->make();
  g_autofree guint *pages = g_new0(guint, content->stories->len + 1);
  for (guint i = 0; i < content->stories->len; i++) {
    pages[i] = 1 + i / 4;
  }
  g_autoptr(GBytes) cover = hostile_picture(NULL, (CropRectangle){0}, 0, NULL, NULL);
  EpubJob job = {.content = content,
                 .locale = press_locale(press, content->site->language),
                 .style = style,
                 .cover = number % 2 == 0 ? cover : NULL,
                 .pages = number % 3 != 1 ? pages : NULL,
                 .picture = hostile_picture};
  return epub_make(&job, error);
}

int main(int argc, char **argv) {
  g_autoptr(GError) error = NULL;
  g_autoptr(Press) press = press_new(NULL, &error);
  g_autofree char *style = NULL;
  if (argc != 3 || press == NULL || !g_file_get_contents(argv[2], &style, NULL, &error)) {
    fprintf(stderr, "usage: epub_cases FOLDER CSS: %s\n", error != NULL ? error->message : "");
    return 2;
  }
  for (guint i = 0; HOSTILE_EDITIONS[i].name != NULL; i++) {
    g_autoptr(GBytes) epub = make(&HOSTILE_EDITIONS[i], i, press, style, &error);
    g_autofree char *path = g_strdup_printf("%s/%s.epub", argv[1], HOSTILE_EDITIONS[i].name);
    if (epub == NULL || !g_file_set_contents(path, g_bytes_get_data(epub, NULL),
                                             (gssize)g_bytes_get_size(epub), &error)) {
      fprintf(stderr, "%s: %s\n", HOSTILE_EDITIONS[i].name, error->message);
      return 1;
    }
  }
  return 0;
}
