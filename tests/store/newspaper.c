// SPDX-License-Identifier: Apache-2.0
//
// Implements newspaper.h. The server is the test program's one static: cmocka hands a case's
// set-up nothing but a place for its state.
#include "tests/store/newspaper.h"

#include <glib/gstdio.h>
#include <stdio.h>

#include "store/migrate.h"

static PostgresServer *server; // of the group that runs now

PostgresServer *newspaper_server(void) {
  return server;
}

void newspaper_must(gboolean done, GError **error) {
  if (!done) {
    fail_msg("%s", *error != NULL ? (*error)->message : "failed without an error");
  }
}

void newspaper_assert_error(const GError *error, StoreError code) {
  if (!g_error_matches(error, STORE_ERROR, (gint)code)) {
    fail_msg("not error %u but %d: %s", (guint)code, error != NULL ? error->code : -1,
             error != NULL ? error->message : "none");
  }
}

static void make_people(Newspaper *paper) {
  static const char *const SECTIONS[][2] = {{"politics", "Politics"}, {"sport", "Sport"}};
  static const char *const TOPICS[][2] = {{"harbour", "Harbour"}, {"birds", "Birds"}};
  static const char *const AUTHORS[][2] = {{"ada-reed", "Ada Reed"}, {"bo-lind", "Bo Lind"}};
  StoreTransaction *transaction = newspaper_write(paper);
  for (guint i = 0; i < 2; i++) {
    Section section = {0, (char *)SECTIONS[i][0], (char *)SECTIONS[i][1], (char *)"", (gint32)i};
    section.id = section_rows_put(transaction, &section, NULL);
    paper->sections[i] = section_copy(&section);
    Topic topic = {0, (char *)TOPICS[i][0], (char *)TOPICS[i][1], (char *)""};
    topic.id = topic_rows_put(transaction, &topic, NULL);
    paper->topics[i] = topic_copy(&topic);
    Author author = {0, (char *)AUTHORS[i][0], (char *)AUTHORS[i][1], (char *)"", (char *)"", NULL};
    author.id = author_rows_put(transaction, &author, NULL);
    paper->authors[i] = author_copy(&author);
    assert_true(section.id > 0 && topic.id > 0 && author.id > 0);
  }
  assert_true(store_commit(&paper->transaction, NULL));
}

int newspaper_set_up(void **state) {
  Newspaper *paper = g_new0(Newspaper, 1);
  g_autoptr(GError) error = NULL;
  *state = paper;
  if (server != NULL) {
    paper->address = postgres_server_new_database(server, &error);
    newspaper_must(paper->address != NULL, &error);
  } else {
    paper->folder = g_dir_make_tmp("broadsheet-store-XXXXXX", NULL);
    paper->address = g_build_filename(paper->folder, "paper.db", NULL);
  }
  StoreOptions options = {.address = paper->address, .readers = 4, .busy_seconds = 10};
  paper->store = store_open(&options, &error);
  newspaper_must(paper->store != NULL, &error);
  newspaper_must(migrate_run(paper->store, 1, NULL, &error), &error);
  paper->zone = g_time_zone_new_identifier("Australia/Sydney");
  make_people(paper);
  return 0;
}

int newspaper_tear_down(void **state) {
  Newspaper *paper = *state;
  store_rollback(paper->transaction);
  store_close(paper->store);
  for (guint i = 0; i < 2; i++) {
    section_free(paper->sections[i]);
    topic_free(paper->topics[i]);
    author_free(paper->authors[i]);
  }
  if (paper->folder != NULL) {
    static const char *const SUFFIXES[] = {"", "-wal", "-shm", ".writer"};
    for (gsize i = 0; i < G_N_ELEMENTS(SUFFIXES); i++) {
      g_autofree char *path = g_strconcat(paper->address, SUFFIXES[i], NULL);
      g_unlink(path);
    }
    g_rmdir(paper->folder);
  }
  g_time_zone_unref(paper->zone);
  g_free(paper->address);
  g_free(paper->folder);
  g_free(paper);
  return 0;
}

int newspaper_run(const char *name, const struct CMUnitTest *tests, size_t count) {
  g_autofree char *on_sqlite = g_strconcat(name, " on SQLite", NULL);
  g_autofree char *on_postgres = g_strconcat(name, " on PostgreSQL", NULL);
  int failed = _cmocka_run_group_tests(on_sqlite, tests, count, NULL, NULL);
  g_autoptr(GError) error = NULL;
  server = postgres_server_start(&error);
  if (server == NULL) {
    fprintf(stderr, "%s\n", error->message);
    return failed + 1;
  }
  failed += _cmocka_run_group_tests(on_postgres, tests, count, NULL, NULL);
  postgres_server_stop(g_steal_pointer(&server));
  return failed;
}

StoreTransaction *newspaper_write(Newspaper *paper) {
  g_autoptr(GError) error = NULL;
  g_assert(paper->transaction == NULL);
  paper->transaction = store_begin_write(paper->store, &error);
  newspaper_must(paper->transaction != NULL, &error);
  return paper->transaction;
}

void newspaper_set(char **field, const char *value) {
  g_free(*field);
  *field = g_strdup(value);
}

void newspaper_byline(Newspaper *paper, Story *story, guint author) {
  Byline *byline = g_new0(Byline, 1);
  byline->author = author_copy(paper->authors[author]);
  byline->role = g_strdup("");
  g_ptr_array_add(story->bylines, byline);
}

Story *newspaper_story(Newspaper *paper, const char *headline, gint64 offset) {
  Story *story = story_new();
  newspaper_set(&story->slug, "a-slug");
  newspaper_set(&story->headline, headline);
  newspaper_set(&story->standfirst, "What stands first.");
  newspaper_set(&story->body, "Words of the body.");
  newspaper_set(&story->dateline, "KESTREL BAY");
  story->section = section_copy(paper->sections[0]);
  g_ptr_array_add(story->topics, topic_copy(paper->topics[0]));
  newspaper_byline(paper, story, 0);
  story->status = STORY_PUBLISHED;
  story->published_at = NEWSPAPER_EPOCH + offset;
  return story;
}

gint64 newspaper_insert(Newspaper *paper, StoreTransaction *transaction, const Story *story) {
  g_autoptr(GError) error = NULL;
  gint64 id = story_rows_insert(transaction, story, "made", 1, paper->zone, &error);
  newspaper_must(id > 0, &error);
  return id;
}
