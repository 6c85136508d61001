// SPDX-License-Identifier: Apache-2.0
//
// Figures that take long to count (a million readers by newsletter): what was quick to count is
// counted anew each time; what was not is answered as it was last, for a minute and then while one
// thread counts it again. Any thread. Used by src/web/api_*.c.
#pragma once

#include <glib.h>

typedef struct FigureCache FigureCache;
FigureCache *figure_cache_new(void);
void figure_cache_free(FigureCache *cache); // waits for what is being counted

// Counts: JSON without the name, caller frees; NULL with error. Any thread, as long as the cache
// lives.
typedef char *(*FigureMake)(gpointer data, GError **error);
// `key` names the figure with all that it depends on. Takes `data`. Caller frees. `cache` NULL:
// counted at once.
char *figure_cache_get(FigureCache *cache, const char *key, FigureMake make, gpointer data,
                       GDestroyNotify free_data, GError **error);
// Counted by and by, once at a time, whatever comes of it; `make` keeps the result itself. NULL:
// not at all.
void figure_cache_later(FigureCache *cache, const char *key, FigureMake make, gpointer data,
                        GDestroyNotify free_data);
