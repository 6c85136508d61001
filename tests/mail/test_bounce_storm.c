// SPDX-License-Identifier: Apache-2.0
//
// Ten thousand bounces with random damage, half of them on each engine, read and taken in: no
// crash; nobody is suppressed whose token does not stand in them, nobody by what was no bounce, and
// the states of the deliveries go on adding up. The seed is fixed; STORM_SEED and STORM_COUNT
// change it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "mail/bounce.h"
#include "newsroom/returns.h"
#include "newsroom/settings.h"
#include "store/engine.h"
#include "store/mailing_rows.h"
#include "store/subscriber_rows.h"
#include "tests/mail/bounce_samples.h"
#include "tests/newsroom/room.h"
#include "tests/store/readership.h"

#define READERS 300

static GPtrArray *samples;

typedef struct Storm {
  Room room;
  GRand *rand;
  gint64 mailing;
  char *key;
  gboolean addressed[READERS + 1]; // a bounce that may suppress was made for them
} Storm;

static void storm_open(Storm *storm, Newspaper *paper) {
  g_autoptr(GError) error = NULL;
  const char *seed = g_getenv("STORM_SEED");
  *storm = (Storm){.rand = g_rand_new_with_seed(seed != NULL ? (guint32)atoi(seed) : 20261123)};
  room_open(&storm->room, paper);
  newspaper_must(settings_prepare(&storm->room.newsroom, &error), &error);
  readership_make(paper, READERS);
  storm->mailing = readership_mailing(paper, "daily", storm->room.now);
  StoreTransaction *transaction = newspaper_write(paper);
  newspaper_must(store_run_script(transaction,
                                  "update delivery set state = 3; update mailing_count "
                                  "set state = 3",
                                  &error) &&
                     store_commit(&paper->transaction, &error),
                 &error);
  g_autoptr(StoreTransaction) look = store_begin_read(paper->store, &error);
  g_autoptr(Site) site = look != NULL ? site_rows_load(look, &error) : NULL;
  newspaper_must(site != NULL, &error);
  storm->key = g_strdup(site->mail_key);
}

static void storm_close(Storm *storm) {
  g_rand_free(storm->rand);
  g_free(storm->key);
  room_close(&storm->room);
}

static gsize at(Storm *storm, gsize length) {
  return length == 0 ? 0 : (gsize)g_rand_int_range(storm->rand, 0, (gint32)length);
}

static void damage(Storm *storm, GString *text) {
  switch (g_rand_int_range(storm->rand, 0, 6)) {
  case 0: // other bytes
    for (guint i = at(storm, 30); i > 0 && text->len > 0; i--) {
      text->str[at(storm, text->len)] = (char)g_rand_int_range(storm->rand, 0, 256);
    }
    return;
  case 1: // cut off
    g_string_truncate(text, at(storm, text->len));
    return;
  case 2: { // a piece is missing
    gsize from = at(storm, text->len);
    g_string_erase(text, (gssize)from, (gssize)at(storm, text->len - from));
    return;
  }
  case 3: { // a piece comes twice
    gsize from = at(storm, text->len);
    g_autofree char *piece = g_strndup(text->str + from, at(storm, text->len - from));
    g_string_insert(text, (gssize)at(storm, text->len), piece);
    return;
  }
  case 4: // lines in another order
    for (guint i = 0; i < 5; i++) {
      char *line = strchr(text->str + at(storm, text->len), '\n');
      char *end = line != NULL ? strchr(line + 1, '\n') : NULL;
      if (end != NULL) {
        g_autofree char *piece = g_strndup(line, (gsize)(end - line));
        g_string_erase(text, line - text->str, end - line);
        g_string_insert(text, (gssize)at(storm, text->len), piece);
      }
    }
    return;
  default: // other line ends
    g_string_replace(text, "\n", at(storm, 2) != 0 ? "\r\n" : "\r", 0);
  }
}

static void take(Storm *storm, const GString *text) {
  g_autoptr(GError) error = NULL;
  ReturnOutcome outcome;
  ReturnLimits limits = {.soft_bounces = 1000, .soft_days = 365};
  g_autoptr(ReturnedMail) mail = bounce_read((Slice){text->str, text->len}, NULL);
  newspaper_must(returns_take(&storm->room.newsroom, mail, "storm", &limits, &outcome, &error),
                 &error);
}

// One of four is for nobody: its tokens were made with another key.
static void one(Storm *storm) {
  const BounceSample *sample = samples->pdata[at(storm, samples->len)];
  gint64 reader = 1 + (gint64)at(storm, READERS);
  gboolean forged = at(storm, 4) == 0;
  g_autoptr(GString) text =
      bounce_sample_fill(sample, forged ? SAMPLE_KEY : storm->key, storm->mailing, reader);
  for (guint i = at(storm, 4); i > 0; i--) {
    damage(storm, text);
  }
  // A letter of the alphabet may turn 5.2.2 into 5.1.2: soft ones count as what may suppress.
  if (!forged && (sample->kind == BOUNCE_HARD || sample->kind == BOUNCE_SOFT ||
                  sample->kind == BOUNCE_COMPLAINT)) {
    storm->addressed[reader] = TRUE;
  }
  take(storm, text);
}

static guint check_readers(Storm *storm) {
  g_autoptr(GError) error = NULL;
  guint suppressed = 0;
  MailingCounts counts;
  g_autoptr(StoreTransaction) look = store_begin_read(storm->room.paper->store, &error);
  for (gint64 id = 1; id <= READERS; id++) {
    g_autoptr(Subscriber) reader = subscriber_rows_get(look, id, &error);
    newspaper_must(reader != NULL, &error);
    if (reader->status == SUBSCRIBER_SUPPRESSED) {
      assert_true(storm->addressed[id]);
      suppressed++;
    }
  }
  newspaper_must(mailing_rows_counts(look, storm->mailing, &counts, &error), &error);
  assert_int_equal(mailing_counts_sum(&counts), counts.planned);
  return suppressed;
}

static void test_storm(void **state) {
  Storm storm;
  const char *count = g_getenv("STORM_COUNT");
  storm_open(&storm, *state);
  for (gint64 i = count != NULL ? atoi(count) : 5000; i > 0; i--) {
    one(&storm);
  }
  assert_true(check_readers(&storm) > 0); // or the storm proves nothing
  storm_close(&storm);
}

// The same, of what must never suppress anyone: whatever the damage.
static void test_harmless_storm(void **state) {
  Storm storm;
  storm_open(&storm, *state);
  for (guint i = 0; i < 3000; i++) {
    const BounceSample *sample = samples->pdata[at(&storm, samples->len)];
    if (sample->kind == BOUNCE_AUTOMATIC || sample->kind == BOUNCE_UNKNOWN ||
        sample->kind == BOUNCE_WISH) {
      g_autoptr(GString) text =
          bounce_sample_fill(sample, storm.key, storm.mailing, 1 + (gint64)at(&storm, READERS));
      damage(&storm, text);
      take(&storm, text);
    }
  }
  assert_int_equal(check_readers(&storm), 0);
  storm_close(&storm);
}

#define STORM_TEST(test)                                                                           \
  cmocka_unit_test_setup_teardown(test, newspaper_set_up, newspaper_tear_down)

int main(int argc, char **argv) {
  const struct CMUnitTest tests[] = {
      STORM_TEST(test_storm),
      STORM_TEST(test_harmless_storm),
  };
  samples = bounce_samples_load(argv[1]);
  int failed = newspaper_run("mail/bounce_storm", tests, G_N_ELEMENTS(tests));
  g_ptr_array_unref(samples);
  return failed;
}
