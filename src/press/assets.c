// SPDX-License-Identifier: Apache-2.0
//
// Implements assets.h. Style sheets are addressed last, because their bytes depend on the
// addresses of the fonts and pictures that they name.
#include "press/assets.h"

#include <string.h>

#include "base/secret.h"

#define HASH_LENGTH 12

typedef struct Asset {
  char *name, *address;
  GBytes *bytes;
} Asset;

struct Assets {
  GHashTable *by_name; // borrowed name -> Asset
};

static void asset_free(gpointer data) {
  Asset *asset = data;
  g_free(asset->name);
  g_free(asset->address);
  g_bytes_unref(asset->bytes);
  g_free(asset);
}

Assets *assets_new(void) {
  Assets *assets = g_new0(Assets, 1);
  assets->by_name = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, asset_free);
  return assets;
}

void assets_free(Assets *assets) {
  if (assets != NULL) {
    g_hash_table_unref(assets->by_name);
    g_free(assets);
  }
}

void assets_add(Assets *assets, const char *name, GBytes *bytes) {
  Asset *asset = g_new0(Asset, 1);
  asset->name = g_strdup(name);
  asset->bytes = g_bytes_ref(bytes);
  g_hash_table_replace(assets->by_name, asset->name, asset);
}

static void set_address(Asset *asset) {
  g_autofree char *hash = secret_sha256_hex(slice_of_bytes(asset->bytes));
  hash[HASH_LENGTH] = '\0';
  g_free(asset->address);
  asset->address = g_strconcat("/assets/", hash, "/", asset->name, NULL);
}

// Cuts "url(" NAME ")" apart, quotes off. `text` begins after the parenthesis.
static Slice url_name(Slice text) {
  gssize end = slice_find_char(text, ')');
  Slice name = slice_trim(slice_range(text, 0, end < 0 ? 0 : (gsize)end));
  if (name.length >= 2 && (name.data[0] == '"' || name.data[0] == '\'')) {
    name = slice_range(name, 1, name.length - 2);
  }
  return name;
}

static GBytes *resolve_urls(const Assets *assets, GBytes *sheet) {
  static const Slice OPEN = {"url(", 4};
  GString *out = g_string_new(NULL);
  Slice rest = slice_of_bytes(sheet);
  for (gssize at; (at = slice_find(rest, OPEN)) >= 0;) {
    g_string_append_len(out, rest.data, at + (gssize)OPEN.length);
    rest = slice_from(rest, (gsize)at + OPEN.length);
    g_autofree char *name = slice_dup(url_name(rest));
    const char *address = assets_address(assets, name);
    if (address != NULL) {
      g_string_append(out, address);
      rest = slice_from(rest, (gsize)slice_find_char(rest, ')'));
    }
  }
  g_string_append_len(out, rest.data, (gssize)rest.length);
  return g_string_free_to_bytes(out);
}

void assets_finish(Assets *assets) {
  GHashTableIter iter;
  gpointer value = NULL;
  g_hash_table_iter_init(&iter, assets->by_name);
  while (g_hash_table_iter_next(&iter, NULL, &value)) {
    if (!g_str_has_suffix(((Asset *)value)->name, ".css")) {
      set_address(value);
    }
  }
  g_hash_table_iter_init(&iter, assets->by_name);
  while (g_hash_table_iter_next(&iter, NULL, &value)) {
    Asset *asset = value;
    if (g_str_has_suffix(asset->name, ".css")) {
      GBytes *resolved = resolve_urls(assets, asset->bytes);
      g_bytes_unref(asset->bytes);
      asset->bytes = resolved;
      set_address(asset);
    }
  }
}

const char *assets_address(const Assets *assets, const char *name) {
  const Asset *asset = g_hash_table_lookup(assets->by_name, name);
  return asset != NULL ? asset->address : NULL;
}

static const char *media_type(const char *name) {
  static const struct {
    const char *suffix, *type;
  } TYPES[] = {{".css", "text/css; charset=utf-8"},
               {".woff2", "font/woff2"},
               {".svg", "image/svg+xml"},
               {".png", "image/png"},
               {".ico", "image/x-icon"},
               {".jpg", "image/jpeg"},
               {".webp", "image/webp"},
               {".webmanifest", "application/manifest+json"},
               {".txt", "text/plain; charset=utf-8"}};
  for (gsize i = 0; i < G_N_ELEMENTS(TYPES); i++) {
    if (g_str_has_suffix(name, TYPES[i].suffix)) {
      return TYPES[i].type;
    }
  }
  return "application/octet-stream";
}

GBytes *assets_find(const Assets *assets, const char *path, const char **ret_media_type) {
  const char *slash = strchr(path, '/');
  const Asset *asset = slash != NULL ? g_hash_table_lookup(assets->by_name, slash + 1) : NULL;
  if (asset == NULL || strcmp(asset->address + strlen("/assets/"), path) != 0) {
    return NULL;
  }
  *ret_media_type = media_type(asset->name);
  return asset->bytes;
}
