// SPDX-License-Identifier: Apache-2.0
//
// The theme's files of the edition: edition/NAME of a theme's folder or, where that has none, of
// the default theme in the binary. Used when an edition is begun (typefaces, looks). Any thread.
#pragma once

#include <glib.h>

// EDITION_ERROR_THEME: there is none, or it is too large. Caller unrefs.
GBytes *theme_file_read(const char *theme, const char *name, GError **error);
// The same as a key file, lists parted by ';'. NULL without an error where `optional` and none is
// there.
GKeyFile *theme_file_keys(const char *theme, const char *name, gboolean optional, GError **error);
