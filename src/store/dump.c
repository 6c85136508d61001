// SPDX-License-Identifier: Apache-2.0
//
// Implements dump.h over sql/queries/dump.sql. A migration that adds a table or a column adds
// it here and there; tests/store/test_dump.c compares both with the database's own list.
#include "store/dump.h"

#include <string.h>

#include "model/story.h"
#include "store/search_rows.h"

enum { MOST_COLUMNS = 48 };
// Columns of `story` that the search index is made from.
enum {
  STORY_ID = 0,
  STORY_HEADLINE = 2,
  STORY_STANDFIRST = 3,
  STORY_LANGUAGE = 6,
  STORY_STATUS = 12,
  STORY_BODY = 23
};

typedef struct DumpTable {
  const char *name;
  const char *types; // of the columns, in the order of the queries
  QueryId select, insert, empty, count;
  QueryId restart; // QUERY_COUNT: its key is not generated
} DumpTable;

#define KEYED(table, types, upper)                                                                 \
  {                                                                                                \
    table, types, QUERY_DUMP_##upper, QUERY_LOAD_##upper, QUERY_EMPTY_##upper,                     \
        QUERY_COUNT_##upper, QUERY_RESTART_##upper                                                 \
  }
#define PLAIN(table, types, upper)                                                                 \
  {                                                                                                \
    table, types, QUERY_DUMP_##upper, QUERY_LOAD_##upper, QUERY_EMPTY_##upper,                     \
        QUERY_COUNT_##upper, QUERY_COUNT                                                           \
  }

static const DumpTable TABLES[] = {
    PLAIN("setting", "tt", SETTING),
    PLAIN("site_revision", "iii", SITE_REVISION),
    KEYED("image", "itiiiiittttiitttttii", IMAGE),
    KEYED("section", "ittti", SECTION),
    KEYED("topic", "ittt", TOPIC),
    KEYED("author", "itttti", AUTHOR),
    KEYED("story", "ittttttitittiiiiiiitttttiiiiiiiiitti", STORY),
    PLAIN("story_revision", "iiitttt", STORY_REVISION),
    PLAIN("story_byline", "iiit", STORY_BYLINE),
    PLAIN("story_topic", "iii", STORY_TOPIC),
    PLAIN("story_image", "iii", STORY_IMAGE),
    KEYED("correction", "iiitt", CORRECTION),
    PLAIN("listing_entry", "iiiii", LISTING_ENTRY),
    PLAIN("listing_count", "iiii", LISTING_COUNT),
    PLAIN("front", "iiii", FRONT),
    PLAIN("front_slot", "iiii", FRONT_SLOT),
    PLAIN("redirect", "ttii", REDIRECT),
    KEYED("subscriber", "itttttiiiiiiii", SUBSCRIBER),
    KEYED("newsletter", "itttiiitttttiiiittitiiiiii", NEWSLETTER),
    PLAIN("subscription", "iiiiii", SUBSCRIPTION),
    PLAIN("subscriber_section", "ii", SUBSCRIBER_SECTION),
    KEYED("consent_wording", "itt", CONSENT_WORDING),
    KEYED("consent", "iiiitiiitt", CONSENT),
    PLAIN("policy", "iitti", POLICY),
    PLAIN("suppression", "tiit", SUPPRESSION),
    PLAIN("rate_count", "ttii", RATE_COUNT),
    KEYED("segment", "ittti", SEGMENT),
    KEYED("mailing", "itititiitttittiiiiiiii", MAILING),
    PLAIN("mailing_story", "iiii", MAILING_STORY),
    PLAIN("mailing_content", "ittt", MAILING_CONTENT),
    PLAIN("mailing_link", "iit", MAILING_LINK),
    PLAIN("mailing_count", "iii", MAILING_COUNT),
    PLAIN("delivery", "iiiiiittittii", DELIVERY),
    KEYED("notice", "ititttiiiiitittii", NOTICE),
    KEYED("dispatcher", "itii", DISPATCHER),
    PLAIN("dispatch_epoch", "iiit", DISPATCH_EPOCH),
    KEYED("bounce", "ititiiittt", BOUNCE),
    PLAIN("mailing_activity", "iiiiii", MAILING_ACTIVITY),
    PLAIN("edition_setting", "iiiitiiiii", EDITION_SETTING),
    PLAIN("edition", "iiitiiiiiiii", EDITION),
    PLAIN("edition_story", "iiiii", EDITION_STORY),
    PLAIN("edition_pin", "iiii", EDITION_PIN),
    PLAIN("edition_file", "iiiiiitti", EDITION_FILE),
    PLAIN("edition_model", "iitt", EDITION_MODEL),
    KEYED("staff", "itttiiittttiiii", STAFF),
    PLAIN("staff_link", "tiiii", STAFF_LINK),
    KEYED("staff_request", "iti", STAFF_REQUEST),
    KEYED("staff_session", "itiiititiii", STAFF_SESSION),
    KEYED("passkey", "iittiitii", PASSKEY),
    PLAIN("recovery_code", "it", RECOVERY_CODE),
    KEYED("api_token", "ittttiiii", API_TOKEN),
    KEYED("audit", "iiittttit", AUDIT),
    PLAIN("story_version", "iiiiittiiiit", STORY_VERSION),
    PLAIN("story_lock", "iitii", STORY_LOCK),
    KEYED("story_note", "iiiitttiii", STORY_NOTE),
    KEYED("front_plan", "iititii", FRONT_PLAN),
    PLAIN("front_past", "iiiit", FRONT_PAST),
    PLAIN("view_count", "iiiti", VIEW_COUNT),
    KEYED("subscriber_import", "iittttiiiiiiiiiiittiii", SUBSCRIBER_IMPORT),
    PLAIN("mailing_result", "iiiiiiii", MAILING_RESULT),
    KEYED("webhook", "itttiiiii", WEBHOOK),
    KEYED("webhook_delivery", "iittiiiiit", WEBHOOK_DELIVERY),
};

guint dump_table_count(void) {
  return G_N_ELEMENTS(TABLES);
}

const char *dump_table_name(guint table) {
  g_assert(table < G_N_ELEMENTS(TABLES));
  return TABLES[table].name;
}

const char *dump_table_types(guint table) {
  g_assert(table < G_N_ELEMENTS(TABLES));
  return TABLES[table].types;
}

gint64 dump_count_rows(StoreTransaction *transaction, guint table, GError **error) {
  g_assert(table < G_N_ELEMENTS(TABLES));
  gint64 count;
  return store_query_integer(transaction, TABLES[table].count, STORE_NO_VALUES, &count, error)
             ? count
             : -1;
}

static void encode_row(StoreRows *rows, const char *types, GString *out) {
  for (guint column = 0; types[column] != '\0'; column++) {
    if (store_row_is_null(rows, column)) {
      g_string_append_c(out, 'n');
    } else if (types[column] == 'i') {
      g_string_append_printf(out, "i%" G_GINT64_FORMAT ";", store_row_integer(rows, column));
    } else {
      const char *text = store_row_text(rows, column);
      g_string_append_printf(out, "t%" G_GSIZE_FORMAT ":", strlen(text));
      g_string_append(out, text);
    }
  }
  g_string_append_c(out, '\n');
}

typedef struct Dump {
  const char *types;
  DumpRow row;
  gpointer data;
  GString *encoded;
} Dump;

// Hands on all rows of one result; gives how many, -1 on error.
static gint64 write_rows(StoreTransaction *transaction, QueryId query, const Dump *dump,
                         GError **error) {
  g_autoptr(StoreRows) rows = store_query(transaction, query, STORE_NO_VALUES, error);
  g_autoptr(GError) failure = NULL;
  gint64 count = 0;
  if (rows == NULL) {
    return -1;
  }
  while (store_rows_next(rows, &failure)) {
    g_string_truncate(dump->encoded, 0);
    encode_row(rows, dump->types, dump->encoded);
    if (!dump->row((Slice){dump->encoded->str, dump->encoded->len}, dump->data, error)) {
      return -1;
    }
    count++;
  }
  if (failure != NULL) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return -1;
  }
  return count;
}

gboolean dump_write(StoreTransaction *transaction, guint table, DumpRow row, gpointer data,
                    GError **error) {
  g_assert(table < G_N_ELEMENTS(TABLES));
  g_autoptr(GString) encoded = g_string_new(NULL);
  Dump dump = {TABLES[table].types, row, data, encoded};
  if (store_transaction_engine(transaction) == STORE_SQLITE) {
    return write_rows(transaction, TABLES[table].select, &dump, error) >= 0;
  }
  if (store_execute(transaction, TABLES[table].select, STORE_NO_VALUES, error) < 0) {
    return FALSE;
  }
  gint64 count;
  while ((count = write_rows(transaction, QUERY_POSTGRES_DUMP_FETCH, &dump, error)) > 0) {
  }
  return count == 0 &&
         store_execute(transaction, QUERY_POSTGRES_DUMP_CLOSE, STORE_NO_VALUES, error) >= 0;
}

static gboolean decode_integer(Slice *rest, StoreValue *ret_value) {
  gboolean negative = slice_starts_with(*rest, "-");
  Slice digits = slice_from(*rest, negative ? 1 : 0);
  gssize end = slice_find_char(slice_range(digits, 0, 21), ';');
  guint64 number;
  if (end <= 0 || !slice_parse_uint(slice_range(digits, 0, (gsize)end), G_MAXINT64, &number)) {
    return FALSE;
  }
  *ret_value = store_integer(negative ? -(gint64)number : (gint64)number);
  *rest = slice_from(digits, (gsize)end + 1);
  return TRUE;
}

static gboolean decode_text(Slice *rest, StoreValue *ret_value) {
  gssize end = slice_find_char(slice_range(*rest, 0, 21), ':');
  guint64 length;
  if (end <= 0 || !slice_parse_uint(slice_range(*rest, 0, (gsize)end), G_MAXINT32, &length)) {
    return FALSE;
  }
  Slice text = slice_from(*rest, (gsize)end + 1);
  if (length > text.length) {
    return FALSE;
  }
  *rest = slice_from(text, length);
  text = slice_range(text, 0, length);
  *ret_value = store_slice(text);
  return g_utf8_validate_len(text.data != NULL ? text.data : "", text.length, NULL);
}

gboolean dump_decode_row(Slice *rest, const char *types, StoreValue *values) {
  for (guint column = 0; types[column] != '\0'; column++) {
    if (rest->length == 0) {
      return FALSE;
    }
    char kind = rest->data[0];
    *rest = slice_from(*rest, 1);
    if (kind == 'n') {
      values[column] = store_null();
    } else if (kind != types[column] || !(kind == 'i' ? decode_integer(rest, &values[column])
                                                      : decode_text(rest, &values[column]))) {
      return FALSE;
    }
  }
  if (!slice_starts_with(*rest, "\n")) {
    return FALSE;
  }
  *rest = slice_from(*rest, 1);
  return TRUE;
}

gboolean dump_is_empty(StoreTransaction *transaction, gboolean *ret_empty, GError **error) {
  static const QueryId COUNTS[] = {QUERY_COUNT_STORY, QUERY_COUNT_IMAGE, QUERY_COUNT_SUBSCRIBER,
                                   QUERY_COUNT_MAILING, QUERY_COUNT_SUPPRESSION};
  gint64 rows = 0;
  for (gsize i = 0; i < G_N_ELEMENTS(COUNTS) && rows == 0; i++) {
    if (!store_query_integer(transaction, COUNTS[i], STORE_NO_VALUES, &rows, error)) {
      return FALSE;
    }
  }
  *ret_empty = rows == 0;
  return TRUE;
}

gboolean dump_empty(StoreTransaction *transaction, GError **error) {
  if (store_execute(transaction, QUERY_EMPTY_STORY_SEARCH, STORE_NO_VALUES, error) < 0) {
    return FALSE;
  }
  for (guint i = G_N_ELEMENTS(TABLES); i > 0; i--) {
    if (store_execute(transaction, TABLES[i - 1].empty, STORE_NO_VALUES, error) < 0) {
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean index_story(StoreTransaction *transaction, const StoreValue *values,
                            GError **error) {
  if (values[STORY_STATUS].integer != STORY_PUBLISHED) {
    return TRUE;
  }
  g_autofree char *headline = slice_dup(values[STORY_HEADLINE].bytes),
                  *standfirst = slice_dup(values[STORY_STANDFIRST].bytes);
  g_autofree char *body = slice_dup(values[STORY_BODY].bytes),
                  *language = slice_dup(values[STORY_LANGUAGE].bytes);
  SearchText text = {
      .headline = headline, .standfirst = standfirst, .body = body, .language = language};
  return search_rows_put(transaction, values[STORY_ID].integer, &text, error);
}

gint64 dump_read(StoreTransaction *transaction, guint table, Slice bytes, GError **error) {
  g_assert(table < G_N_ELEMENTS(TABLES));
  const DumpTable *into = &TABLES[table];
  StoreValue values[MOST_COLUMNS] = {0};
  gsize columns = strlen(into->types);
  g_assert(columns <= MOST_COLUMNS);
  gint64 count = 0;
  while (bytes.length > 0) {
    if (!dump_decode_row(&bytes, into->types, values)) {
      g_set_error(error, STORE_ERROR, STORE_ERROR_FAILED,
                  "row %" G_GINT64_FORMAT " of table %s is damaged", count + 1, into->name);
      return -1;
    }
    if (store_execute(transaction, into->insert, values, columns, error) < 0 ||
        (into->insert == QUERY_LOAD_STORY && !index_story(transaction, values, error))) {
      return -1;
    }
    count++;
  }
  return count;
}

gboolean dump_stop_sending(StoreTransaction *transaction, const char *reason, GError **error) {
  return store_execute(transaction, QUERY_DUMP_STOP_SENDING, STORE_VALUES(store_text(reason)),
                       error) >= 0 &&
         // Who was logged out since the copy was made stays so.
         store_execute(transaction, QUERY_STAFF_SESSION_REMOVE_ALL, STORE_NO_VALUES, error) >= 0;
}

gboolean dump_finish(StoreTransaction *transaction, GError **error) {
  for (gsize i = 0; i < G_N_ELEMENTS(TABLES); i++) {
    gint64 unused;
    if (TABLES[i].restart != QUERY_COUNT &&
        !store_query_integer(transaction, TABLES[i].restart, STORE_NO_VALUES, &unused, error)) {
      return FALSE;
    }
  }
  return TRUE;
}
