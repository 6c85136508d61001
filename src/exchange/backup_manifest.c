// SPDX-License-Identifier: Apache-2.0
//
// Implements backup_manifest.h. A name is read by making it again and comparing: nothing but the
// exact form passes, so no name of an archive can lead out of a folder.
#include "exchange/backup_manifest.h"

#include <string.h>

#include "store/dump.h"

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

gboolean backup_parse_original_name(const char *name, char ret_hash[41], ImageFormat *ret_format) {
  const char *last = strrchr(name, '/'), *dot = strrchr(name, '.');
  if (last == NULL || dot != last + 41 ||
      !image_format_parse_extension(slice_of(dot + 1), ret_format)) {
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
  g_autofree char *again = backup_original_name(ret_hash, *ret_format);
  return strcmp(again, name) == 0;
}
