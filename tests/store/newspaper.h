// SPDX-License-Identifier: Apache-2.0
//
// What the store's tests stand on: a fresh, migrated newspaper for each case, on SQLite and then
// on a private PostgreSQL server, with two sections, two topics and two authors in it.
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/story.h"
#include "store/image_rows.h"
#include "store/people_rows.h"
#include "store/site_rows.h"
#include "store/story_rows.h"
#include "tests/store/postgres_server.h"

#define NEWSPAPER_EPOCH G_GINT64_CONSTANT(1767225600000000) // 2026-01-01T00:00:00Z

typedef struct Newspaper {
  char *address; // of the database
  char *folder;  // SQLite's; else NULL
  Store *store;
  StoreTransaction *transaction; // of newspaper_write; rolled back at the end unless committed
  GTimeZone *zone;               // a zone whose midnight is not UTC's
  Section *sections[2];
  Topic *topics[2];
  Author *authors[2];
} Newspaper;

// Runs a group of tests on both engines; the group's result for main(). One server a run.
int newspaper_run(const char *name, const struct CMUnitTest *tests, size_t count);
int newspaper_set_up(void **state);
int newspaper_tear_down(void **state);
PostgresServer *newspaper_server(void); // NULL while SQLite is tested

StoreTransaction *
newspaper_write(Newspaper *paper); // the newspaper's; commit by &paper->transaction
// A published story of the first section, topic and author, `offset` after NEWSPAPER_EPOCH.
Story *newspaper_story(Newspaper *paper, const char *headline, gint64 offset);
void newspaper_byline(Newspaper *paper, Story *story, guint author);
gint64 newspaper_insert(Newspaper *paper, StoreTransaction *transaction, const Story *story);
void newspaper_must(gboolean done, GError **error); // fails the case with the error's words
void newspaper_assert_error(const GError *error, StoreError code);
void newspaper_set(char **field, const char *value);
