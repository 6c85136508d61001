// SPDX-License-Identifier: Apache-2.0
//
// The names of a backup's entries, made and read in one place, and the manifest's own. For
// backup*.c only. Pure.
#pragma once

#include "base/slice.h"
#include "model/image.h"

enum { BACKUP_FORMAT = 1 };
#define BACKUP_CONFIG_NAME "broadsheet.ini"
#define BACKUP_MANIFEST_NAME "manifest.ini"

char *backup_rows_name(guint table, guint piece);                 // "rows/06-story/000001"
char *backup_original_name(const char *hash, ImageFormat format); // "originals/3f/3f…40 digits.jpg"
char *backup_edition_name(const char *hash, const char *media_type); // "editions/3f/3f….pdf"
// Exactly those forms, of tables that there are; FALSE on anything else.
gboolean backup_parse_rows_name(const char *name, guint *ret_table, guint *ret_piece);
gboolean backup_parse_original_name(const char *name, char ret_hash[41], ImageFormat *ret_format);
// *ret_media_type is static.
gboolean backup_parse_edition_name(const char *name, char ret_hash[41],
                                   const char **ret_media_type);
