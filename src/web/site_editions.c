// SPDX-License-Identifier: Apache-2.0
//
// Implements site_editions.h.
#include "web/site_editions.h"

#include <string.h>
#include <unistd.h>

#include "model/address.h"
#include "newsroom/editions.h"
#include "press/page_edition.h"
#include "press/page_reader.h"
#include "store/edition_files.h"
#include "store/edition_rows.h"
#include "store/story_rows.h"
#include "web/accept.h"
#include "web/site_reader.h"

#define ARCHIVE_PAGE 60
#define TOKEN_NAME "first"
#define USUAL_WIDTH 810
#define MOST_WIDTH 65535

// ---- all of them ------------------------------------------------------------------------------

static GPtrArray *read_covers(const SiteVisit *visit, const GPtrArray *editions, GError **error) {
  g_autoptr(GArray) days = g_array_new(FALSE, FALSE, sizeof(gint64));
  for (guint i = 0; i < editions->len; i++) {
    gint64 day = ((const Edition *)editions->pdata[i])->day;
    g_array_append_val(days, day);
  }
  return edition_rows_covers(visit->transaction, (const gint64 *)(gpointer)days->data, days->len,
                             error);
}

Response *site_editions(const Request *request, Website *website, GError **error) {
  g_auto(SiteVisit) visit = {0};
  EditionsPage page = {.page = 1};
  if (!site_visit_begin(&visit, request, website, error)) {
    return NULL;
  }
  gint64 total = edition_rows_count(visit.transaction, error);
  if (total < 0) {
    return NULL;
  }
  page.page_count = site_page_count(total, ARCHIVE_PAGE);
  if (!site_page_number(request, &page.page) || page.page > page.page_count) {
    return site_missing(&visit, error);
  }
  g_autofree char *path =
      page.page > 1 ? g_strdup_printf("/edition?page=%u", page.page) : g_strdup("/edition");
  Response *elsewhere = site_canonical(&visit, path);
  if (elsewhere != NULL) {
    return elsewhere;
  }
  g_autoptr(GPtrArray) editions = edition_rows_list(
      visit.transaction, EDITION_PUBLISHED, (page.page - 1) * ARCHIVE_PAGE, ARCHIVE_PAGE, error);
  g_autoptr(GPtrArray) covers = editions != NULL ? read_covers(&visit, editions, error) : NULL;
  page.context = site_context(&visit, path);
  page.editions = editions;
  page.covers = covers;
  g_autoptr(GString) html = g_string_sized_new(SITE_PAGE_BYTES);
  return covers != NULL && page_editions(website->press, &page, html, error)
             ? site_page(&visit, g_steal_pointer(&html))
             : NULL;
}

// ---- one --------------------------------------------------------------------------------------

static GPtrArray *read_stories(const SiteVisit *visit, gint32 day, GError **error) {
  g_autoptr(GArray) rows = edition_rows_stories(visit->transaction, day, error);
  g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
  for (guint i = 0; rows != NULL && i < rows->len; i++) {
    g_array_append_val(ids, g_array_index(rows, EditionStoryRow, i).story_id);
  }
  return rows != NULL ? story_rows_list_by_ids(visit->transaction,
                                               (const gint64 *)(gpointer)ids->data, ids->len, error)
                      : NULL;
}

// The day of the public edition beside it; 0 if there is none.
static gint32 neighbour(const SiteVisit *visit, gint32 day, gboolean later) {
  g_autoptr(Edition) edition = later ? edition_rows_after(visit->transaction, day, NULL)
                                     : edition_rows_before(visit->transaction, day, NULL);
  return edition != NULL && edition->state == EDITION_PUBLISHED ? edition->day : 0;
}

static Response *show(const SiteVisit *visit, const Edition *edition, const char *path,
                      gboolean first_look, GError **error) {
  g_autofree char *text = NULL;
  g_autoptr(EditionPages) model = NULL;
  g_autoptr(GPtrArray) files = edition_rows_files(visit->transaction, edition->day, error);
  g_autoptr(GPtrArray) stories = files != NULL ? read_stories(visit, edition->day, error) : NULL;
  if (stories == NULL) {
    return NULL;
  }
  if (edition_rows_model(visit->transaction, edition->day, edition_first_format(edition->formats),
                         &text, NULL, NULL)) {
    model = edition_pages_read(slice_of(text));
  }
  EditionPage page = {.context = site_context(visit, path),
                      .edition = edition,
                      .model = model,
                      .files = files,
                      .stories = stories,
                      .earlier = neighbour(visit, edition->day, FALSE),
                      .later = neighbour(visit, edition->day, TRUE),
                      .is_first_look = first_look};
  g_autoptr(GString) html = g_string_sized_new(SITE_PAGE_BYTES);
  if (!page_edition(visit->website->press, &page, html, error)) {
    return NULL;
  }
  if (!first_look) {
    return site_page(visit, g_steal_pointer(&html));
  }
  Response *response = site_private(200, g_steal_pointer(&html));
  response_add_header(response, "Referrer-Policy", "no-referrer"); // the address is the key
  return response;
}

// Made, and not yet for everybody.
static Response *show_soon(const SiteVisit *visit, const Edition *edition, GError **error) {
  const Locale *locale = press_locale(visit->website->press, visit->site->language);
  g_autofree char *when = locale_date_time(locale, edition->public_at, visit->site->zone);
  return site_action(visit, 403,
                     (ActionPage){.title = "edition_soon_title",
                                  .text = "edition_soon",
                                  .name = when,
                                  .link = "/newsletters",
                                  .link_word = "signup_button"},
                     error);
}

Response *site_edition(const Request *request, Website *website, GError **error) {
  g_auto(SiteVisit) visit = {0};
  gint32 day = 0;
  if (!site_visit_begin(&visit, request, website, error)) {
    return NULL;
  }
  if (!edition_day_parse(request_parameter(request, 0), &day)) {
    return site_missing(&visit, error);
  }
  GError *failure = NULL;
  g_autoptr(Edition) edition = edition_rows_get(visit.transaction, day, &failure);
  if (edition == NULL) {
    return site_missing_because(&visit, failure, error);
  }
  g_autofree char *path = address_edition(day);
  const char *token = request_query(request, TOKEN_NAME);
  if (edition->state == EDITION_MADE) {
    return editions_is_open(visit.transaction, visit.site, edition, token)
               ? show(&visit, edition, path, TRUE, error)
               : show_soon(&visit, edition, error);
  }
  if (edition->state != EDITION_PUBLISHED) {
    return site_missing(&visit, error);
  }
  Response *elsewhere = site_canonical(&visit, path); // a subscriber's link, too, leads there now
  return elsewhere != NULL ? elsewhere : show(&visit, edition, path, FALSE, error);
}

// ---- files ------------------------------------------------------------------------------------

static Response *missing(const Request *request, GError **error) {
  g_set_error(error, WEB_ERROR, WEB_ERROR_NOT_FOUND, "there is no such file: %s",
              request_path(request));
  return NULL;
}

static const char *type_of(const char *name) {
  return g_str_has_suffix(name, ".pdf")    ? "application/pdf"
         : g_str_has_suffix(name, ".epub") ? "application/epub+zip"
                                           : NULL;
}

static Response *send_file(const Request *request, Website *website, const char *media_type,
                           GError **error) {
  const char *name = request_parameter(request, 2);
  g_autoptr(GBytes) bytes = edition_files_read(website->newsroom->edition_files,
                                               request_parameter(request, 1), media_type, NULL);
  // The bytes have one address, or they would be kept many times.
  if (bytes == NULL || request_raw_query(request).length > 0 || strlen(name) > 200) {
    return missing(request, error);
  }
  g_autofree char *encoded = g_uri_escape_string(name, NULL, FALSE);
  g_autofree char *disposition = g_strdup_printf(
      "%s; filename*=UTF-8''%s",
      strcmp(media_type, "application/pdf") == 0 ? "inline" : "attachment", encoded);
  Response *response = response_new(200, media_type, bytes);
  response_set_cache(response, CACHE_FOREVER);
  response_set_incompressible(response); // and so in ranges
  response_add_header(response, "Content-Disposition", disposition);
  response_add_header(response, "X-Robots-Tag", "noindex");
  return response;
}

static ImageFormat format_of(const Request *request, const char *name) {
  ImageFormat format = FORMAT_UNKNOWN;
  const char *dot = strrchr(name, '.');
  if (dot == NULL || !g_str_has_prefix(name, "page-")) {
    return FORMAT_UNKNOWN;
  }
  if (strcmp(dot, ".jpg") == 0) { // as the reader's browser takes it
    return accept_image_format(request_header(request, "Accept"));
  }
  return image_format_parse_extension(slice_of(dot + 1), &format) && format != FORMAT_PNG &&
                 format != FORMAT_GIF
             ? format
             : FORMAT_UNKNOWN;
}

static gboolean read_width(const Request *request, gint32 *ret_width) {
  Slice query = request_raw_query(request);
  guint64 width = USUAL_WIDTH;
  if (query.length > 0 &&
      (!slice_starts_with(query, "imwidth=") ||
       !slice_parse_uint(slice_from(query, strlen("imwidth=")), MOST_WIDTH, &width) ||
       width == 0)) {
    return FALSE;
  }
  *ret_width = image_width_snap((gint32)width);
  return TRUE;
}

// A page's picture, scaled by the same decoders as all pictures.
static Response *send_picture(const Request *request, Website *website, GError **error) {
  ImageHeader header;
  gint32 width = 0;
  const char *hash = request_parameter(request, 1);
  ImageFormat format = format_of(request, request_parameter(request, 2));
  int file = edition_files_open_read(website->newsroom->edition_files, hash, "image/webp", NULL);
  g_autoptr(GBytes) whole =
      edition_files_read(website->newsroom->edition_files, hash, "image/webp", NULL);
  if (file < 0 || whole == NULL || format == FORMAT_UNKNOWN || !read_width(request, &width) ||
      website->newsroom->renditioner == NULL ||
      !image_header_read(slice_of_bytes(whole), &header, NULL)) {
    if (file >= 0) {
      close(file);
    }
    return missing(request, error);
  }
  Image image = {
      .hash = (char *)hash, .format = FORMAT_WEBP, .width = header.width, .height = header.height};
  image_header_clear(&header);
  RenditionRequest wanted = {.image = &image,
                             .original_fd = file,
                             .aspect = ASPECT_ORIGINAL,
                             .crop = {0, 0, image.width, image.height},
                             .width = width,
                             .format = format};
  g_autoptr(GBytes) bytes = rendition_get(website->newsroom->renditioner, &wanted, error);
  close(file);
  if (bytes == NULL) {
    return NULL;
  }
  Response *response = response_new(200, image_format_media_type(format), bytes);
  response_set_cache(response, CACHE_FOREVER);
  response_set_incompressible(response);
  if (g_str_has_suffix(request_parameter(request, 2), ".jpg")) {
    response_set_vary_accept(response);
  }
  return response;
}

Response *site_edition_file(const Request *request, Website *website, GError **error) {
  gint32 day = 0;
  const char *media_type = type_of(request_parameter(request, 2));
  if (website->newsroom->edition_files == NULL ||
      !edition_day_parse(request_parameter(request, 0), &day)) {
    return missing(request, error);
  }
  return media_type != NULL ? send_file(request, website, media_type, error)
                            : send_picture(request, website, error);
}
