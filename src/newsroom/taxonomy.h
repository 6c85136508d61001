// SPDX-License-Identifier: Apache-2.0
//
// The use cases of what stories are ordered by: sections, topics, authors. See newsroom.h.
#pragma once

#include "model/story.h"
#include "newsroom/newsroom.h"

gint64 taxonomy_add_section(Newsroom *newsroom, const Section *section,
                            GError **error); // STATE: there is one
// name, description NULL, position -1: as it is.
gboolean taxonomy_change_section(Newsroom *newsroom, gint64 id, const char *name,
                                 const char *description, gint32 position, GError **error);
gboolean taxonomy_remove_section(Newsroom *newsroom, gint64 id, GError **error); // STATE: not empty
gint64 taxonomy_add_topic(Newsroom *newsroom, const char *slug, const char *name,
                          const char *description, GError **error); // slug NULL: of the name
gboolean taxonomy_change_topic(Newsroom *newsroom, gint64 id, const char *name,
                               const char *description, GError **error);
typedef struct AuthorChange {
  const char *slug, *name, *role, *bio; // NULL: as it is (of a new one: "")
  gint64 portrait_id;                   // -1: as it is; 0: none
} AuthorChange;
gint64 taxonomy_add_author(Newsroom *newsroom, const AuthorChange *author, GError **error);
gboolean taxonomy_change_author(Newsroom *newsroom, gint64 id, const AuthorChange *author,
                                GError **error);
