// SPDX-License-Identifier: Apache-2.0
//
// A theme's files that browsers fetch by themselves: style sheet, fonts, icons. Each is
// addressed by the hash of its bytes, so it may be cached for ever. In style sheets,
// url(name) of another asset is replaced by that asset's address. Used by press/press and
// press/page_*. Written to only by press_new; then any thread.
#pragma once

#include <gio/gio.h>

typedef struct Assets Assets;

Assets *assets_new(void);
void assets_free(Assets *assets);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Assets, assets_free)

void assets_add(Assets *assets, const char *name, GBytes *bytes); // replaces one of the same name
void assets_finish(Assets *assets); // after the last add: makes the addresses
const char *assets_address(const Assets *assets,
                           const char *name); // "/assets/<hash>/<name>", or NULL
GBytes *assets_find(const Assets *assets, const char *path,
                    const char **ret_media_type); // borrowed
