// SPDX-License-Identifier: Apache-2.0
//
// Implements taxonomy.h.
#include "newsroom/taxonomy.h"

#include <string.h>

#include "base/text.h"
#include "newsroom/change.h"
#include "newsroom/settings.h"
#include "store/image_rows.h"
#include "store/people_rows.h"
#include "store/site_rows.h"
#include "store/story_rows.h"

#define NAME_CHARACTERS 100

static gboolean check_name(const char *name, GError **error) {
  glong length = name != NULL ? g_utf8_strlen(name, -1) : 0;
  gboolean good = length >= 1 && length <= NAME_CHARACTERS && name[strspn(name, " ")] != '\0' &&
                  strpbrk(name, "\r\n\t") == NULL;
  return good || change_refuse(error, NEWSROOM_ERROR_INVALID,
                               "name: 1 to %d characters on one line", NAME_CHARACTERS);
}

static const Section *section_of(const Site *site, gint64 id) {
  for (guint i = 0; i < site->sections->len; i++) {
    const Section *section = g_ptr_array_index(site->sections, i);
    if (section->id == id) {
      return section;
    }
  }
  return NULL;
}

gint64 taxonomy_add_section(Newsroom *newsroom, const Section *section, GError **error) {
  g_auto(Change) change = {0};
  if (!change_may(newsroom, PERMISSION_SECTION_WRITE, error) ||
      !settings_check_section(section, error) || !change_begin(&change, newsroom, error)) {
    return 0;
  }
  if (site_section_by_slug(change.site, section->slug) != NULL) {
    change_refuse(error, NEWSROOM_ERROR_STATE, "slug: there is a section of that address");
    return 0;
  }
  gint64 id = section_rows_put(change.transaction, section, error);
  return id != 0 &&
                 change_audit(&change, error, "section.add", "section", id, "made the section %s",
                              section->name) &&
                 change_commit(&change, TRUE, error)
             ? id
             : 0;
}

gboolean taxonomy_change_section(Newsroom *newsroom, gint64 id, const char *name,
                                 const char *description, gint32 position, GError **error) {
  g_auto(Change) change = {0};
  if (!change_may(newsroom, PERMISSION_SECTION_WRITE, error) ||
      !change_begin(&change, newsroom, error)) {
    return FALSE;
  }
  const Section *before = section_of(change.site, id);
  if (before == NULL) {
    return change_refuse(error, NEWSROOM_ERROR_NOT_FOUND, "there is no such section");
  }
  Section section = *before;
  section.name = name != NULL ? (char *)name : before->name;
  section.description = description != NULL ? (char *)description : before->description;
  section.position = position >= 0 ? position : before->position;
  return settings_check_section(&section, error) &&
         section_rows_put(change.transaction, &section, error) != 0 &&
         change_audit(&change, error, "section.change", "section", id, "changed the section %s",
                      section.name) &&
         change_commit(&change, TRUE, error);
}

gboolean taxonomy_remove_section(Newsroom *newsroom, gint64 id, GError **error) {
  g_auto(Change) change = {0};
  gint64 stories = 0;
  if (!change_may(newsroom, PERMISSION_SECTION_WRITE, error) ||
      !change_begin(&change, newsroom, error)) {
    return FALSE;
  }
  const Section *section = section_of(change.site, id);
  if (section == NULL) {
    return change_refuse(error, NEWSROOM_ERROR_NOT_FOUND, "there is no such section");
  }
  if (!store_query_integer(change.transaction, QUERY_SECTION_COUNT_STORIES,
                           STORE_VALUES(store_integer(id)), &stories, error)) {
    return FALSE;
  }
  if (stories > 0) {
    return change_refuse(error, NEWSROOM_ERROR_STATE,
                         "stories stand in %s: move them to another section first", section->name);
  }
  return store_execute(change.transaction, QUERY_SECTION_REMOVE, STORE_VALUES(store_integer(id)),
                       error) >= 0 &&
         change_audit(&change, error, "section.remove", "section", id, "removed the section %s",
                      section->name) &&
         change_commit(&change, TRUE, error);
}

// ---- topics -----------------------------------------------------------------------------------

gint64 taxonomy_add_topic(Newsroom *newsroom, const char *slug, const char *name,
                          const char *description, GError **error) {
  g_auto(Change) change = {0};
  GError *failure = NULL;
  if (!change_may(newsroom, PERMISSION_TOPIC_WRITE, error) || !check_name(name, error)) {
    return 0;
  }
  g_autofree char *address = text_slug(slug != NULL && *slug != '\0' ? slug : name, 80);
  if (!change_begin(&change, newsroom, error)) {
    return 0;
  }
  g_autoptr(Topic) known = topic_rows_get_by_slug(change.transaction, address, &failure);
  if (known != NULL) {
    change_refuse(error, NEWSROOM_ERROR_STATE, "name: there is a topic %s", known->name);
    return 0;
  }
  if (!change_is_absent(&failure)) {
    g_propagate_error(error, failure);
    return 0;
  }
  Topic topic = {.slug = address,
                 .name = (char *)name,
                 .description = (char *)(description != NULL ? description : "")};
  gint64 id = topic_rows_put(change.transaction, &topic, error);
  return id != 0 && change_commit(&change, FALSE, error) ? id : 0;
}

gboolean taxonomy_change_topic(Newsroom *newsroom, gint64 id, const char *name,
                               const char *description, GError **error) {
  g_auto(Change) change = {0};
  GError *failure = NULL;
  if (!change_may(newsroom, PERMISSION_TOPIC_WRITE, error) ||
      (name != NULL && !check_name(name, error)) || !change_begin(&change, newsroom, error)) {
    return FALSE;
  }
  g_autoptr(Topic) topic = topic_rows_get(change.transaction, id, &failure);
  if (topic == NULL) {
    if (change_is_absent(&failure)) {
      return change_refuse(error, NEWSROOM_ERROR_NOT_FOUND, "there is no such topic");
    }
    g_propagate_error(error, failure);
    return FALSE;
  }
  return store_execute(
             change.transaction, QUERY_TOPIC_UPDATE,
             STORE_VALUES(store_text(name != NULL ? name : topic->name),
                          store_text(description != NULL ? description : topic->description),
                          store_integer(id)),
             error) >= 0 &&
         change_audit(&change, error, "topic.change", "topic", id, "changed the topic %s",
                      topic->name) &&
         change_commit(&change, TRUE, error);
}

// ---- authors ----------------------------------------------------------------------------------

static Image *portrait_of(Change *change, gint64 id, GError **error) {
  GError *failure = NULL;
  Image *image = image_rows_get(change->transaction, id, &failure);
  if (image == NULL && change_is_absent(&failure)) {
    change_refuse(error, NEWSROOM_ERROR_INVALID, "portrait_id: there is no such picture");
  } else if (image == NULL) {
    g_propagate_error(error, failure);
  }
  return image;
}

gint64 taxonomy_add_author(Newsroom *newsroom, const AuthorChange *wanted, GError **error) {
  g_auto(Change) change = {0};
  GError *failure = NULL;
  if (!change_may(newsroom, PERMISSION_AUTHOR_WRITE, error) || !check_name(wanted->name, error)) {
    return 0;
  }
  g_autofree char *slug =
      text_slug(wanted->slug != NULL && *wanted->slug != '\0' ? wanted->slug : wanted->name, 80);
  if (!change_begin(&change, newsroom, error)) {
    return 0;
  }
  g_autoptr(Author) known = author_rows_get_by_slug(change.transaction, slug, &failure);
  if (known != NULL) {
    change_refuse(error, NEWSROOM_ERROR_STATE, "name: there is an author %s", known->name);
    return 0;
  }
  if (!change_is_absent(&failure)) {
    g_propagate_error(error, failure);
    return 0;
  }
  g_autoptr(Image) portrait =
      wanted->portrait_id > 0 ? portrait_of(&change, wanted->portrait_id, error) : NULL;
  if (wanted->portrait_id > 0 && portrait == NULL) {
    return 0;
  }
  Author author = {.slug = slug,
                   .name = (char *)wanted->name,
                   .role = (char *)(wanted->role != NULL ? wanted->role : ""),
                   .bio = (char *)(wanted->bio != NULL ? wanted->bio : ""),
                   .portrait = portrait};
  gint64 id = author_rows_put(change.transaction, &author, error);
  return id != 0 && change_commit(&change, TRUE, error) ? id : 0;
}

// Lists show names that are kept with each story.
static gboolean rename_in_stories(Change *change, gint64 id, GError **error) {
  g_autoptr(GArray) stories = g_array_new(FALSE, FALSE, sizeof(gint64));
  {
    g_autoptr(StoreRows) rows = store_query(change->transaction, QUERY_AUTHOR_RENAME_IN_STORIES,
                                            STORE_VALUES(store_integer(id)), error);
    GError *failure = NULL;
    if (rows == NULL) {
      return FALSE;
    }
    while (store_rows_next(rows, &failure)) {
      gint64 story = store_row_integer(rows, 0);
      g_array_append_val(stories, story);
    }
    if (failure != NULL) {
      g_propagate_error(error, failure);
      return FALSE;
    }
  }
  for (guint i = 0; i < stories->len; i++) {
    g_autoptr(Story) story =
        story_rows_get(change->transaction, g_array_index(stories, gint64, i), error);
    if (story == NULL || !story_rows_update(change->transaction, story, NULL, change->now,
                                            change->site->zone, error)) {
      return FALSE;
    }
  }
  return TRUE;
}

gboolean taxonomy_change_author(Newsroom *newsroom, gint64 id, const AuthorChange *wanted,
                                GError **error) {
  g_auto(Change) change = {0};
  GError *failure = NULL;
  if (!change_may(newsroom, PERMISSION_AUTHOR_WRITE, error) ||
      (wanted->name != NULL && !check_name(wanted->name, error)) ||
      !change_begin(&change, newsroom, error)) {
    return FALSE;
  }
  g_autoptr(Author) author = author_rows_get(change.transaction, id, &failure);
  if (author == NULL) {
    if (change_is_absent(&failure)) {
      return change_refuse(error, NEWSROOM_ERROR_NOT_FOUND, "there is no such author");
    }
    g_propagate_error(error, failure);
    return FALSE;
  }
  g_autoptr(Image) portrait =
      wanted->portrait_id > 0 ? portrait_of(&change, wanted->portrait_id, error) : NULL;
  if (wanted->portrait_id > 0 && portrait == NULL) {
    return FALSE;
  }
  gint64 image = wanted->portrait_id >= 0   ? wanted->portrait_id
                 : author->portrait != NULL ? author->portrait->id
                                            : 0;
  gboolean renamed = wanted->name != NULL && strcmp(wanted->name, author->name) != 0;
  return store_execute(change.transaction, QUERY_AUTHOR_UPDATE,
                       STORE_VALUES(store_text(wanted->name != NULL ? wanted->name : author->name),
                                    store_text(wanted->role != NULL ? wanted->role : author->role),
                                    store_text(wanted->bio != NULL ? wanted->bio : author->bio),
                                    store_reference(image), store_integer(id)),
                       error) >= 0 &&
         (!renamed || rename_in_stories(&change, id, error)) &&
         change_audit(&change, error, "author.change", "author", id, "changed the author %s",
                      author->name) &&
         change_commit(&change, TRUE, error);
}
