// SPDX-License-Identifier: Apache-2.0
//
// Forms as browsers, mail programs and strangers send them: what is decoded to what, what is
// refused, and with which error.
#include "web/form.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "web/problem.h"
#include "web/request_parts.h"

#define URLENCODED "application/x-www-form-urlencoded"
#define MULTIPART "multipart/form-data; boundary=b"
#define PART(name) "--b\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n"

static char *fields_as_text(const GArray *fields) {
  GString *out = g_string_new(NULL);
  for (guint i = 0; i < fields->len; i++) {
    const FormField *field = &g_array_index(fields, FormField, i);
    g_string_append_printf(out, "%s[%s=%s]", i > 0 ? " " : "", field->name, field->value);
  }
  return g_string_free(out, FALSE);
}

static void good_forms_are_read(void **state) {
  static const struct {
    const char *type, *body, *fields;
  } CASES[] = {
      {URLENCODED, "", ""},
      {URLENCODED, "a=b", "[a=b]"},
      {URLENCODED "; charset=UTF-8", "a=b&a=c&d", "[a=b] [a=c] [d=]"},
      {"Application/X-WWW-Form-URLencoded ;x=y", "a=b", "[a=b]"},
      {URLENCODED, "mail=ada%40example.org&q=a+b%2Bc%26d%3De",
       "[mail=ada@example.org] [q=a b+c&d=e]"},
      {URLENCODED, "t=one%0D%0Atwo&slash=%2F%5C", "[t=one\r\ntwo] [slash=/\\]"},
      {URLENCODED, "n%C3%A4me=%F0%9F%93%B0", "[n\xc3\xa4me=\xf0\x9f\x93\xb0]"},
      {URLENCODED, "&&a=b&&c==d&=e", "[a=b] [c==d] [=e]"},
      {URLENCODED, "List-Unsubscribe=One-Click", "[List-Unsubscribe=One-Click]"},
      {MULTIPART, PART("List-Unsubscribe") "One-Click\r\n--b--\r\n",
       "[List-Unsubscribe=One-Click]"},
      {MULTIPART, "\r\n" PART("a") "\r\n" PART("a") "x\r\ny--b\r\n--b--", "[a=] [a=x\r\ny--b]"},
      {"Multipart/Form-Data; x=\"a;b\"; Boundary=\"b\"", PART("a\\\"b") "c\r\n--b--", "[a\"b=c]"},
      {MULTIPART,
       "--b\r\ncontent-disposition: form-data; name=f; filename=x.png\r\nContent-Type: "
       "image/png\r\n\r\n\xff\xfe\r\n" PART("a") "b\r\n--b--",
       "[a=b]"},
      {MULTIPART, "--b--\r\n", ""},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) fields = form_parse(slice_of(CASES[i].type), slice_of(CASES[i].body), &error);
    if (fields == NULL) {
      fail_msg("%s: %s", CASES[i].body, error->message);
    }
    g_autofree char *text = fields_as_text(fields);
    assert_string_equal(text, CASES[i].fields);
  }
}

static void bad_forms_are_refused(void **state) {
  static const struct {
    const char *type, *body;
    WebError code;
  } CASES[] = {
      {NULL, "a=b", WEB_ERROR_UNSUPPORTED},
      {"", "a=b", WEB_ERROR_UNSUPPORTED},
      {"text/plain", "a=b", WEB_ERROR_UNSUPPORTED},
      {"application/json", "{}", WEB_ERROR_UNSUPPORTED},
      {URLENCODED "x", "a=b", WEB_ERROR_UNSUPPORTED},
      {URLENCODED, "a=%", WEB_ERROR_BAD_REQUEST},
      {URLENCODED, "a=%4", WEB_ERROR_BAD_REQUEST},
      {URLENCODED, "a=%zz", WEB_ERROR_BAD_REQUEST},
      {URLENCODED, "a=%ff", WEB_ERROR_BAD_REQUEST},
      {URLENCODED, "a=%00", WEB_ERROR_BAD_REQUEST},
      {URLENCODED, "a=b&%c3=d", WEB_ERROR_BAD_REQUEST},
      {URLENCODED, "a=\xed\xa0\x80", WEB_ERROR_BAD_REQUEST},
      {"multipart/form-data", PART("a") "b\r\n--b--", WEB_ERROR_BAD_REQUEST},
      {"multipart/form-data; boundary=\"b", PART("a") "b\r\n--b--", WEB_ERROR_BAD_REQUEST},
      {"multipart/form-data; boundary=\"\"", PART("a") "b\r\n--b--", WEB_ERROR_BAD_REQUEST},
      {MULTIPART, "", WEB_ERROR_BAD_REQUEST},
      {MULTIPART, "--b", WEB_ERROR_BAD_REQUEST},
      {MULTIPART, PART("a") "b", WEB_ERROR_BAD_REQUEST},
      {MULTIPART, PART("a") "b\r\n--b", WEB_ERROR_BAD_REQUEST},
      {MULTIPART, PART("a") "b\r\n--c--", WEB_ERROR_BAD_REQUEST},
      {MULTIPART, PART("a") "\xff\r\n--b--", WEB_ERROR_BAD_REQUEST},
      {MULTIPART, "--b\r\n\r\nb\r\n--b--", WEB_ERROR_BAD_REQUEST},
      {MULTIPART, "--b\r\nContent-Disposition: form-data\r\n\r\nb\r\n--b--", WEB_ERROR_BAD_REQUEST},
      {MULTIPART, "--b\r\nContent-Disposition: file; name=a\r\n\r\nb\r\n--b--",
       WEB_ERROR_BAD_REQUEST},
      {MULTIPART, "--b\r\nContent-Disposition: form-data; name=a", WEB_ERROR_BAD_REQUEST},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) fields = form_parse(slice_of(CASES[i].type), slice_of(CASES[i].body), &error);
    if (fields != NULL || !g_error_matches(error, WEB_ERROR, (int)CASES[i].code)) {
      fail_msg("%s as %s: %s", CASES[i].body, CASES[i].type,
               error != NULL ? error->message : "taken");
    }
  }
}

static void the_number_of_fields_is_bounded(void **state) {
  for (guint count = FORM_MAX_FIELDS; count <= FORM_MAX_FIELDS + 1; count++) {
    g_autoptr(GString) pairs = g_string_new(NULL);
    g_autoptr(GString) parts = g_string_new(NULL);
    for (guint i = 0; i < count; i++) {
      g_string_append(pairs, "a=b&");
      g_string_append(parts, PART("a") "b\r\n");
    }
    g_string_append(parts, "--b--");
    g_autoptr(GArray) one = form_parse(slice_of(URLENCODED), slice_of(pairs->str), NULL);
    g_autoptr(GArray) two = form_parse(slice_of(MULTIPART), slice_of(parts->str), NULL);
    assert_int_equal(one != NULL, count <= FORM_MAX_FIELDS);
    assert_int_equal(two != NULL, count <= FORM_MAX_FIELDS);
  }
}

static Request *post(const char *type, const char *body) {
  HttpHeader header = {SLICE_LITERAL("content-type"), slice_of(type)};
  g_autoptr(GBytes) bytes = body != NULL ? g_bytes_new(body, strlen(body)) : NULL;
  return request_new(&(RequestParts){.method = HTTP_POST,
                                     .target = SLICE_LITERAL("/form?a=query"),
                                     .headers = &header,
                                     .header_count = 1,
                                     .body = bytes});
}

static void requests_give_their_fields(void **state) {
  g_autoptr(Request) request = post(URLENCODED, "a=1&b=x&a=2");
  assert_null(request_form(request, "a")); // nothing before it was read
  assert_true(request_read_form(request, BODY_FORM, NULL));
  assert_string_equal(request_form(request, "a"), "1");
  assert_string_equal(request_query(request, "a"), "query");
  assert_null(request_form(request, "c"));
  g_auto(GStrv) all = request_form_all(request, "a");
  assert_int_equal(g_strv_length(all), 2);
  assert_string_equal(all[0], "1");
  assert_string_equal(all[1], "2");
  g_auto(GStrv) none = request_form_all(request, "c");
  assert_int_equal(g_strv_length(none), 0);
}

static void other_bodies_are_left_alone_where_any_is_taken(void **state) {
  g_autoptr(GError) error = NULL;
  g_autoptr(Request) json = post("application/json", "{}");
  assert_true(request_read_form(json, BODY_ANY, &error));
  assert_null(request_form(json, "a"));
  assert_false(request_read_form(json, BODY_FORM, &error));
  assert_int_equal(problem_status(error), 415);
  g_autoptr(Request) broken = post(URLENCODED, "a=%");
  assert_true(request_read_form(broken, BODY_ANY, NULL));
  assert_null(request_form(broken, "a"));
  g_autoptr(Request) empty = post("text/plain", "");
  assert_true(request_read_form(empty, BODY_FORM, NULL));
  g_autoptr(Request) bodiless = post("text/plain", NULL);
  assert_true(request_read_form(bodiless, BODY_FORM, NULL));
  assert_null(request_form(bodiless, "a"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(good_forms_are_read),
      cmocka_unit_test(bad_forms_are_refused),
      cmocka_unit_test(the_number_of_fields_is_bounded),
      cmocka_unit_test(requests_give_their_fields),
      cmocka_unit_test(other_bodies_are_left_alone_where_any_is_taken),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
