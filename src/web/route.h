// SPDX-License-Identifier: Apache-2.0
//
// A route is one row: method, pattern, permission, body limit, handler, type of body. Patterns are
// literal segments, ":name" for one segment and "*" for the rest; the most literal row wins
// whatever the order. No row: 404; a row for another method: 405 with Allow. HEAD uses the GET row.
#pragma once

#include "newsroom/permissions.h"
#include "web/request.h"
#include "web/response.h"

// What may be sent to the route. Anything else is answered 415, a malformed form 400, more than the
// body limit 413, before the handler is called.
typedef enum BodyType {
  BODY_FORM, // application/x-www-form-urlencoded or multipart/form-data: request_form()
  BODY_ANY,  // whatever it is: request_body(); request_form() too, if it is a form
  BODY_FILE  // whatever it is, in a file of its own, not in memory: request_file(). Nobody but whom
             // the route's permission admits gets to send it
} BodyType;

typedef struct Website Website;

// Any worker thread. NULL with error: web/problem makes the answer from it.
typedef Response *(*RouteHandler)(const Request *request, Website *website, GError **error);

typedef struct Route {
  HttpMethod method;
  const char *pattern;
  Permission permission;
  gsize body_limit; // bytes; 0: none may be sent
  RouteHandler handler;
  BodyType body;
  gboolean waits; // for something that takes long (a decoder): in threads of its own, so that the
                  // workers stay free for pages
  gboolean personal; // a public page that is not the same for everyone: never shared
} Route;

typedef struct RouteTable RouteTable;
RouteTable *route_table_new(const Route *routes,
                            guint count); // routes must outlive it; aborts on two equal rows
// Of several lists.
typedef struct RouteList {
  const Route *routes;
  guint count;
} RouteList;
RouteTable *route_table_new_of(const RouteList *lists, guint count);
void route_table_free(RouteTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RouteTable, route_table_free)
// NULL: none; *ret_allowed then has a bit a method that the path is known for. Parameters are
// decoded segments; *ret_parameters is NULL-terminated, caller frees with g_strfreev.
const Route *route_table_find(const RouteTable *table, HttpMethod method, const char *path,
                              char ***ret_parameters, guint *ret_allowed);
