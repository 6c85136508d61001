// SPDX-License-Identifier: Apache-2.0
//
// CSV as it comes: delimiters, encodings, quotes, line ends, damage; and what headings and states
// mean. Does not cover: what the newsroom makes of it (newsroom/test_reader_import).
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "exchange/csv_reader.h"
#include "exchange/subscriber_columns.h"

static int file_of(const char *bytes, gsize length) {
  int file = memfd_create("csv", MFD_CLOEXEC);
  assert_int_equal(write(file, bytes, length), (gssize)length);
  return file;
}

// "3:a|b|c" for each record: its line and fields; "3!reason" for a fault.
static char *read_all(const char *bytes, gsize length, char *ret_delimiter,
                      const char **ret_encoding) {
  int file = file_of(bytes, length);
  g_autoptr(GError) error = NULL;
  g_autoptr(CsvReader) reader = csv_reader_new(file, &error);
  assert_non_null(reader);
  GString *out = g_string_new(NULL);
  CsvRecord record;
  while (csv_reader_next(reader, &record, &error)) {
    g_string_append_printf(out, "%s%d", out->len > 0 ? " " : "", (int)record.line);
    for (guint i = 0; i < record.count && record.fault == NULL; i++) {
      g_string_append_c(out, i == 0 ? ':' : '|');
      g_string_append_len(out, record.fields[i].data, (gssize)record.fields[i].length);
    }
    if (record.fault != NULL) {
      g_string_append_c(out, '!');
    }
  }
  if (error != NULL) {
    g_string_append_printf(out, " error %d", error->code);
  }
  *ret_delimiter = csv_reader_delimiter(reader);
  *ret_encoding = csv_reader_encoding(reader);
  close(file);
  return g_string_free(out, FALSE);
}

typedef struct Case {
  const char *bytes;
  gsize length; // 0: as long as the text
  char delimiter;
  const char *encoding, *read;
} Case;

static const Case CASES[] = {
    {"email,name\na@b.c,Anna\n", 0, ',', "UTF-8", "1:email|name 2:a@b.c|Anna"},
    {"email;name\r\na@b.c;\"Anna; B\"\r\n", 0, ';', "UTF-8", "1:email|name 2:a@b.c|Anna; B"},
    {"email\tname\ra@b.c\tAnna", 0, '\t', "UTF-8", "1:email|name 2:a@b.c|Anna"},
    {"email|name\na@b.c|Anna\n", 0, '|', "UTF-8", "1:email|name 2:a@b.c|Anna"},
    // More of another sign in the texts than of the delimiter.
    {"email;name\na@b.c;\"x,y,z,w\"\nb@b.c;u,v,w\n", 0, ';', "UTF-8",
     "1:email|name 2:a@b.c|x,y,z,w 3:b@b.c|u,v,w"},
    {"sep=;\nemail;name\n", 0, ';', "UTF-8", "2:email|name"},
    {"email\na@b.c\n", 0, ',', "UTF-8", "1:email 2:a@b.c"},
    {"\xEF\xBB\xBF"
     "email,name\na@b.c,J\xC3\xB6rg\n",
     0, ',', "UTF-8", "1:email|name 2:a@b.c|J\xC3\xB6rg"},
    {"email,name\na@b.c,J\xF6rg\x80\n", 0, ',', "Windows-1252",
     "1:email|name 2:a@b.c|J\xC3\xB6rg\xE2\x82\xAC"},
    {"\xFF\xFE"
     "e\0,\0n\0\n\0a\0,\0\xF6\0\n\0",
     18, ',', "UTF-16", "1:e|n 2:a|\xC3\xB6"},
    {"\xFE\xFF"
     "\0e\0,\0n\0\n\0a\0,\xD8\x3D\xDE\x00",
     18, ',', "UTF-16", "1:e|n 2:a|\xF0\x9F\x98\x80"},
    {"e\0,\0n\0\n\0a\0,\0b\0\n\0", 16, ',', "UTF-16", "1:e|n 2:a|b"}, // no mark
    // One damaged line among good ones does not make the file another encoding.
    {"email,name\na@b.c,J\xC3\xB6rg\nb@b.c,\xC3\xA4\xC3\xB6\nc@b.c,\xF6\n", 0, ',', "UTF-8",
     "1:email|name 2:a@b.c|J\xC3\xB6rg 3:b@b.c|\xC3\xA4\xC3\xB6 4!"},
    // A delimiter in the middle of a character: its halves are in two fields, and neither is whole.
    {"email,name\na@b.c,J\xC3\xB6rg\nb@b.c,\xC3\xA4\xC3\xB6\nx\xC3,\xB6\n", 0, ',', "UTF-8",
     "1:email|name 2:a@b.c|J\xC3\xB6rg 3:b@b.c|\xC3\xA4\xC3\xB6 4!"},
    {"a,b\n\"one\ntwo\",x\n3,4\n", 0, ',', "UTF-8", "1:a|b 2:one\ntwo|x 4:3|4"},
    {"a,b\r\n\"say \"\"hi\"\"\",x\r\n", 0, ',', "UTF-8", "1:a|b 2:say \"hi\"|x"},
    {"a,b\n  \"x\",y\n", 0, ',', "UTF-8", "1:a|b 2:x|y"},
    {"a,b\n5\" pipe,y\n", 0, ',', "UTF-8", "1:a|b 2:5\" pipe|y"},
    {"a,b\n\n\n,\n", 0, ',', "UTF-8", "1:a|b 4:|"},
    // A quote that nothing closes costs its line only.
    {"a,b\n\"x,y\n1,2\n3,4\n", 0, ',', "UTF-8", "1:a|b 2! 3:1|2 4:3|4"},
    {"a,b\nx\0y,z\n1,2\n", 14, ',', "UTF-8", "1:a|b 2! 3:1|2"},
    {"", 0, ',', "UTF-8", ""},
    {"\n\n", 0, ',', "UTF-8", ""},
    {"a,b", 0, ',', "UTF-8", "1:a|b"},
};

static void test_reading(void **state) {
  for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
    char delimiter = 0;
    const char *encoding = NULL;
    gsize length = CASES[i].length != 0 ? CASES[i].length : strlen(CASES[i].bytes);
    g_autofree char *read = read_all(CASES[i].bytes, length, &delimiter, &encoding);
    if (strcmp(read, CASES[i].read) != 0 || strcmp(encoding, CASES[i].encoding) != 0 ||
        (CASES[i].delimiter != delimiter)) {
      fail_msg("case %d: '%s' as %s by '%c'", (int)i, read, encoding, delimiter);
    }
  }
}

// Every place at which the blocks in which a file is read can cut it.
static void test_block_borders(void **state) {
  static const char TAIL[] = "\"a\r\nb\"\"c\",\xC3\xB6\r\nx,y\r\n";
  for (gsize shift = 0; shift < 40; shift++) {
    g_autoptr(GString) text = g_string_new("h,i\n\"");
    gsize fill = (128u << 10) - shift - 8;
    for (gsize i = 0; i < fill; i++) {
      g_string_append_c(text, 'z');
    }
    g_string_append(text, "\",k\n");
    g_string_append(text, TAIL);
    char delimiter = 0;
    const char *encoding = NULL;
    g_autofree char *read = read_all(text->str, text->len, &delimiter, &encoding);
    const char *end = strstr(read, " 3:");
    assert_non_null(end);
    assert_string_equal(end, " 3:a\r\nb\"c|\xC3\xB6 5:x|y");
  }
}

static void test_quotes_everywhere(void **state) {
  g_autoptr(GString) text = g_string_new("a,b\n");
  for (guint i = 0; i < 300; i++) {
    // Each opens, and the next line's first quote closes it with garbage behind, but the last.
    g_string_append(text, i % 2 == 0 ? "x,y\n" : "p,\"q\n");
  }
  char delimiter = 0;
  const char *encoding = NULL;
  g_autofree char *read = read_all(text->str, text->len, &delimiter, &encoding);
  assert_true(strlen(read) > 0);
}

static void test_too_many_fields(void **state) {
  g_autoptr(GString) text = g_string_new("a,b\n");
  for (guint i = 0; i < CSV_FIELDS_MOST + 5; i++) {
    g_string_append_c(text, ',');
  }
  g_string_append(text, "\n1,2\n");
  char delimiter = 0;
  const char *encoding = NULL;
  g_autofree char *read = read_all(text->str, text->len, &delimiter, &encoding);
  assert_string_equal(read, "1:a|b 2! 3:1|2");
}

static void test_a_pipe(void **state) {
  int ends[2];
  assert_int_equal(pipe(ends), 0);
  assert_int_equal(write(ends[1], "a;b\n1;2\n", 8), 8);
  close(ends[1]);
  g_autoptr(CsvReader) reader = csv_reader_new(ends[0], NULL);
  CsvRecord record;
  assert_non_null(reader);
  assert_true(csv_reader_next(reader, &record, NULL) && csv_reader_next(reader, &record, NULL));
  assert_true(record.count == 2 && slice_equal_text(record.fields[1], "2"));
  close(ends[0]);
}

static void test_headings(void **state) {
  static const struct {
    const char *heading;
    SubscriberColumn column;
  } HEADINGS[] = {{"Email Address", COLUMN_ADDRESS},
                  {"E-Mail-Adresse", COLUMN_ADDRESS},
                  {"email_address", COLUMN_ADDRESS},
                  {"Correo electr\xC3\xB3nico", COLUMN_ADDRESS},
                  {"Courriel", COLUMN_ADDRESS},
                  {"Address", COLUMN_MAYBE_ADDRESS},
                  {"Pr\xC3\xA9nom", COLUMN_FIRST_NAME},
                  {"FNAME", COLUMN_FIRST_NAME},
                  {"Nachname", COLUMN_LAST_NAME},
                  {"name", COLUMN_NAME},
                  {"OPTIN_TIME", COLUMN_SIGNED_UP},
                  {"CONFIRM_TIME", COLUMN_CONFIRMED},
                  {"UNSUB_TIME", COLUMN_LEFT_AT},
                  {"CLEAN_TIME", COLUMN_BOUNCED_AT},
                  {"subscribed_to_emails", COLUMN_IF_ON},
                  {"email_disabled", COLUMN_IF_OFF},
                  {"status", COLUMN_STATUS},
                  {"State", COLUMN_MAYBE_STATUS},
                  {"Zeitzone", COLUMN_ZONE},
                  {"Phone Number", COLUMN_UNKNOWN},
                  {"active_subscription", COLUMN_UNKNOWN}, // Substack's: pays
                  {"", COLUMN_UNKNOWN},
                  {"mail ", COLUMN_ADDRESS}};
  for (gsize i = 0; i < G_N_ELEMENTS(HEADINGS); i++) {
    if (subscriber_column_of(slice_of(HEADINGS[i].heading)) != HEADINGS[i].column) {
      fail_msg("heading '%s' is not %d", HEADINGS[i].heading, HEADINGS[i].column);
    }
  }
}

static void test_states(void **state) {
  static const struct {
    SubscriberColumn column;
    const char *value;
    SubscriberState state;
  } STATES[] = {{COLUMN_STATUS, "Subscribed", STATE_WANTED},
                {COLUMN_STATUS, "enabled", STATE_WANTED},
                {COLUMN_STATUS, "unsubscribed", STATE_LEFT},
                {COLUMN_STATUS, "blocklisted", STATE_LEFT},
                {COLUMN_STATUS, "Cleaned", STATE_BOUNCED},
                {COLUMN_STATUS, "Spam complaint", STATE_COMPLAINED},
                {COLUMN_STATUS, "D\xC3\xA9sabonn\xC3\xA9", STATE_LEFT},
                {COLUMN_STATUS, "abgemeldet", STATE_LEFT},
                {COLUMN_STATUS, "pending", STATE_PENDING},
                {COLUMN_STATUS, "", STATE_NONE},
                {COLUMN_STATUS, "florp", STATE_UNKNOWN},
                {COLUMN_MAYBE_STATUS, "CA", STATE_NONE},
                {COLUMN_MAYBE_STATUS, "unsubscribed", STATE_LEFT},
                {COLUMN_LEFT_AT, "2024-05-01 10:00:00", STATE_LEFT},
                {COLUMN_LEFT_AT, "0000-00-00 00:00:00", STATE_NONE},
                {COLUMN_LEFT_AT, "false", STATE_NONE},
                {COLUMN_LEFT_AT, "NULL", STATE_NONE},
                {COLUMN_BOUNCED_AT, "2024-05-01", STATE_BOUNCED},
                {COLUMN_IF_ON, "true", STATE_WANTED},
                {COLUMN_IF_ON, "FALSE", STATE_LEFT},
                {COLUMN_IF_ON, "0", STATE_LEFT},
                {COLUMN_IF_ON, "2024-05-01", STATE_NONE},
                {COLUMN_IF_OFF, "true", STATE_LEFT},
                {COLUMN_IF_OFF, "false", STATE_NONE},
                {COLUMN_IF_PROVED, "0", STATE_PENDING},
                {COLUMN_IF_BOUNCED, "0", STATE_NONE},
                {COLUMN_IF_BOUNCED, "2", STATE_BOUNCED},
                {COLUMN_CONFIRMED, "0", STATE_PENDING},
                {COLUMN_CONFIRMED, "2024-05-01 10:00:00", STATE_NONE},
                {COLUMN_NAME, "unsubscribed", STATE_NONE}};
  for (gsize i = 0; i < G_N_ELEMENTS(STATES); i++) {
    SubscriberState found = subscriber_state_of(STATES[i].column, slice_of(STATES[i].value));
    if (found != STATES[i].state) {
      fail_msg("'%s' in column %d is %d", STATES[i].value, STATES[i].column, found);
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_reading),
      cmocka_unit_test(test_block_borders),
      cmocka_unit_test(test_quotes_everywhere),
      cmocka_unit_test(test_too_many_fields),
      cmocka_unit_test(test_a_pipe),
      cmocka_unit_test(test_headings),
      cmocka_unit_test(test_states),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
