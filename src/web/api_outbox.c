// SPDX-License-Identifier: Apache-2.0
//
// The maildir outbox, read like an inbox (docs/api/openapi.json). Its files are ours, but what a
// person puts into that folder may be anything: a name that is not one of ours is not opened, and
// messages are read as untrusted bytes.
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mail_reader.h"
#include "web/api_handlers.h"

#define PAGE 50
#define MESSAGE_BYTES ((gsize)32 << 20)
#define HEADER_BYTES 65536
#define PART_BYTES ((gsize)2 << 20)
#define PARTS 16

typedef struct Entry {
  char *name;
  gint64 at; // modification time
  gint64 bytes;
  gboolean seen; // in cur/
} Entry;

static void entry_clear(Entry *entry) {
  g_free(entry->name);
}

// Letters, digits and what maildir names have: no '/', nothing that begins with a dot.
static gboolean is_name(const char *name) {
  gsize length = strlen(name);
  return length > 0 && length < 200 && name[0] != '.' &&
         strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._=-:,+@") ==
             length;
}

static const char *const FOLDERS[] = {"new", "cur"};

static gint newest_first(gconstpointer a, gconstpointer b) {
  const Entry *one = a, *other = b;
  return one->at != other->at ? (one->at < other->at ? 1 : -1) : strcmp(other->name, one->name);
}

static GArray *list(Website *website) {
  GArray *all = g_array_new(FALSE, FALSE, sizeof(Entry));
  g_array_set_clear_func(all, (GDestroyNotify)entry_clear);
  for (gsize i = 0; website->outbox != NULL && i < G_N_ELEMENTS(FOLDERS); i++) {
    g_autofree char *folder = g_build_filename(website->outbox, FOLDERS[i], NULL);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name = NULL;
    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
      GStatBuf facts;
      g_autofree char *path = g_build_filename(folder, name, NULL);
      if (is_name(name) && g_lstat(path, &facts) == 0 && S_ISREG(facts.st_mode)) {
        Entry entry = {g_strdup(name), (gint64)facts.st_mtime * CLOCK_SECOND, facts.st_size, i > 0};
        g_array_append_val(all, entry);
      }
    }
  }
  g_array_sort(all, newest_first);
  return all;
}

// The whole file, or its beginning. NULL: it is not there.
static GBytes *read_file(Website *website, const char *name, gsize most) {
  for (gsize i = 0; website->outbox != NULL && is_name(name) && i < G_N_ELEMENTS(FOLDERS); i++) {
    g_autofree char *path = g_build_filename(website->outbox, FOLDERS[i], name, NULL);
    g_autoptr(GMappedFile) file = g_mapped_file_new(path, FALSE, NULL);
    if (file != NULL) {
      gsize length = MIN(g_mapped_file_get_length(file), most);
      return g_bytes_new(g_mapped_file_get_contents(file), length);
    }
  }
  return NULL;
}

// The address alone, of "Name <address>".
static char *bare(char *field) {
  char *open = strrchr(field, '<'), *close = open != NULL ? strchr(open, '>') : NULL;
  if (close == NULL) {
    return field;
  }
  char *address = g_strndup(open + 1, (gsize)(close - open - 1));
  g_free(field);
  return address;
}

typedef struct Head {
  char *from, *to, *subject;
} Head;
static void head_clear(Head *head) {
  g_free(head->from);
  g_free(head->to);
  g_free(head->subject);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Head, head_clear)

static void read_head(Head *head, Slice header) {
  head->from = mail_field_text(header, "From");
  head->to = bare(mail_field_text(header, "To"));
  head->subject = mail_field_text(header, "Subject");
}

static void put_message(JsonWriter *json, const Entry *entry, const Head *head) {
  put_text(json, "id", entry->name);
  put_instant(json, "at", entry->at);
  put_text(json, "from", head->from);
  put_text(json, "to", head->to);
  put_text(json, "subject", head->subject);
  put_integer(json, "bytes", entry->bytes);
}

static gboolean contains(const char *text, const char *lower) {
  g_autofree char *folded = g_utf8_strdown(text, -1);
  return strstr(folded, lower) != NULL;
}

Response *api_outbox(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ApiAnswer) answer = {0};
  api_begin(&call, request, website);
  guint limit = api_limit(&call, PAGE), found = 0;
  gint64 offset = CLAMP(api_query_integer(&call, "after", 0), 0, G_MAXINT32);
  const char *words = request_query(request, "q");
  if (!api_query_accept(&call, error)) {
    return NULL;
  }
  g_autofree char *lower = g_utf8_strdown(words != NULL ? words : "", -1);
  g_autoptr(GArray) all = list(website);
  JsonWriter *json = api_answer(&answer);
  put_list(json, "items");
  guint at = (guint)offset;
  for (; at < all->len && found < limit; at++) {
    const Entry *entry = &g_array_index(all, Entry, at);
    g_auto(Head) head = {0};
    g_autoptr(GBytes) bytes = read_file(website, entry->name, HEADER_BYTES);
    Slice header = {NULL, 0}, body = {NULL, 0};
    if (bytes == NULL) {
      continue;
    }
    mail_split(slice_of_bytes(bytes), &header, &body);
    read_head(&head, header);
    if (*lower != '\0' && !contains(head.to, lower) && !contains(head.subject, lower)) {
      continue;
    }
    json_object(json);
    put_message(json, entry, &head);
    json_end_object(json);
    found++;
  }
  put_next_id(json, at < all->len ? at : 0);
  return api_respond(&answer, 200);
}

// ---- one letter -------------------------------------------------------------------------------

typedef struct OutboxLetter {
  GBytes *bytes;
  Slice header;
  GString *html, *text; // NULL: none
  guint parts;
} OutboxLetter;
static void outbox_letter_clear(OutboxLetter *letter) {
  g_clear_pointer(&letter->bytes, g_bytes_unref);
  if (letter->html != NULL) {
    g_string_free(g_steal_pointer(&letter->html), TRUE);
  }
  if (letter->text != NULL) {
    g_string_free(g_steal_pointer(&letter->text), TRUE);
  }
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(OutboxLetter, outbox_letter_clear)

static void walk(OutboxLetter *letter, Slice part, guint depth) {
  Slice header = {NULL, 0}, body = {NULL, 0};
  mail_split(part, &header, &body);
  g_autofree char *type = mail_content_type(header);
  if (++letter->parts > PARTS || depth > MAIL_READER_DEPTH) {
    return;
  }
  if (g_str_has_prefix(type, "multipart/")) {
    g_autofree char *boundary = mail_parameter(header, "boundary");
    Slice inner = {NULL, 0};
    while (*boundary != '\0' && mail_next_part(&body, boundary, &inner)) {
      walk(letter, inner, depth + 1);
    }
  } else if (strcmp(type, "text/html") == 0 && letter->html == NULL) {
    letter->html = mail_decode(header, body, PART_BYTES);
  } else if (strcmp(type, "text/plain") == 0 && letter->text == NULL) {
    letter->text = mail_decode(header, body, PART_BYTES);
  }
}

static gboolean open_letter(OutboxLetter *letter, const Request *request, Website *website,
                            GError **error) {
  letter->bytes = read_file(website, request_parameter(request, 0), MESSAGE_BYTES);
  if (letter->bytes == NULL) {
    g_set_error(error, WEB_ERROR, WEB_ERROR_NOT_FOUND, "there is no such letter in the outbox");
    return FALSE;
  }
  Slice body = {NULL, 0};
  mail_split(slice_of_bytes(letter->bytes), &letter->header, &body);
  walk(letter, slice_of_bytes(letter->bytes), 0);
  return TRUE;
}

// "<https://…>, <mailto:…>": the first, without its brackets. NULL if it is no web address.
static char *unsubscribe_of(Slice header) {
  g_autofree char *field = mail_field_text(header, "List-Unsubscribe");
  const char *open = strstr(field, "<http"), *close = open != NULL ? strchr(open, '>') : NULL;
  return close != NULL ? g_strndup(open + 1, (gsize)(close - open - 1)) : NULL;
}

static void put_valid(JsonWriter *json, const char *name, const GString *text) {
  g_autofree char *valid = text != NULL ? g_utf8_make_valid(text->str, (gssize)text->len) : NULL;
  put_text(json, name, valid);
}

static void put_headers(JsonWriter *json, Slice header) {
  Slice name, value;
  put_list(json, "headers");
  while (mail_next_field(&header, &name, &value)) {
    g_autofree char *field = g_strndup(name.data, name.length);
    g_autofree char *field_valid = g_utf8_make_valid(field, -1);
    g_autofree char *raw = g_strndup(value.data, value.length);
    g_autofree char *valid = g_utf8_make_valid(g_strstrip(raw), -1);
    json_object(json);
    put_text(json, "name", field_valid);
    put_text(json, "value", valid);
    json_end_object(json);
  }
  json_end_array(json);
}

Response *api_outbox_get(const Request *request, Website *website, GError **error) {
  g_auto(OutboxLetter) letter = {0};
  g_auto(ApiAnswer) answer = {0};
  g_auto(Head) head = {0};
  if (!open_letter(&letter, request, website, error)) {
    return NULL;
  }
  read_head(&head, letter.header);
  gint64 at = 0;
  g_autoptr(GArray) all = list(website);
  for (guint i = 0; i < all->len; i++) {
    const Entry *one = &g_array_index(all, Entry, i);
    at = strcmp(one->name, request_parameter(request, 0)) == 0 ? one->at : at;
  }
  Entry entry = {(char *)request_parameter(request, 0), at, (gint64)g_bytes_get_size(letter.bytes),
                 FALSE};
  g_autofree char *unsubscribe = unsubscribe_of(letter.header);
  JsonWriter *json = api_answer(&answer);
  put_object(json, "message");
  put_message(json, &entry, &head);
  json_end_object(json);
  put_headers(json, letter.header);
  put_valid(json, "html", letter.html);
  put_valid(json, "text", letter.text);
  put_text(json, "unsubscribe_url", unsubscribe);
  return api_respond(&answer, 200);
}

Response *api_outbox_html(const Request *request, Website *website, GError **error) {
  g_auto(OutboxLetter) letter = {0};
  if (!open_letter(&letter, request, website, error)) {
    return NULL;
  }
  if (letter.html == NULL) {
    g_set_error(error, WEB_ERROR, WEB_ERROR_NOT_FOUND, "this letter has no HTML part");
    return NULL;
  }
  g_auto(ApiRead) read = {0};
  return api_read_begin(&read, website, error)
             ? api_mail_document(g_steal_pointer(&letter.html), read.site)
             : NULL;
}

Response *api_outbox_raw(const Request *request, Website *website, GError **error) {
  g_autoptr(GBytes) bytes = read_file(website, request_parameter(request, 0), MESSAGE_BYTES);
  if (bytes == NULL) {
    g_set_error(error, WEB_ERROR, WEB_ERROR_NOT_FOUND, "there is no such letter in the outbox");
    return NULL;
  }
  Response *response = response_new(200, "message/rfc822", bytes);
  response_add_header(response, "Content-Disposition", "attachment; filename=\"letter.eml\"");
  return response;
}
