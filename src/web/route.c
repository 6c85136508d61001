// SPDX-License-Identifier: Apache-2.0
//
// Implements route.h: a linear table, tried most literal first. A newspaper has some dozens of
// rows and a hit of the page cache never comes here, so nothing cleverer is called for.
#include "web/route.h"

#include <string.h>

typedef struct Row {
  const Route *route;
  char **segments;
} Row;

struct RouteTable {
  Row *rows;
  guint count;
};

// Literal segments weigh 3, ":name" 2, the path's end 1, "*" 0: compared from the left.
static int segment_weight(const char *segment) {
  return segment == NULL ? 1 : segment[0] == '*' ? 0 : segment[0] == ':' ? 2 : 3;
}

static int compare_rows(const void *a, const void *b) {
  const Row *left = a;
  const Row *right = b;
  for (guint i = 0;; i++) {
    const char *l = left->segments[i];
    const char *r = right->segments[i];
    int difference = segment_weight(r) - segment_weight(l);
    if (difference != 0 || l == NULL || r == NULL) {
      return difference;
    }
  }
}

RouteTable *route_table_new(const Route *routes, guint count) {
  RouteTable *table = g_new0(RouteTable, 1);
  table->rows = g_new0(Row, count);
  table->count = count;
  for (guint i = 0; i < count; i++) {
    g_assert(routes[i].pattern[0] == '/');
    for (guint j = 0; j < i; j++) {
      g_assert(routes[i].method != routes[j].method ||
               strcmp(routes[i].pattern, routes[j].pattern) != 0);
    }
    table->rows[i] = (Row){&routes[i], g_strsplit(routes[i].pattern + 1, "/", -1)};
  }
  qsort(table->rows, count, sizeof *table->rows, compare_rows);
  return table;
}

void route_table_free(RouteTable *table) {
  if (table != NULL) {
    for (guint i = 0; i < table->count; i++) {
      g_strfreev(table->rows[i].segments);
    }
    g_free(table->rows);
    g_free(table);
  }
}

// Caught segments are appended to `parameters`.
static gboolean matches(char **pattern, char **segments, GPtrArray *parameters) {
  guint i = 0;
  for (; pattern[i] != NULL; i++) {
    if (pattern[i][0] == '*') {
      g_autofree char *rest = g_strjoinv("/", segments + i);
      g_ptr_array_add(parameters, g_steal_pointer(&rest));
      return TRUE;
    }
    if (segments[i] == NULL) {
      return FALSE;
    }
    if (pattern[i][0] == ':' && segments[i][0] != '\0') {
      g_ptr_array_add(parameters, g_strdup(segments[i]));
    } else if (strcmp(pattern[i], segments[i]) != 0) {
      return FALSE;
    }
  }
  return segments[i] == NULL;
}

const Route *route_table_find(const RouteTable *table, HttpMethod method, const char *path,
                              char ***ret_parameters, guint *ret_allowed) {
  g_auto(GStrv) segments = g_strsplit(path + 1, "/", -1);
  HttpMethod wanted = method == HTTP_HEAD ? HTTP_GET : method;
  guint allowed = 0;
  for (guint i = 0; i < table->count; i++) {
    g_autoptr(GPtrArray) parameters = g_ptr_array_new_with_free_func(g_free);
    if (!matches(table->rows[i].segments, segments, parameters)) {
      continue;
    }
    const Route *route = table->rows[i].route;
    if (route->method == wanted) {
      g_ptr_array_add(parameters, NULL);
      *ret_parameters = (char **)g_ptr_array_free(g_steal_pointer(&parameters), FALSE);
      return route;
    }
    allowed |= 1u << route->method;
    if (route->method == HTTP_GET) {
      allowed |= 1u << HTTP_HEAD;
    }
  }
  *ret_allowed = allowed;
  return NULL;
}
