// SPDX-License-Identifier: Apache-2.0
//
// Implements route.h: a linear table, tried most literal first. A newspaper has some dozens of
// hundred rows and a hit of the page cache never comes here, so nothing cleverer is called for.
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

static void add_row(RouteTable *table, const Route *route) {
  g_assert(route->pattern[0] == '/');
  for (guint i = 0; i < table->count; i++) {
    g_assert(table->rows[i].route->method != route->method ||
             strcmp(table->rows[i].route->pattern, route->pattern) != 0);
  }
  table->rows[table->count++] = (Row){route, g_strsplit(route->pattern + 1, "/", -1)};
}

RouteTable *route_table_new_of(const RouteList *lists, guint count) {
  RouteTable *table = g_new0(RouteTable, 1);
  guint all = 0;
  for (guint i = 0; i < count; i++) {
    all += lists[i].count;
  }
  table->rows = g_new0(Row, all);
  for (guint i = 0; i < count; i++) {
    for (guint j = 0; j < lists[i].count; j++) {
      add_row(table, &lists[i].routes[j]);
    }
  }
  qsort(table->rows, table->count, sizeof *table->rows, compare_rows);
  return table;
}

RouteTable *route_table_new(const Route *routes, guint count) {
  return route_table_new_of(&(RouteList){routes, count}, 1);
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

static gboolean matches(char **pattern, char **segments) {
  guint i = 0;
  for (; pattern[i] != NULL; i++) {
    if (pattern[i][0] == '*') {
      return TRUE;
    }
    if (segments[i] == NULL) {
      return FALSE;
    }
    gboolean caught = pattern[i][0] == ':' && segments[i][0] != '\0';
    if (!caught && strcmp(pattern[i], segments[i]) != 0) {
      return FALSE;
    }
  }
  return segments[i] == NULL;
}

// The segments that a pattern which matches has caught; caller frees.
static char **caught(char **pattern, char **segments) {
  g_autoptr(GPtrArray) parameters = g_ptr_array_new();
  for (guint i = 0; pattern[i] != NULL; i++) {
    if (pattern[i][0] == '*') {
      g_ptr_array_add(parameters, g_strjoinv("/", segments + i));
    } else if (pattern[i][0] == ':') {
      g_ptr_array_add(parameters, g_strdup(segments[i]));
    }
  }
  g_ptr_array_add(parameters, NULL);
  return (char **)g_ptr_array_free(g_steal_pointer(&parameters), FALSE);
}

const Route *route_table_find(const RouteTable *table, HttpMethod method, const char *path,
                              char ***ret_parameters, guint *ret_allowed) {
  g_auto(GStrv) segments = g_strsplit(path + 1, "/", -1);
  HttpMethod wanted = method == HTTP_HEAD ? HTTP_GET : method;
  guint allowed = 0;
  for (guint i = 0; i < table->count; i++) {
    if (!matches(table->rows[i].segments, segments)) {
      continue;
    }
    const Route *route = table->rows[i].route;
    if (route->method == wanted) {
      *ret_parameters = caught(table->rows[i].segments, segments);
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
