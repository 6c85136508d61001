// SPDX-License-Identifier: Apache-2.0
//
// The library of pictures (docs/api/openapi.json). A file comes as the body itself; what it is, its
// bytes say.
#include <string.h>

#include "model/address.h"
#include "newsroom/images.h"
#include "store/image_rows.h"
#include "web/api_stories.h"

static void write_whole(JsonWriter *json, const Image *image, const ApiSummaries *with) {
  write_image(json, image, with->read.site);
}

Response *api_image_list(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ApiSummaries) with = {0};
  g_auto(ApiAnswer) answer = {0};
  api_begin(&call, request, website);
  guint limit = api_limit(&call, 60);
  ImageFilter filter = {.words = request_query(request, "q"),
                        .missing_alt = api_query_flag(&call, "missing_alt"),
                        .unused = api_query_flag(&call, "unused"),
                        .before = api_query_integer(&call, "after", 0),
                        .limit = limit + 1};
  if (!api_query_accept(&call, error) || !api_summaries_begin(&with, &call, error)) {
    return NULL;
  }
  g_autoptr(GPtrArray) images = image_rows_list(with.read.transaction, &filter, error);
  if (images == NULL) {
    return NULL;
  }
  gint64 last = 0;
  JsonWriter *json = api_answer(&answer);
  put_list(json, "items");
  for (guint i = 0; i < MIN(images->len, limit); i++) {
    const Image *image = g_ptr_array_index(images, i);
    json_object(json);
    write_whole(json, image, &with);
    json_end_object(json);
    last = image->id;
  }
  put_next_id(json, images->len > limit ? last : 0);
  return api_respond(&answer, 200);
}

static Response *answer_image(ApiCall *call, gint64 id, guint status, GError **error) {
  g_auto(ApiSummaries) with = {0};
  g_auto(ApiAnswer) answer = {0};
  if (!api_summaries_begin(&with, call, error)) {
    return NULL;
  }
  g_autoptr(Image) image = image_rows_get(with.read.transaction, id, error);
  if (image == NULL) {
    return NULL;
  }
  write_whole(api_answer(&answer), image, &with);
  return api_respond(&answer, status);
}

Response *api_image_get(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  api_begin(&call, request, website);
  return answer_image(&call, api_path_id(&call, 0), 200, error);
}

static const char WANTED[] = "send the picture's file as the body: JPEG, PNG, WebP or GIF";

// The name that the browser tells; a path is nobody's business.
static const char *name_of(const Request *request) {
  const char *name = request_query(request, "name");
  return name != NULL && strlen(name) <= 300 && strpbrk(name, "/\\:") == NULL ? name : "upload";
}

Response *api_image_post(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  api_begin(&call, request, website);
  g_auto(ApiFile) file = {0};
  gint64 id = 0;
  if (api_file_open(&file, request, website, WANTED, error)) {
    ImageFile image = {.bytes = file.bytes, .file = file.file, .name = name_of(request)};
    id = images_add(&call.newsroom, &image, error);
  }
  api_file_close(&file);
  return id != 0 ? answer_image(&call, id, 201, error) : NULL;
}

Response *api_image_replace(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  api_begin(&call, request, website);
  gint64 id = api_path_id(&call, 0);
  g_auto(ApiFile) file = {0};
  if (!api_file_open(&file, request, website, WANTED, error)) {
    return NULL;
  }
  ImageFile image = {.bytes = file.bytes, .file = file.file, .name = name_of(request)};
  return images_replace(&call.newsroom, id, &image, error) ? answer_image(&call, id, 200, error)
                                                           : NULL;
}

static void read_crops(ApiCall *call, ImageChange *change) {
  static const char *const NAMES[] = {"x", "y", "width", "height", NULL};
  const JsonValue *crops = api_object(call, "crops");
  for (guint i = 0; crops != NULL && i < crops->items->len; i++) {
    const JsonValue *item = g_ptr_array_index(crops->items, i);
    ImageAspect aspect = ASPECT_16X9;
    if (!image_aspect_parse(slice_of(item->name), &aspect) || aspect >= ASPECT_COUNT) {
      api_fault(call, "crops: 16x9, 4x3, 3x2 and 1x1 are the aspects");
      return;
    }
    change->sets_crop[aspect] = TRUE;
    if (item->kind == JSON_VALUE_NULL) {
      continue;
    }
    if (!api_item_is(call, item, "crops", NAMES)) {
      return;
    }
    gint64 numbers[4];
    for (guint j = 0; j < G_N_ELEMENTS(numbers); j++) {
      numbers[j] = json_value_integer(json_value_member(item, NAMES[j]));
      if (numbers[j] < 0 || numbers[j] > 65535) {
        api_fault(call, "crops: pixels of the picture are wanted");
      }
    }
    change->crops[aspect] = (CropRectangle){(gint32)numbers[0], (gint32)numbers[1],
                                            (gint32)numbers[2], (gint32)numbers[3]};
    if (numbers[2] < 1 || numbers[3] < 1) {
      api_fault(call, "crops: a rectangle has a width and a height");
    }
  }
}

Response *api_image_patch(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  if (!api_begin_json(&call, request, website, error)) {
    return NULL;
  }
  gint64 id = api_path_id(&call, 0);
  gint64 focal_x = api_integer(&call, "focal_x", -1);
  gint64 focal_y = api_integer(&call, "focal_y", -1);
  ImageChange change = {.alt = api_text(&call, "alt"),
                        .caption = api_text(&call, "caption"),
                        .credit = api_text(&call, "credit"),
                        .rights = api_text(&call, "rights"),
                        .focal_x = (gint32)CLAMP(focal_x, -1, 20000),
                        .focal_y = (gint32)CLAMP(focal_y, -1, 20000)};
  read_crops(&call, &change);
  return api_accept(&call, error) && images_change(&call.newsroom, id, &change, error)
             ? answer_image(&call, id, 200, error)
             : NULL;
}

Response *api_image_delete(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  api_begin(&call, request, website);
  return images_remove(&call.newsroom, api_path_id(&call, 0), error) ? api_done() : NULL;
}

Response *api_image_uses(const Request *request, Website *website, GError **error) {
  static const char *const KINDS[] = {"hero", "body", "share", "author"};
  g_auto(ApiCall) call = {0};
  g_auto(ApiRead) read = {0};
  g_auto(ApiAnswer) answer = {0};
  api_begin(&call, request, website);
  gint64 id = api_path_id(&call, 0);
  if (!api_read_begin(&read, website, error)) {
    return NULL;
  }
  g_autoptr(Image) image = image_rows_get(read.transaction, id, error);
  g_autoptr(GPtrArray) uses = image != NULL ? image_rows_uses(read.transaction, id, error) : NULL;
  if (uses == NULL) {
    return NULL;
  }
  JsonWriter *json = api_answer(&answer);
  put_list(json, "items");
  for (guint i = 0; i < uses->len; i++) {
    const ImageUse *use = g_ptr_array_index(uses, i);
    gboolean author = use->kind == IMAGE_OF_AUTHOR;
    if (!author && !works_may_read(&call.newsroom, read.transaction, use->id, NULL)) {
      continue;
    }
    g_autofree char *url =
        author ? address_listing((Listing){LISTING_AUTHOR, use->id}, use->slug, 1)
        : use->status == STORY_PUBLISHED
            ? address_story(*use->section_slug != '\0' ? use->section_slug : NULL, use->slug,
                            use->id)
            : NULL;
    json_object(json);
    put_text(json, "kind", KINDS[use->kind]);
    put_id(json, "story_id", author ? 0 : use->id);
    put_id(json, "author_id", author ? use->id : 0);
    put_text(json, "title", use->title);
    put_text(json, "status", author ? "published" : story_status_name((StoryStatus)use->status));
    put_text(json, "url", url);
    json_end_object(json);
  }
  json_end_array(json);
  return api_respond(&answer, 200);
}
