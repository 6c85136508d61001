// SPDX-License-Identifier: Apache-2.0
//
// Implements edition_maker.h.
#include "app/edition_maker.h"

#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/file.h"
#include "edition/edition.h"
#include "edition/epub.h"
#include "edition/theme_file.h"
#include "imaging/page_picture.h"
#include "model/edition_pages.h"
#include "store/edition_rows.h"

#define PAGE_WIDTH 1600 // pixels: of the ladder
#define COVER_WIDTH 1280

typedef struct Making {
  EditionMaking *shared;
  const EditionContent *content;
  const EditionWish *wish;
  MadeEdition *made;
  GBytes *cover; // JPEG
  guint *pages;  // that each story begins on, in the first format
} Making;

static gboolean is_cancelled(const Making *making, GError **error) {
  if (g_atomic_int_get(&making->shared->cancelled) == 0) {
    return FALSE;
  }
  g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "the server is stopping");
  return TRUE;
}

static void tell(const Making *making, const char *what, guint done, guint total) {
  if (making->wish->progress != NULL) {
    making->wish->progress(what, done, total, making->wish->data);
  }
}

// ---- pictures ---------------------------------------------------------------------------------

static int open_original(const Image *image, gpointer data, GError **error) {
  Newsroom *newsroom = data;
  return originals_open_read(newsroom->originals, image->hash, image->format, error);
}

// EditionPicture: the same renditions as on the web.
static GBytes *get_picture(const Image *image, CropRectangle crop, gint32 width, gpointer data,
                           GError **error) {
  Making *making = data;
  Newsroom *newsroom = making->shared->newsroom;
  if (newsroom->renditioner == NULL || image->hash == NULL) {
    g_set_error_literal(error, IMAGING_ERROR, IMAGING_ERROR_FAILED, "no decoders are running");
    return NULL;
  }
  RenditionRequest request = {.image = image,
                              .original_fd = -1,
                              .open_original = open_original,
                              .data = newsroom,
                              .aspect = ASPECT_ORIGINAL,
                              .crop = crop,
                              .width = image_width_snap(width),
                              .format = FORMAT_JPEG};
  return rendition_get(newsroom->renditioner, &request, error);
}

// A drawn page in another format, by the decoders that serve the web's pictures.
static GBytes *convert(Newsroom *newsroom, GBytes *png, gint32 width, ImageFormat format,
                       gint32 *ret_height, GError **error) {
  ImageHeader header;
  if (!image_header_read(slice_of_bytes(png), &header, error)) {
    return NULL;
  }
  g_autofree char *hash = originals_hash(slice_of_bytes(png));
  Image image = {
      .hash = hash, .format = FORMAT_PNG, .width = header.width, .height = header.height};
  image_header_clear(&header);
  int file = memfd_create("page", MFD_CLOEXEC);
  if (file < 0 || !file_write(file, slice_of_bytes(png)) || lseek(file, 0, SEEK_SET) != 0) {
    g_set_error_literal(error, IMAGING_ERROR, IMAGING_ERROR_FAILED, "no memory for a page");
    if (file >= 0) {
      close(file);
    }
    return NULL;
  }
  RenditionRequest request = {.image = &image,
                              .original_fd = file,
                              .aspect = ASPECT_ORIGINAL,
                              .crop = {0, 0, image.width, image.height},
                              .width = width,
                              .format = format};
  GBytes *made = rendition_get(newsroom->renditioner, &request, error);
  close(file);
  gint32 wide = MIN(width, image.width);
  *ret_height = (gint32)(((gint64)wide * image.height + image.width / 2) / image.width);
  return made;
}

static gboolean draw_page(Making *making, MadePrint *print, const char *path, guint page,
                          GError **error) {
  Newsroom *newsroom = making->shared->newsroom;
  gint32 height = 0;
  gint32 unused = 0;
  g_autoptr(GBytes) png = page_picture_draw(path, page, PAGE_WIDTH, error);
  g_autoptr(GBytes) webp =
      png != NULL ? convert(newsroom, png, PAGE_WIDTH, FORMAT_WEBP, &height, error) : NULL;
  if (webp == NULL) {
    return FALSE;
  }
  made_print_add_picture(print, webp, "image/webp", PAGE_WIDTH, height);
  if (page == 1 && making->cover == NULL) {
    making->cover = convert(newsroom, png, COVER_WIDTH, FORMAT_JPEG, &unused, error);
  }
  return page != 1 || making->cover != NULL;
}

static gboolean draw_pages(Making *making, MadePrint *print, GError **error) {
  g_autofree char *path = NULL;
  int file = g_file_open_tmp("broadsheet-edition-XXXXXX.pdf", &path, error);
  if (file < 0) {
    return FALSE;
  }
  gboolean good = file_write(file, slice_of_bytes(print->pdf)) && lseek(file, 0, SEEK_SET) == 0;
  close(file);
  if (!good) {
    g_set_error(error, IMAGING_ERROR, IMAGING_ERROR_FAILED, "%s can't be written", path);
  }
  for (guint page = 1; good && page <= print->page_count; page++) {
    tell(making, "pictures", page, print->page_count);
    good = !is_cancelled(making, error) && draw_page(making, print, path, page, error);
  }
  g_unlink(path);
  return good;
}

// An edition without its pages' pictures is one all the same: said, and left out.
static gboolean add_pictures(Making *making, MadePrint *print, GError **error) {
  g_autoptr(GError) failure = NULL;
  if (making->shared->newsroom->renditioner == NULL) {
    g_ptr_array_add(making->made->remarks,
                    g_strdup("no pictures of the pages: no decoders are running"));
    return TRUE;
  }
  if (draw_pages(making, print, &failure)) {
    return TRUE;
  }
  if (g_error_matches(failure, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  g_ptr_array_set_size(print->pictures, 0);
  g_ptr_array_add(making->made->remarks,
                  g_strdup_printf("no pictures of the pages: %s", failure->message));
  return TRUE;
}

// ---- the pages --------------------------------------------------------------------------------

static char *model_of(const Making *making, const EditionPrint *print) {
  g_autoptr(EditionPages) pages = edition_pages_new(print->width, print->height);
  for (guint i = 0; i < print->sheets->len; i++) {
    const EditionSheet *sheet = print->sheets->pdata[i];
    EditionPagesPage *page = edition_pages_add(pages, sheet->label, sheet->section);
    for (guint n = 0; n < sheet->boxes->len; n++) {
      const EditionBox *box = &g_array_index(sheet->boxes, EditionBox, n);
      const EditionStory *entry = making->content->stories->pdata[box->story];
      EditionPagesBox own = {entry->story->id, box->part, box->x, box->y, box->width, box->height};
      g_array_append_val(page->boxes, own);
    }
  }
  return edition_pages_write(pages);
}

// From the first format: where stories begin, and in which order.
static void take_order(Making *making, const EditionPrint *print) {
  for (guint i = 0; i < print->sheets->len; i++) {
    const EditionSheet *sheet = print->sheets->pdata[i];
    for (guint n = 0; n < sheet->boxes->len; n++) {
      const EditionBox *box = &g_array_index(sheet->boxes, EditionBox, n);
      if (box->part == 0 && making->pages[box->story] == 0) {
        making->pages[box->story] = i + 1;
      }
    }
  }
  for (guint i = 0; i < print->order->len; i++) {
    guint index = g_array_index(print->order, guint, i);
    const EditionStory *entry = making->content->stories->pdata[index];
    EditionStoryRow row = {entry->story->id, entry->weight, (gint32)making->pages[index]};
    g_array_append_val(making->made->stories, row);
  }
}

static gboolean make_print(Making *making, EditionFormat format, GError **error) {
  EditionMaking *shared = making->shared;
  EditionJob job = {
      .content = making->content,
      .format = format,
      .pages = making->wish->pages,
      .locale = press_locale(shared->newsroom->press, making->content->site->language),
      .theme = shared->theme,
      .picture = get_picture,
      .data = making,
  };
  g_autoptr(EditionPrint) print = edition_print(&job, error);
  if (print == NULL) {
    return FALSE;
  }
  MadePrint *kept = made_edition_add_print(making->made, format, print->pdf);
  kept->page_count = print->sheets->len;
  kept->model = model_of(making, print);
  g_autoptr(EditionScore) score = edition_score_measure(print->pdf, &job, error);
  if (score == NULL) {
    return FALSE;
  }
  kept->score = edition_score_text(score);
  kept->faults = edition_score_faults(score);
  for (guint i = 0; i < print->remarks->len; i++) {
    g_ptr_array_add(making->made->remarks, g_strdup(print->remarks->pdata[i]));
  }
  if (making->made->prints->len == 1) {
    take_order(making, print);
  }
  return !making->wish->pictures || add_pictures(making, kept, error);
}

static gboolean make_epub(Making *making, GError **error) {
  EditionMaking *shared = making->shared;
  g_autoptr(GBytes) style = theme_file_read(shared->theme, "epub.css", error);
  if (style == NULL) {
    return FALSE;
  }
  g_autofree char *text = slice_dup(slice_of_bytes(style));
  EpubJob job = {.content = making->content,
                 .locale = press_locale(shared->newsroom->press, making->content->site->language),
                 .style = text,
                 .cover = making->cover,
                 .pages = making->pages,
                 .picture = get_picture,
                 .data = making};
  making->made->epub = epub_make(&job, error);
  return making->made->epub != NULL;
}

static gboolean make_all(Making *making, GError **error) {
  for (guint format = 0, done = 0; format < EDITION_FORMATS; format++) {
    if ((making->wish->formats >> format & 1) == 0) {
      continue;
    }
    tell(making, "pages", ++done, (guint)__builtin_popcount(making->wish->formats));
    if (is_cancelled(making, error) || !make_print(making, (EditionFormat)format, error)) {
      return FALSE;
    }
  }
  tell(making, "epub", 1, 1);
  return !making->wish->epub || (!is_cancelled(making, error) && make_epub(making, error));
}

static MadeEdition *make(const EditionContent *content, const EditionWish *wish, gpointer data,
                         GError **error) {
  g_autoptr(MadeEdition) made = made_edition_new();
  Making making = {.shared = data, .content = content, .wish = wish, .made = made};
  making.pages = g_new0(guint, content->stories->len + 1);
  gboolean good = make_all(&making, error);
  g_clear_pointer(&making.cover, g_bytes_unref);
  g_free(making.pages);
  return good ? g_steal_pointer(&made) : NULL;
}

void edition_making_begin(EditionMaking *making, Paper *paper) {
  const char *theme = paper->config->theme;
  *making = (EditionMaking){.newsroom = &paper->newsroom,
                            .theme = *theme != '\0' ? theme : NULL,
                            .maker = {make, making}};
  paper->newsroom.edition_maker = &making->maker;
}

void edition_making_cancel(EditionMaking *making) {
  g_atomic_int_set(&making->cancelled, 1);
}

void edition_making_end(EditionMaking *making) {
  if (making->newsroom != NULL) {
    making->newsroom->edition_maker = NULL;
  }
}
