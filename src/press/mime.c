// SPDX-License-Identifier: Apache-2.0
//
// Implements mime.h. GMime lays out the message; the parts are encoded here before, because a slot
// must stand whole on its line. Nothing in it comes from a clock or from chance.
//
// The frozen form: "letter 1 DATE\n", then the message with CRLF line ends, in which a slot is
// three characters: U+0001, 'A' and the slot's number, and the way it is written there ('h' header,
// 'r' as it is, 'q' quoted-printable, 'x' HTML in quoted-printable).
#include "press/mime.h"

#include <gmime/gmime.h>
#include <string.h>

#include "base/clock.h"
#include "press/quoted_printable.h"

G_DEFINE_QUARK(broadsheet - letter - error, letter_error)

const char *const LETTER_SLOT_TEXT[LETTER_SLOT_COUNT] = {
    "slot7Qm2Xv9RkT4wLcZ0to",          "slot7Qm2Xv9RkT4wLcZ1messageid",
    "slot7Qm2Xv9RkT4wLcZ2unsubscribe", "slot7Qm2Xv9RkT4wLcZ3reader",
    "slot7Qm2Xv9RkT4wLcZ4greeting",    "slot7Qm2Xv9RkT4wLcZ5open",
    "slot7Qm2Xv9RkT4wLcZ6click",       "slot7Qm2Xv9RkT4wLcZ7edition"};

#define MARK "mark3Hs8Yp5BnW1gDfJ" // in the finished message: MARK, slot letter, way
#define LINE_MOST 998
#define LINE_PLAIN 76
#define SUBJECT_MOST 900

static void initialise(void) {
  static gsize done = 0;
  if (g_once_init_enter(&done)) {
    g_mime_init();
    g_once_init_leave(&done, 1);
  }
}

static gboolean refuse(GError **error, LetterError code, const char *field, const char *why) {
  g_set_error(error, LETTER_ERROR, (gint)code, "%s: %s", field, why);
  return FALSE;
}

// ---- the parts --------------------------------------------------------------------------------

// The first slot in `text`, or NULL; *ret_slot says which.
static const char *find_slot(const char *text, guint *ret_slot) {
  const char *found = strstr(text, "slot7Qm2Xv9RkT4wLcZ");
  while (found != NULL) {
    for (guint slot = 0; slot < LETTER_SLOT_COUNT; slot++) {
      if (g_str_has_prefix(found, LETTER_SLOT_TEXT[slot])) {
        *ret_slot = slot;
        return found;
      }
    }
    found = strstr(found + 1, "slot7Qm2Xv9RkT4wLcZ");
  }
  return NULL;
}

static void append_mark(GString *out, guint slot, char way) {
  g_string_append(out, MARK);
  g_string_append_c(out, (char)('A' + slot));
  g_string_append_c(out, way);
}

static gboolean is_plain(const char *text) {
  gsize line = 0;
  for (; *text != '\0'; text++) {
    line = *text == '\n' ? 0 : line + 1;
    if ((guchar)*text > 126 || (*text < 32 && *text != '\n') || line > LINE_PLAIN + 60) {
      return FALSE;
    }
  }
  return TRUE;
}

// The part with marks for its slots; *ret_encoding says how.
static GString *encode(const char *text, gboolean html, GMimeContentEncoding *ret_encoding) {
  GString *out = g_string_sized_new(strlen(text) * 5 / 4);
  gboolean plain = is_plain(text) && strstr(text, LETTER_SLOT_TEXT[LETTER_SLOT_GREETING]) == NULL;
  guint column = 0;
  guint slot = 0;
  for (const char *at = text; *at != '\0';) {
    const char *found = find_slot(at, &slot);
    Slice literal = {at, found != NULL ? (gsize)(found - at) : strlen(at)};
    if (plain) {
      g_string_append_len(out, literal.data, (gssize)literal.length);
    } else {
      quoted_printable_add(out, literal, "\n", &column);
    }
    at += literal.length;
    if (found == NULL) {
      break;
    }
    if (!plain) {
      quoted_printable_break(out, "\n", &column);
    }
    append_mark(out, slot, slot != LETTER_SLOT_GREETING ? 'r' : html ? 'x' : 'q');
    at += strlen(LETTER_SLOT_TEXT[slot]);
    if (!plain && *at != '\n' && *at != '\0') {
      g_string_append(out, "=\n");
    }
  }
  if (out->len == 0 || out->str[out->len - 1] != '\n') {
    g_string_append_c(out, '\n');
  }
  *ret_encoding = plain ? GMIME_CONTENT_ENCODING_7BIT : GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE;
  return out;
}

static GMimeObject *text_part(const char *subtype, const char *text, gboolean html) {
  GMimeContentEncoding encoding = GMIME_CONTENT_ENCODING_7BIT;
  GString *encoded = encode(text, html, &encoding);
  GMimePart *part = g_mime_part_new_with_type("text", subtype);
  g_mime_object_set_content_type_parameter((GMimeObject *)part, "charset", "utf-8");
  GMimeStream *stream = g_mime_stream_mem_new_with_buffer(encoded->str, encoded->len);
  GMimeDataWrapper *wrapper = g_mime_data_wrapper_new_with_stream(stream, encoding);
  g_mime_part_set_content(part, wrapper);
  g_mime_part_set_content_encoding(part, encoding);
  g_object_unref(wrapper);
  g_object_unref(stream);
  g_string_free(encoded, TRUE);
  return (GMimeObject *)part;
}

static GMimeObject *attachment_part(const LetterSource *source) {
  g_auto(GStrv) type = g_strsplit(source->attachment_type, "/", 2);
  GMimePart *part = g_mime_part_new_with_type(type[0], type[1] != NULL ? type[1] : "octet-stream");
  gsize length = 0;
  const char *data = g_bytes_get_data(source->attachment, &length);
  GMimeStream *stream = g_mime_stream_mem_new_with_buffer(data, length);
  GMimeDataWrapper *wrapper =
      g_mime_data_wrapper_new_with_stream(stream, GMIME_CONTENT_ENCODING_DEFAULT);
  g_mime_part_set_content(part, wrapper);
  g_mime_part_set_content_encoding(part, GMIME_CONTENT_ENCODING_BASE64);
  g_mime_part_set_filename(part, source->attachment_name);
  g_mime_object_set_disposition((GMimeObject *)part, GMIME_DISPOSITION_ATTACHMENT);
  g_object_unref(wrapper);
  g_object_unref(stream);
  return (GMimeObject *)part;
}

static GMimeMultipart *multipart(const char *subtype, const LetterSource *source, int number) {
  GMimeMultipart *made = g_mime_multipart_new_with_subtype(subtype);
  g_autofree char *seed = g_strdup_printf("%s %d", source->boundary_seed, number);
  g_autofree char *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, seed, -1);
  hash[32] = '\0';
  g_autofree char *boundary =
      g_strconcat("=_", hash, NULL); // '=' and '_' together: never in a part
  g_mime_multipart_set_boundary(made, boundary);
  return made;
}

static void add_part(GMimeMultipart *to, GMimeObject *part) {
  g_mime_multipart_add(to, part);
  g_object_unref(part);
}

static GMimeObject *body_of(const LetterSource *source) {
  GMimeObject *body = text_part("plain", source->text, FALSE);
  if (*source->html != '\0') {
    GMimeMultipart *alternative = multipart("alternative", source, 1);
    add_part(alternative, body);
    add_part(alternative, text_part("html", source->html, TRUE));
    body = (GMimeObject *)alternative;
  }
  if (source->attachment != NULL) {
    GMimeMultipart *mixed = multipart("mixed", source, 2);
    add_part(mixed, body);
    add_part(mixed, attachment_part(source));
    body = (GMimeObject *)mixed;
  }
  return body;
}

// ---- the header -------------------------------------------------------------------------------

static gboolean is_line(const char *text) {
  for (; *text != '\0'; text++) {
    if ((guchar)*text < 0x20 || *text == 0x7F) {
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean check(const LetterSource *source, GError **error) {
  const struct {
    const char *field, *value;
  } VALUES[] = {{"From", source->sender_name},
                {"From", source->sender_address},
                {"Reply-To", source->reply_to},
                {"Subject", source->subject},
                {"Message-ID", source->message_domain},
                {"Content-Language", source->language},
                {"List-Id", source->list_id},
                {"List-Unsubscribe", source->list_unsubscribe_url},
                {"List-Unsubscribe", source->list_unsubscribe_address},
                {"List-Help", source->list_help},
                {"List-Archive", source->list_archive},
                {"Feedback-ID", source->feedback_id}};
  for (gsize i = 0; i < G_N_ELEMENTS(VALUES); i++) {
    if (!g_utf8_validate(VALUES[i].value, -1, NULL) || !is_line(VALUES[i].value) ||
        strlen(VALUES[i].value) > SUBJECT_MOST) {
      return refuse(error, LETTER_ERROR_HEADER, VALUES[i].field,
                    "it must be one line of UTF-8 of at most 900 bytes");
    }
  }
  for (guint i = 0; source->extra != NULL && source->extra[i] != NULL; i++) {
    if (!is_line(source->extra[i]) || !g_utf8_validate(source->extra[i], -1, NULL)) {
      return refuse(error, LETTER_ERROR_HEADER, "extra header", "it must be one line of UTF-8");
    }
  }
  return strchr(source->sender_address, '@') != NULL ||
         refuse(error, LETTER_ERROR_HEADER, "From", "the sender's address has no @");
}

// A value that is written as it stands here: GMime would fold it wherever it likes.
static void set_raw(GMimeMessage *message, const char *name, const char *value) {
  g_mime_object_append_header((GMimeObject *)message, name, "x", "utf-8");
  GMimeHeaderList *list = g_mime_object_get_header_list((GMimeObject *)message);
  g_autofree char *raw = g_strconcat(" ", value, "\n", NULL);
  g_mime_header_set_raw_value(g_mime_header_list_get_header(list, name), raw);
}

static void set_unsubscribe(GMimeMessage *message, const LetterSource *source) {
  g_autoptr(GString) value = g_string_new(NULL);
  g_string_append_printf(value, "<%s", source->list_unsubscribe_url);
  append_mark(value, LETTER_SLOT_UNSUBSCRIBE, 'r');
  g_string_append_c(value, '>');
  if (*source->list_unsubscribe_address != '\0') {
    g_string_append_printf(value, ",\n <mailto:%s?subject=unsubscribe-",
                           source->list_unsubscribe_address);
    append_mark(value, LETTER_SLOT_UNSUBSCRIBE, 'r');
    g_string_append_c(value, '>');
  }
  set_raw(message, "List-Unsubscribe", value->str);
  set_raw(message, "List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
}

static void set_bracketed(GMimeMessage *message, const char *name, const char *url) {
  if (*url != '\0') {
    g_autofree char *value = g_strdup_printf("<%s>", url);
    set_raw(message, name, value);
  }
}

// "Name <id>": the name encoded if it must be.
static void set_list_id(GMimeMessage *message, const char *list_id) {
  const char *bracket = strrchr(list_id, '<');
  if (bracket == NULL) {
    return;
  }
  g_autofree char *name = g_strchomp(g_strndup(list_id, (gsize)(bracket - list_id)));
  g_autofree char *encoded = g_mime_utils_header_encode_phrase(NULL, name, "utf-8");
  g_autofree char *value = g_strdup_printf("%s\n %s", encoded, bracket);
  set_raw(message, "List-Id", *name != '\0' ? value : bracket);
}

static void set_list_fields(GMimeMessage *message, const LetterSource *source) {
  set_list_id(message, source->list_id);
  set_unsubscribe(message, source);
  set_bracketed(message, "List-Help", source->list_help);
  set_bracketed(message, "List-Archive", source->list_archive);
  if (*source->feedback_id != '\0') {
    set_raw(message, "Feedback-ID", source->feedback_id);
  }
}

static void set_mark(GMimeMessage *message, const char *name, const char *before, guint slot,
                     char way, const char *after) {
  g_autoptr(GString) value = g_string_new(before);
  append_mark(value, slot, way);
  g_string_append(value, after);
  set_raw(message, name, value->str);
}

static GMimeMessage *compose(const LetterSource *source) {
  GMimeMessage *message = g_mime_message_new(FALSE);
  g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc(source->date / CLOCK_SECOND);
  g_autofree char *domain = g_strconcat("@", source->message_domain, ">", NULL);
  g_mime_message_add_mailbox(message, GMIME_ADDRESS_TYPE_FROM,
                             *source->sender_name != '\0' ? source->sender_name : NULL,
                             source->sender_address);
  set_mark(message, "To", "", LETTER_SLOT_TO, 'h', "");
  if (*source->reply_to != '\0') {
    g_mime_message_add_mailbox(message, GMIME_ADDRESS_TYPE_REPLY_TO, NULL, source->reply_to);
  }
  g_mime_message_set_subject(message, source->subject, "utf-8");
  g_mime_message_set_date(message, date);
  set_mark(message, "Message-ID", "<", LETTER_SLOT_MESSAGE_ID, 'r', domain);
  if (*source->language != '\0') {
    set_raw(message, "Content-Language", source->language);
  }
  if (source->transactional) {
    set_raw(message, "Auto-Submitted", "auto-generated");
  } else {
    set_list_fields(message, source);
  }
  for (guint i = 0;
       source->extra != NULL && source->extra[i] != NULL && source->extra[i + 1] != NULL; i += 2) {
    g_mime_object_append_header((GMimeObject *)message, source->extra[i], source->extra[i + 1],
                                "utf-8");
  }
  GMimeObject *body = body_of(source);
  g_mime_message_set_mime_part(message, body);
  g_object_unref(body);
  return message;
}

// ---- the frozen form --------------------------------------------------------------------------

// LF to CRLF, marks to slots. FALSE if a line is longer than SMTP allows.
static gboolean freeze(GString *out, const char *text) {
  gsize line = 0;
  for (const char *at = text; *at != '\0';) {
    if (*at == MARK[0] && g_str_has_prefix(at, MARK) && at[strlen(MARK)] != '\0') {
      g_string_append_c(out, '\x01');
      g_string_append_len(out, at + strlen(MARK), 2);
      at += strlen(MARK) + 2;
      line += 60; // as long as a token gets
      continue;
    }
    if (*at == '\n') {
      g_string_append(out, "\r\n");
      line = 0;
    } else if (*at != '\r') {
      g_string_append_c(out, *at);
      line++;
    }
    if (line > LINE_MOST) {
      return FALSE;
    }
    at++;
  }
  return TRUE;
}

char *mime_build(const LetterSource *source, GError **error) {
  if (!check(source, error)) {
    return NULL;
  }
  if (!g_utf8_validate(source->text, -1, NULL) || !g_utf8_validate(source->html, -1, NULL)) {
    refuse(error, LETTER_ERROR_FORM, "body", "it is not UTF-8");
    return NULL;
  }
  initialise();
  GMimeMessage *message = compose(source);
  g_autofree char *text = g_mime_object_to_string((GMimeObject *)message, NULL);
  g_object_unref(message);
  g_autoptr(GString) out = g_string_sized_new(strlen(text) * 9 / 8);
  g_string_append_printf(out, "letter 1 %" G_GINT64_FORMAT "\n", source->date);
  if (!freeze(out, text)) {
    refuse(error, LETTER_ERROR_TOO_LONG, "message", "a line is longer than 998 characters");
    return NULL;
  }
  return g_string_free(g_steal_pointer(&out), FALSE);
}
