// SPDX-License-Identifier: Apache-2.0
//
// The little that we keep of a picture's own notes: which way up it is, and who made and owns it.
// Reads EXIF (TIFF 6.0 tags), IPTC-IIM 4 and XMP from bytes that may be anything. Called by
// image_header.c only. Broken notes are never an error: they are left out. Positions (GPS) are
// never read.
#pragma once

#include "imaging/image_header.h"

#define METADATA_CAPTION_LIMIT 4000 // bytes kept of a caption
#define METADATA_NAME_LIMIT 400     // bytes kept of creator, credit and rights

// Each fills only what is still NULL in `header`, so the first caller has the last word.
void metadata_read_exif(Slice tiff, ImageHeader *header); // from "II*\0" or "MM\0*" on
void metadata_read_photoshop(Slice resources,
                             ImageHeader *header); // "8BIM" blocks of a JPEG's APP13
void metadata_read_xmp(Slice packet, ImageHeader *header);
void metadata_take_text(char **field, Slice text,
                        gsize limit); // cleaned; Latin-1 if it is not UTF-8

// A minimal XMP packet with dc:creator, photoshop:Credit and dc:rights; NULL when all three are
// empty.
char *metadata_write_xmp(const char *creator, const char *credit, const char *rights);
