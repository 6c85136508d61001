// SPDX-License-Identifier: Apache-2.0
//
// An original that renditions are made of: its open file and what its header says. Called by
// rendition.c. Reference-counted; immutable; any thread.
#pragma once

#include "imaging/decoder_protocol.h"
#include "imaging/image_header.h"

typedef struct RenditionSource {
  gatomicrefcount references;
  int fd; // owned
  ImageHeader header;
} RenditionSource;

// Takes `fd`, also on error. Checks type, size, header, and that it ends where its format ends.
RenditionSource *rendition_source_new(int fd, GError **error);
RenditionSource *rendition_source_ref(RenditionSource *source);
void rendition_source_unref(RenditionSource *source);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RenditionSource, rendition_source_unref)

// Everything of an OPEN but the rectangle and the widths.
void rendition_source_describe(const RenditionSource *source, DecoderRequest *request);
