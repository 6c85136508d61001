// SPDX-License-Identifier: Apache-2.0
//
// Implements people_rows.h (and author_rows_read for the rows of bylines).
#include "store/people_rows.h"

#include "store/image_rows.h"
#include "store/people_columns.h"

Author *author_rows_read(StoreRows *rows, guint column) {
  Author *author = g_new0(Author, 1);
  author->id = store_row_integer(rows, column);
  author->slug = store_row_dup(rows, column + 1);
  author->name = store_row_dup(rows, column + 2);
  author->role = store_row_dup(rows, column + 3);
  author->bio = store_row_dup(rows, column + 4);
  author->portrait = image_rows_read(rows, column + 5);
  return author;
}

Topic *topic_rows_read(StoreRows *rows, guint column) {
  Topic *topic = g_new0(Topic, 1);
  topic->id = store_row_integer(rows, column);
  topic->slug = store_row_dup(rows, column + 1);
  topic->name = store_row_dup(rows, column + 2);
  topic->description = store_row_dup(rows, column + 3);
  return topic;
}

typedef gpointer (*ReadRow)(StoreRows *rows, guint column);

static gpointer get(StoreTransaction *transaction, QueryId query, StoreValue value, ReadRow read,
                    GError **error) {
  g_autoptr(StoreRows) rows = store_query(transaction, query, &value, 1, error);
  if (rows == NULL) {
    return NULL;
  }
  GError *failure = NULL;
  if (!store_rows_next(rows, &failure)) {
    if (failure == NULL) {
      g_set_error(&failure, STORE_ERROR, STORE_ERROR_NOT_FOUND, "%s: there is none of that name",
                  QUERY_TEXTS[query].name);
    }
    g_propagate_error(error, failure);
    return NULL;
  }
  return read(rows, 0);
}

static GPtrArray *list(StoreTransaction *transaction, QueryId query, const StoreValue *values,
                       gsize count, ReadRow read, GDestroyNotify free_item, GError **error) {
  g_autoptr(StoreRows) rows = store_query(transaction, query, values, count, error);
  if (rows == NULL) {
    return NULL;
  }
  g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func(free_item);
  GError *failure = NULL;
  while (store_rows_next(rows, &failure)) {
    g_ptr_array_add(items, read(rows, 0));
  }
  if (failure != NULL) {
    g_propagate_error(error, failure);
    return NULL;
  }
  return g_steal_pointer(&items);
}

Author *author_rows_get_by_slug(StoreTransaction *transaction, const char *slug, GError **error) {
  return get(transaction, QUERY_AUTHOR_GET_BY_SLUG, store_text(slug), (ReadRow)author_rows_read,
             error);
}

Author *author_rows_get(StoreTransaction *transaction, gint64 id, GError **error) {
  return get(transaction, QUERY_AUTHOR_GET, store_integer(id), (ReadRow)author_rows_read, error);
}

gint64 author_rows_put(StoreTransaction *transaction, const Author *author, GError **error) {
  gint64 id = 0;
  gboolean put = store_query_integer(
      transaction, QUERY_AUTHOR_PUT,
      STORE_VALUES(store_text(author->slug), store_text(author->name),
                   store_slice(slice_of(author->role)), store_slice(slice_of(author->bio)),
                   store_reference(author->portrait != NULL ? author->portrait->id : 0)),
      &id, error);
  return put ? id : 0;
}

GPtrArray *author_rows_list(StoreTransaction *transaction, GError **error) {
  return list(transaction, QUERY_AUTHOR_LIST, STORE_NO_VALUES, (ReadRow)author_rows_read,
              (GDestroyNotify)author_free, error);
}

Topic *topic_rows_get_by_slug(StoreTransaction *transaction, const char *slug, GError **error) {
  return get(transaction, QUERY_TOPIC_GET_BY_SLUG, store_text(slug), (ReadRow)topic_rows_read,
             error);
}

gint64 topic_rows_put(StoreTransaction *transaction, const Topic *topic, GError **error) {
  gint64 id = 0;
  gboolean put = store_query_integer(transaction, QUERY_TOPIC_PUT,
                                     STORE_VALUES(store_text(topic->slug), store_text(topic->name),
                                                  store_slice(slice_of(topic->description))),
                                     &id, error);
  return put ? id : 0;
}

GPtrArray *topic_rows_list(StoreTransaction *transaction, guint limit, GError **error) {
  return list(transaction, QUERY_TOPIC_LIST, STORE_VALUES(store_integer(limit)),
              (ReadRow)topic_rows_read, (GDestroyNotify)topic_free, error);
}

// ---- by parts ---------------------------------------------------------------------------------

static char *like_find(const char *find) {
  if (find == NULL || *find == '\0') {
    return g_strdup("");
  }
  g_autofree char *lower = g_utf8_strdown(find, -1);
  GString *pattern = g_string_new("%");
  for (const char *at = lower; *at != '\0'; at++) {
    if (*at == '%' || *at == '_' || *at == '!') {
      g_string_append_c(pattern, '!');
    }
    g_string_append_c(pattern, *at);
  }
  g_string_append_c(pattern, '%');
  return g_string_free(pattern, FALSE);
}

GPtrArray *author_rows_page(StoreTransaction *transaction, const char *after_name, gint64 after_id,
                            const char *find, guint limit, GError **error) {
  g_autofree char *pattern = like_find(find);
  return list(transaction, QUERY_AUTHOR_PAGE,
              STORE_VALUES(store_text(after_name), store_integer(after_id), store_text(pattern),
                           store_integer(limit)),
              (ReadRow)author_rows_read, (GDestroyNotify)author_free, error);
}

GPtrArray *topic_rows_page(StoreTransaction *transaction, const char *after_name, gint64 after_id,
                           const char *find, guint limit, GError **error) {
  g_autofree char *pattern = like_find(find);
  return list(transaction, QUERY_TOPIC_PAGE,
              STORE_VALUES(store_text(after_name), store_integer(after_id), store_text(pattern),
                           store_integer(limit)),
              (ReadRow)topic_rows_read, (GDestroyNotify)topic_free, error);
}

Topic *topic_rows_get(StoreTransaction *transaction, gint64 id, GError **error) {
  return get(transaction, QUERY_TOPIC_GET, store_integer(id), (ReadRow)topic_rows_read, error);
}
