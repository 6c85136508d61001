// SPDX-License-Identifier: Apache-2.0
//
// Implements backup_manifest.h. A name is read by making it again and comparing: nothing but the
// exact form passes, so no name of an archive can lead out of a folder.
#include "exchange/backup_manifest.h"

#include <string.h>

#include "store/dump.h"
#include "store/edition_files.h"

char *backup_rows_name(guint table, guint piece) {
  return g_strdup_printf("rows/%02u-%s/%06u", table, dump_table_name(table), piece);
}

char *backup_original_name(const char *hash, ImageFormat format) {
  return g_strdup_printf("originals/%.2s/%s.%s", hash, hash, image_format_extension(format));
}

gboolean backup_parse_rows_name(const char *name, guint *ret_table, guint *ret_piece) {
  guint64 table, piece;
  const char *last = strrchr(name, '/');
  if (!g_str_has_prefix(name, "rows/") || last == NULL ||
      !slice_parse_uint(slice_range(slice_of(name), 5, 2), 99, &table) ||
      !slice_parse_uint(slice_of(last + 1), 999999, &piece) || table >= dump_table_count()) {
    return FALSE;
  }
  g_autofree char *again = backup_rows_name((guint)table, (guint)piece);
  *ret_table = (guint)table;
  *ret_piece = (guint)piece;
  return strcmp(again, name) == 0;
}

// The 40 hex digits after the last slash, followed by a dot.
static gboolean parse_hash(const char *name, char ret_hash[41]) {
  const char *last = strrchr(name, '/');
  const char *dot = strrchr(name, '.');
  if (last == NULL || dot != last + 41) {
    return FALSE;
  }
  for (guint i = 0; i < 40; i++) {
    char digit = last[1 + i];
    if (!((digit >= '0' && digit <= '9') || (digit >= 'a' && digit <= 'f'))) {
      return FALSE;
    }
    ret_hash[i] = digit;
  }
  ret_hash[40] = '\0';
  return TRUE;
}

gboolean backup_parse_original_name(const char *name, char ret_hash[41], ImageFormat *ret_format) {
  const char *dot = strrchr(name, '.');
  if (!parse_hash(name, ret_hash) || !image_format_parse_extension(slice_of(dot + 1), ret_format)) {
    return FALSE;
  }
  g_autofree char *again = backup_original_name(ret_hash, *ret_format);
  return strcmp(again, name) == 0;
}

char *backup_edition_name(const char *hash, const char *media_type) {
  return g_strdup_printf("editions/%.2s/%s.%s", hash, hash, edition_files_extension(media_type));
}

gboolean backup_parse_edition_name(const char *name, char ret_hash[41],
                                   const char **ret_media_type) {
  static const char *const TYPES[] = {"application/pdf", "application/epub+zip", "image/webp",
                                      "image/png"};
  for (gsize i = 0; parse_hash(name, ret_hash) && i < G_N_ELEMENTS(TYPES); i++) {
    g_autofree char *again = backup_edition_name(ret_hash, TYPES[i]);
    if (strcmp(again, name) == 0) {
      *ret_media_type = TYPES[i];
      return TRUE;
    }
  }
  return FALSE;
}
