// SPDX-License-Identifier: Apache-2.0
//
// Implements search_rows.h and story_rows_search. A reader's words are taken apart into
// runs of letters and digits; only those, each quoted, reach the engine's query language.
// Work is bounded: at most SEARCH_TOTAL matches are counted, and ranked, the newest first.
#include "store/search_rows.h"

#include <string.h>

#include "store/site_rows.h"
#include "store/story_rows.h"

#define SEARCH_TOTAL 10000
#define POSTGRES_RANKED 1000 // ts_rank unpacks each story's words: dearer than SQLite's rank
#define WORDS_MOST 12
#define WORD_LONGEST 64      // characters
#define PREFIX_SHORTEST 4    // letters of a last word that may be the beginning of a longer one
#define PREFIX_UNTIL 1000    // exact matches that are plenty without looking for longer words
#define INDEXED_BYTES 250000 // of a body; PostgreSQL refuses word lists over 1 MB

static const char *configuration(const char *language) {
  static const struct {
    const char *language, *name;
  } CONFIGURATIONS[] = {
      {"ar", "arabic"},     {"da", "danish"},    {"de", "german"},     {"el", "greek"},
      {"en", "english"},    {"es", "spanish"},   {"eu", "basque"},     {"fi", "finnish"},
      {"fr", "french"},     {"ga", "irish"},     {"hu", "hungarian"},  {"hy", "armenian"},
      {"id", "indonesian"}, {"it", "italian"},   {"lt", "lithuanian"}, {"nb", "norwegian"},
      {"nl", "dutch"},      {"nn", "norwegian"}, {"no", "norwegian"},  {"pt", "portuguese"},
      {"ro", "romanian"},   {"ru", "russian"},   {"sr", "serbian"},    {"sv", "swedish"},
      {"ta", "tamil"},      {"tr", "turkish"},   {"yi", "yiddish"},    {"ca", "catalan"},
      {"hi", "hindi"},      {"ne", "nepali"},
  };
  gsize length = strcspn(language, "-_");
  for (gsize i = 0; i < G_N_ELEMENTS(CONFIGURATIONS); i++) {
    if (length == 2 && g_ascii_strncasecmp(language, CONFIGURATIONS[i].language, 2) == 0) {
      return CONFIGURATIONS[i].name;
    }
  }
  return "simple";
}

// PostgreSQL's configuration for a language; "" is the newspaper's.
static const char *configuration_of(StoreTransaction *transaction, const char *language,
                                    GError **error) {
  if (*language != '\0') {
    return configuration(language);
  }
  GError *failure = NULL;
  g_autofree char *setting = site_rows_get_setting(transaction, "language", &failure);
  if (failure != NULL) {
    g_propagate_error(error, failure);
    return NULL;
  }
  return configuration(setting != NULL ? setting : "en");
}

static gboolean is_word_character(gunichar character) {
  return g_unichar_isalnum(character) || g_unichar_ismark(character);
}

// Runs of letters and digits, without marks and in lower case, one space between. Both what
// PostgreSQL indexes and what it is asked go through here, so that "Café" and "cafe" meet as they
// do in SQLite's own tokenizer.
static char *fold_words(const char *text) {
  g_autofree char *apart = g_utf8_normalize(text, -1, G_NORMALIZE_NFKD);
  GString *words = g_string_new(NULL);
  gboolean gap = FALSE;
  for (const char *at = apart != NULL ? apart : ""; *at != '\0'; at = g_utf8_next_char(at)) {
    gunichar character = g_utf8_get_char(at);
    if (g_unichar_ismark(character)) {
      continue;
    }
    if (!g_unichar_isalnum(character)) {
      gap = words->len > 0;
      continue;
    }
    if (gap) {
      g_string_append_c(words, ' ');
      gap = FALSE;
    }
    g_string_append_unichar(words, g_unichar_tolower(character));
  }
  return g_string_free(words, FALSE);
}

// Markdown without the targets of its links and pictures: nobody looks for those. Must stay as it
// is while stories that it indexed are in a SQLite database (a change needs a migration that
// indexes anew).
static char *without_targets(const char *body) {
  GString *text = g_string_sized_new(MIN(strlen(body), INDEXED_BYTES) + 1);
  const char *at = body;
  while (*at != '\0' && text->len < INDEXED_BYTES) {
    const char *target = strstr(at, "](");
    if (target == NULL) {
      g_string_append(text, at);
      break;
    }
    g_string_append_len(text, at, target + 1 - at);
    g_string_append_c(text, ' ');
    at = target + 2 + strcspn(target + 2, " )\n");
  }
  if (text->len > INDEXED_BYTES) {
    const char *cut = g_utf8_find_prev_char(text->str, text->str + INDEXED_BYTES + 1);
    g_string_truncate(text, cut != NULL ? (gsize)(cut - text->str) : INDEXED_BYTES);
  }
  return g_string_free(text, FALSE);
}

static gboolean put_sqlite(StoreTransaction *transaction, QueryId query, gint64 id,
                           const SearchText *text, GError **error) {
  g_autofree char *body = without_targets(text->body);
  return store_execute(transaction, query,
                       STORE_VALUES(store_integer(id), store_slice(slice_of(text->headline)),
                                    store_slice(slice_of(text->standfirst)),
                                    store_slice(slice_of(body))),
                       error) >= 0;
}

gboolean search_rows_put(StoreTransaction *transaction, gint64 id, const SearchText *text,
                         GError **error) {
  if (store_transaction_engine(transaction) == STORE_SQLITE) {
    return put_sqlite(transaction, QUERY_SEARCH_PUT, id, text, error);
  }
  const char *words_of = configuration_of(transaction, text->language, error);
  if (words_of == NULL) {
    return FALSE;
  }
  g_autofree char *plain = without_targets(text->body);
  g_autofree char *headline = fold_words(text->headline);
  g_autofree char *standfirst = fold_words(text->standfirst);
  g_autofree char *body = fold_words(plain);
  return store_execute(transaction, QUERY_SEARCH_PUT,
                       STORE_VALUES(store_integer(id), store_text(headline), store_text(standfirst),
                                    store_text(body), store_text(words_of)),
                       error) >= 0;
}

gboolean search_rows_remove(StoreTransaction *transaction, gint64 id, const SearchText *text,
                            GError **error) {
  if (store_transaction_engine(transaction) == STORE_SQLITE) {
    return put_sqlite(transaction, QUERY_SQLITE_SEARCH_REMOVE, id, text, error);
  }
  return store_execute(transaction, QUERY_POSTGRES_SEARCH_REMOVE, STORE_VALUES(store_integer(id)),
                       error) >= 0;
}

static GPtrArray *reader_words(const char *text) {
  GPtrArray *words = g_ptr_array_new_with_free_func(g_free);
  g_autofree char *valid = g_utf8_make_valid(text, -1);
  const char *at = valid;
  while (*at != '\0' && words->len < WORDS_MOST) {
    g_autoptr(GString) word = g_string_new(NULL);
    guint characters = 0;
    for (; *at != '\0' && is_word_character(g_utf8_get_char(at)); at = g_utf8_next_char(at)) {
      if (characters++ < WORD_LONGEST) {
        g_string_append_unichar(word, g_utf8_get_char(at));
      }
    }
    if (word->len > 0) {
      g_ptr_array_add(words, g_strdup(word->str));
    } else {
      at = g_utf8_next_char(at);
    }
  }
  return words;
}

static char *match_sqlite(const GPtrArray *words, gboolean prefix) {
  GString *match = g_string_new(NULL);
  for (guint i = 0; i < words->len; i++) {
    g_string_append_printf(match, "%s\"%s\"", i == 0 ? "" : " ",
                           (const char *)g_ptr_array_index(words, i));
  }
  g_string_append(match, prefix ? "*" : "");
  return g_string_free(match, FALSE);
}

static char *match_postgres(const GPtrArray *words, gboolean prefix) {
  GString *match = g_string_new(NULL);
  for (guint i = 0; i < words->len; i++) {
    g_autofree char *folded = fold_words(g_ptr_array_index(words, i));
    if (*folded != '\0') {
      gboolean last = i + 1 == words->len;
      g_string_append_printf(match, "%s'%s'%s", match->len == 0 ? "" : " & ", folded,
                             last && prefix ? ":*" : "");
    }
  }
  return g_string_free(match, FALSE);
}

typedef struct Search {
  gboolean postgres;
  const char *configuration;
  char *match;
} Search;

static void make_match(Search *search, const GPtrArray *words, gboolean prefix) {
  g_free(search->match);
  search->match = search->postgres ? match_postgres(words, prefix) : match_sqlite(words, prefix);
}

static gboolean count_matches(StoreTransaction *transaction, const Search *search,
                              gint64 *ret_total, GError **error) {
  return store_query_integer(transaction, QUERY_SEARCH_COUNT,
                             (const StoreValue[]){store_text(search->match),
                                                  store_integer(SEARCH_TOTAL),
                                                  store_text(search->configuration)},
                             search->postgres ? 3 : 2, ret_total, error);
}

static GArray *page_ids(StoreTransaction *transaction, const Search *search, guint offset,
                        guint limit, GError **error) {
  // Beyond what PostgreSQL ranks a page is by date alone; SQLite ranks all that are counted.
  gint64 ranked =
      search->postgres && offset + limit <= POSTGRES_RANKED ? POSTGRES_RANKED : SEARCH_TOTAL;
  const StoreValue values[] = {store_text(search->match), store_integer(ranked),
                               store_integer(limit), store_integer(offset),
                               store_text(search->configuration)};
  g_autoptr(StoreRows) rows =
      store_query(transaction, QUERY_SEARCH_PAGE, values, search->postgres ? 5 : 4, error);
  if (rows == NULL) {
    return NULL;
  }
  g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
  GError *failure = NULL;
  while (store_rows_next(rows, &failure)) {
    gint64 id = store_row_integer(rows, 0);
    g_array_append_val(ids, id);
  }
  if (failure != NULL) {
    g_propagate_error(error, failure);
    return NULL;
  }
  return g_steal_pointer(&ids);
}

// Exact words first; when those are few, the last word may also be the beginning of a longer one.
static gboolean find_match(StoreTransaction *transaction, Search *search, const GPtrArray *words,
                           gint64 *ret_total, GError **error) {
  make_match(search, words, FALSE);
  if (!count_matches(transaction, search, ret_total, error)) {
    return FALSE;
  }
  const char *last = g_ptr_array_index(words, words->len - 1);
  if (*ret_total >= PREFIX_UNTIL || g_utf8_strlen(last, -1) < PREFIX_SHORTEST) {
    return TRUE;
  }
  make_match(search, words, TRUE);
  return count_matches(transaction, search, ret_total, error);
}

GPtrArray *story_rows_search(StoreTransaction *transaction, const char *words, guint offset,
                             guint limit, gint64 *ret_total, GError **error) {
  g_autoptr(GPtrArray) taken_apart = reader_words(words);
  *ret_total = 0;
  if (taken_apart->len == 0) {
    return g_ptr_array_new_with_free_func((GDestroyNotify)teaser_free);
  }
  Search search = {.postgres = store_transaction_engine(transaction) == STORE_POSTGRES};
  if (search.postgres &&
      (search.configuration = configuration_of(transaction, "", error)) == NULL) {
    return NULL;
  }
  g_autoptr(GArray) ids = NULL;
  if (find_match(transaction, &search, taken_apart, ret_total, error)) {
    ids = page_ids(transaction, &search, offset, limit, error);
  }
  g_free(search.match);
  if (ids == NULL) {
    return NULL;
  }
  return story_rows_list_by_ids(transaction, (const gint64 *)(gpointer)ids->data, ids->len, error);
}
