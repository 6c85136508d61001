// SPDX-License-Identifier: Apache-2.0
//
// Implements rendition_source.h. Originals never change after they are stored, so mapping is safe;
// the pixels are never looked at here.
#include "imaging/rendition_source.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct Mapping {
  void *address;
  gsize length;
} Mapping;

static void mapping_free(gpointer data) {
  Mapping *mapping = data;
  munmap(mapping->address, mapping->length);
  g_free(mapping);
}

// The whole file, for as long as the bytes are referenced.
static GBytes *map(int fd, GError **error) {
  struct stat info;
  if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
    g_set_error_literal(error, IMAGING_ERROR, IMAGING_ERROR_FAILED,
                        "the original is not an ordinary file");
    return NULL;
  }
  if (info.st_size > IMAGE_MAX_BYTES) {
    g_set_error(error, IMAGING_ERROR, IMAGING_ERROR_TOO_LARGE,
                "the picture has %d MB; at most %u are taken: scale it down first",
                (int)(info.st_size >> 20), IMAGE_MAX_BYTES >> 20);
    return NULL;
  }
  if (info.st_size == 0) {
    return g_bytes_new_static("", 0);
  }
  Mapping *mapping = g_new0(Mapping, 1);
  mapping->length = (gsize)info.st_size;
  mapping->address = mmap(NULL, mapping->length, PROT_READ, MAP_SHARED, fd, 0);
  if (mapping->address == MAP_FAILED) {
    g_set_error(error, IMAGING_ERROR, IMAGING_ERROR_FAILED, "the original can't be mapped: %s",
                g_strerror(errno));
    g_free(mapping);
    return NULL;
  }
  return g_bytes_new_with_free_func(mapping->address, mapping->length, mapping_free, mapping);
}

RenditionSource *rendition_source_new(int fd, GError **error) {
  ImageHeader header;
  g_autoptr(GBytes) bytes = map(fd, error);
  if (bytes == NULL || !image_header_read(slice_of_bytes(bytes), &header, error)) {
    close(fd);
    return NULL;
  }
  if (!image_header_check_end(slice_of_bytes(bytes), error)) {
    image_header_clear(&header);
    close(fd);
    return NULL;
  }
  RenditionSource *source = g_new0(RenditionSource, 1);
  g_atomic_ref_count_init(&source->references);
  source->fd = fd;
  source->header = header;
  return source;
}

RenditionSource *rendition_source_ref(RenditionSource *source) {
  g_atomic_ref_count_inc(&source->references);
  return source;
}

void rendition_source_unref(RenditionSource *source) {
  if (source != NULL && g_atomic_ref_count_dec(&source->references)) {
    close(source->fd);
    image_header_clear(&source->header);
    g_free(source);
  }
}

void rendition_source_describe(const RenditionSource *source, DecoderRequest *request) {
  request->source = source->header.format;
  request->orientation = (gint32)source->header.orientation;
  request->width = source->header.width;
  request->height = source->header.height;
  g_strlcpy(request->creator, source->header.creator, DECODER_TEXT);
  g_strlcpy(request->credit, source->header.credit, DECODER_TEXT);
  g_strlcpy(request->rights, source->header.rights, DECODER_TEXT);
}
