// SPDX-License-Identifier: Apache-2.0
//
// Implements letter.h: cuts the frozen form (press/mime.c describes it) into pieces, and fills in
// one recipient. What is the same for all is neither copied nor hashed again.
#include "mail/letter.h"

#include <string.h>

#include "base/html_writer.h"
#include "press/quoted_printable.h"

#define FORM_MOST (64 * 1024 * 1024)
#define NAME_CHARACTERS 100
#define NO_SLOT LETTER_SLOT_COUNT

// A literal, or a slot.
typedef struct Piece {
  guint slot; // NO_SLOT: a literal
  char way;
  Slice plain, stuffed; // the same bytes unless a line begins with a dot
  DkimPart part;        // of a literal in the body: as it is hashed
} Piece;

static void piece_clear(gpointer data) {
  g_clear_pointer(&((Piece *)data)->part.relaxed, g_bytes_unref);
}

struct LetterForm {
  char *text;            // owns the literals
  GPtrArray *extra;      // stuffed copies
  GArray *header, *body; // Piece
  DkimBody *prefix;      // of the body up to its first slot
  guint prefix_pieces;
  gsize size;
  gint64 date;
  gboolean eight_bit;
};

static gboolean refuse(GError **error, const char *why) {
  g_set_error(error, LETTER_ERROR, LETTER_ERROR_FORM, "the frozen letter can't be read: %s", why);
  return FALSE;
}

// Doubles the dots that begin a line; `fresh`: the literal begins one. NULL when there is none.
static char *stuff(Slice literal, gboolean fresh, gsize *ret_length) {
  gsize dots = 0;
  for (gsize i = 0; i < literal.length; i++) {
    gboolean begins = i == 0 ? fresh : literal.data[i - 1] == '\n';
    dots += begins && literal.data[i] == '.' ? 1 : 0;
  }
  if (dots == 0) {
    return NULL;
  }
  char *out = g_malloc(literal.length + dots);
  gsize length = 0;
  for (gsize i = 0; i < literal.length; i++) {
    gboolean begins = i == 0 ? fresh : literal.data[i - 1] == '\n';
    if (begins && literal.data[i] == '.') {
      out[length++] = '.';
    }
    out[length++] = literal.data[i];
  }
  *ret_length = length;
  return out;
}

static void add_literal(LetterForm *form, GArray *pieces, Slice literal, gboolean fresh) {
  if (literal.length == 0) {
    return;
  }
  Piece piece = {.slot = NO_SLOT, .plain = literal, .stuffed = literal};
  gsize length = 0;
  char *stuffed = stuff(literal, fresh, &length);
  if (stuffed != NULL) {
    g_ptr_array_add(form->extra, stuffed);
    piece.stuffed = (Slice){stuffed, length};
  }
  for (gsize i = 0; i < literal.length && !form->eight_bit; i++) {
    form->eight_bit = (guchar)literal.data[i] > 127;
  }
  form->size += piece.stuffed.length;
  g_array_append_val(pieces, piece);
}

static gboolean cut(LetterForm *form, GArray *pieces, Slice text, GError **error) {
  gboolean fresh = TRUE;
  while (text.length > 0) {
    gssize mark = slice_find_char(text, '\x01');
    gsize length = mark >= 0 ? (gsize)mark : text.length;
    add_literal(form, pieces, slice_range(text, 0, length), fresh);
    if (mark < 0) {
      return TRUE;
    }
    if (text.length < length + 3) {
      return refuse(error, "it ends within a slot");
    }
    Piece slot = {.slot = (guint)(guchar)text.data[length + 1] - 'A', .way = text.data[length + 2]};
    if (slot.slot >= LETTER_SLOT_COUNT || strchr("hrqx", slot.way) == NULL || slot.way == '\0') {
      return refuse(error, "it has a slot that this version does not know");
    }
    g_array_append_val(pieces, slot);
    text = slice_from(text, length + 3);
    fresh = FALSE;
  }
  return TRUE;
}

static void hash_prefix(LetterForm *form) {
  form->prefix = dkim_body_new();
  while (form->prefix_pieces < form->body->len) {
    const Piece *piece = &g_array_index(form->body, Piece, form->prefix_pieces);
    if (piece->slot != NO_SLOT) {
      break;
    }
    dkim_body_add(form->prefix, piece->plain);
    form->prefix_pieces++;
  }
  for (guint i = form->prefix_pieces; i < form->body->len; i++) {
    Piece *piece = &g_array_index(form->body, Piece, i);
    if (piece->slot == NO_SLOT) {
      piece->part = dkim_part_new(piece->plain);
    }
  }
}

// "letter 1 1795771800000000\n"
static gboolean read_head(Slice *text, gint64 *ret_date, GError **error) {
  Slice line;
  guint64 date = 0;
  if (!slice_next_line(text, &line) || !slice_starts_with(line, "letter 1 ") ||
      !slice_parse_uint(slice_from(line, strlen("letter 1 ")), G_MAXINT64, &date)) {
    return refuse(error, "it is of another version, or damaged");
  }
  *ret_date = (gint64)date;
  return TRUE;
}

LetterForm *letter_form_read(Slice frozen, GError **error) {
  if (frozen.length > FORM_MOST || memchr(frozen.data, '\0', frozen.length) != NULL) {
    refuse(error, "it is too large, or has a NUL");
    return NULL;
  }
  g_autoptr(LetterForm) form = g_new0(LetterForm, 1);
  form->text = slice_dup(frozen);
  form->extra = g_ptr_array_new_with_free_func(g_free);
  form->header = g_array_new(FALSE, TRUE, sizeof(Piece));
  form->body = g_array_new(FALSE, TRUE, sizeof(Piece));
  g_array_set_clear_func(form->body, piece_clear);
  Slice text = {form->text, frozen.length};
  if (!read_head(&text, &form->date, error)) {
    return NULL;
  }
  const char *gap = g_strstr_len(text.data, (gssize)text.length, "\r\n\r\n");
  if (gap == NULL || !slice_ends_with(text, "\r\n")) {
    refuse(error, "it has no header, or its last line no end");
    return NULL;
  }
  gsize header = (gsize)(gap - text.data) + 2;
  if (!cut(form, form->header, slice_range(text, 0, header), error) ||
      !cut(form, form->body, slice_from(text, header + 2), error)) {
    return NULL;
  }
  hash_prefix(form);
  return g_steal_pointer(&form);
}

void letter_form_free(LetterForm *form) {
  if (form != NULL) {
    g_clear_pointer(&form->header, g_array_unref);
    g_clear_pointer(&form->body, g_array_unref);
    g_clear_pointer(&form->extra, g_ptr_array_unref);
    dkim_body_free(form->prefix);
    g_free(form->text);
    g_free(form);
  }
}

gsize letter_form_size(const LetterForm *form) {
  return form->size;
}

gboolean letter_form_is_eight_bit(const LetterForm *form) {
  return form->eight_bit;
}

// ---- one recipient ----------------------------------------------------------------------------

typedef struct WholeLetter {
  Letter letter; // first: what callers hold
  struct iovec *pieces;
  GString *head; // signature, header, empty line
  GStringChunk *slots;
} WholeLetter;

// One line of letters that people see: no controls, none of the marks that turn text around.
static char *clean_name(const char *name) {
  g_autoptr(GString) out = g_string_new(NULL);
  glong count = 0;
  for (const char *at = name; *at != '\0' && count < NAME_CHARACTERS; at = g_utf8_next_char(at)) {
    gunichar letter = g_utf8_get_char(at);
    GUnicodeType type = g_unichar_type(letter);
    if (type == G_UNICODE_CONTROL || type == G_UNICODE_FORMAT || type == G_UNICODE_SURROGATE ||
        type == G_UNICODE_UNASSIGNED || type == G_UNICODE_LINE_SEPARATOR ||
        type == G_UNICODE_PARAGRAPH_SEPARATOR) {
      letter = ' ';
    }
    if (letter != ' ' || (out->len > 0 && out->str[out->len - 1] != ' ')) {
      g_string_append_unichar(out, letter);
      count++;
    }
  }
  return g_strchomp(g_string_free(g_steal_pointer(&out), FALSE));
}

// RFC 2047 in base64, whole letters in each word, words folded.
static void append_encoded_words(GString *out, const char *name) {
  while (*name != '\0') {
    const char *end = name;
    while (*end != '\0' && g_utf8_next_char(end) - name <= 42) {
      end = g_utf8_next_char(end);
    }
    g_autofree char *base64 = g_base64_encode((const guchar *)name, (gsize)(end - name));
    g_string_append_printf(out, "=?utf-8?B?%s?=\r\n ", base64);
    name = end;
  }
}

static void append_to(GString *out, const char *name, const char *address) {
  if (*name == '\0') {
    g_string_append(out, address);
    return;
  }
  if (g_str_is_ascii(name)) {
    g_string_append_c(out, '"');
    for (; *name != '\0'; name++) {
      if (*name == '"' || *name == '\\') {
        g_string_append_c(out, '\\');
      }
      g_string_append_c(out, *name);
    }
    g_string_append(out, "\" ");
  } else {
    append_encoded_words(out, name);
  }
  g_string_append_printf(out, "<%s>", address);
}

static const char *or_nothing(const char *text) {
  return text != NULL ? text : "";
}

static const char *token_of(const LetterRecipient *recipient, guint slot) {
  switch (slot) {
  case LETTER_SLOT_MESSAGE_ID:
    return or_nothing(recipient->message_id);
  case LETTER_SLOT_UNSUBSCRIBE:
    return or_nothing(recipient->unsubscribe);
  case LETTER_SLOT_READER:
    return or_nothing(recipient->reader);
  case LETTER_SLOT_OPEN:
    return or_nothing(recipient->open);
  case LETTER_SLOT_CLICK:
    return or_nothing(recipient->click);
  case LETTER_SLOT_EDITION:
    return or_nothing(recipient->edition);
  default:
    return "";
  }
}

static void append_slot(GString *out, const Piece *piece, const LetterRecipient *recipient,
                        const char *name) {
  if (piece->slot == LETTER_SLOT_TO) {
    append_to(out, name, recipient->address);
  } else if (piece->slot != LETTER_SLOT_GREETING) {
    g_string_append(out, token_of(recipient, piece->slot));
  } else if (*name != '\0') {
    g_autoptr(GString) greeting = g_string_new(" ");
    if (piece->way == 'x') {
      html_write_text(greeting, name);
    } else {
      g_string_append(greeting, name);
    }
    guint column = 0;
    quoted_printable_add(out, (Slice){greeting->str, greeting->len}, "\r\n", &column);
  }
}

static GString *fill_header(const LetterForm *form, const LetterRecipient *recipient,
                            const char *name) {
  GString *out = g_string_sized_new(3072);
  for (guint i = 0; i < form->header->len; i++) {
    const Piece *piece = &g_array_index(form->header, Piece, i);
    if (piece->slot == NO_SLOT) {
      g_string_append_len(out, piece->plain.data, (gssize)piece->plain.length);
    } else {
      append_slot(out, piece, recipient, name);
    }
  }
  return out;
}

// The body's pieces, shared or filled. `hash` may be NULL.
static guint fill_body(const LetterForm *form, const LetterRecipient *recipient, const char *name,
                       WholeLetter *whole, DkimBody *hash) {
  guint count = 1;
  g_autoptr(GString) slot = g_string_new(NULL);
  for (guint i = 0; i < form->body->len; i++) {
    const Piece *piece = &g_array_index(form->body, Piece, i);
    Slice plain = piece->plain;
    Slice stuffed = piece->stuffed;
    if (piece->slot != NO_SLOT) {
      g_string_truncate(slot, 0);
      append_slot(slot, piece, recipient, name);
      plain.data = g_string_chunk_insert_len(whole->slots, slot->str, (gssize)slot->len);
      plain.length = slot->len;
      stuffed = plain;
    }
    if (hash != NULL && piece->part.relaxed != NULL) {
      dkim_body_add_part(hash, &piece->part);
    } else if (hash != NULL && i >= form->prefix_pieces) {
      dkim_body_add(hash, plain);
    }
    if (stuffed.length > 0) {
      whole->pieces[count++] = (struct iovec){(void *)stuffed.data, stuffed.length};
    }
  }
  return count;
}

void letter_free(Letter *letter) {
  if (letter != NULL) {
    WholeLetter *whole = (WholeLetter *)(void *)letter;
    g_free(whole->pieces);
    g_string_free(whole->head, TRUE);
    g_string_chunk_free(whole->slots);
    g_free(whole);
  }
}

static gboolean sign(const LetterForm *form, const DkimSigner *signer, DkimBody *hash,
                     WholeLetter *whole, const GString *header, GError **error) {
  guint8 digest[32];
  dkim_body_finish(hash, digest);
  GString *signature =
      dkim_sign(signer, (Slice){header->str, header->len}, digest, form->date, error);
  if (signature == NULL) {
    return FALSE;
  }
  g_string_free(whole->head, TRUE);
  whole->head = signature;
  return TRUE;
}

Letter *letter_fill(const LetterForm *form, const LetterRecipient *recipient,
                    const DkimSigner *signer, GError **error) {
  g_autofree char *name = clean_name(or_nothing(recipient->name));
  g_autoptr(GString) header = fill_header(form, recipient, name);
  WholeLetter *whole = g_new0(WholeLetter, 1);
  whole->pieces = g_new(struct iovec, form->body->len + 1);
  whole->head = g_string_sized_new(0);
  whole->slots = g_string_chunk_new(512);
  g_autoptr(DkimBody) hash = signer != NULL ? dkim_body_copy(form->prefix) : NULL;
  guint count = fill_body(form, recipient, name, whole, hash);
  if (signer != NULL && !sign(form, signer, hash, whole, header, error)) {
    letter_free(&whole->letter);
    return NULL;
  }
  g_string_append_len(whole->head, header->str, (gssize)header->len);
  g_string_append(whole->head, "\r\n");
  whole->pieces[0] = (struct iovec){whole->head->str, whole->head->len};
  whole->letter =
      (Letter){.bytes = whole->pieces, .count = count, .utf8 = !g_str_is_ascii(recipient->address)};
  for (guint i = 0; i < count; i++) {
    whole->letter.size += whole->pieces[i].iov_len;
  }
  return &whole->letter;
}

GString *letter_text(const Letter *letter, gboolean crlf) {
  GString *out = g_string_sized_new(letter->size);
  gboolean fresh = TRUE;
  for (guint i = 0; i < letter->count; i++) {
    const char *bytes = letter->bytes[i].iov_base;
    for (gsize at = 0; at < letter->bytes[i].iov_len; at++) {
      gboolean doubled = fresh && bytes[at] == '.';
      fresh = bytes[at] == '\n';
      if (!doubled && (crlf || bytes[at] != '\r')) {
        g_string_append_c(out, bytes[at]);
      }
    }
  }
  return out;
}
