// SPDX-License-Identifier: Apache-2.0
//
// Implements dkim.h.
#include "mail/dkim.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/digest.h"
#include "base/public_key.h"

G_DEFINE_QUARK(broadsheet - dkim - error, dkim_error)

struct DkimKey {
  PublicKey *key;
};

static DkimKey *wrap(PublicKey *key) {
  if (key == NULL) {
    return NULL;
  }
  DkimKey *wrapped = g_new(DkimKey, 1);
  wrapped->key = key;
  return wrapped;
}

DkimKey *dkim_key_generate(DkimAlgorithm algorithm, GError **error) {
  return wrap(public_key_generate(
      algorithm == DKIM_RSA_SHA256 ? PUBLIC_KEY_RSA : PUBLIC_KEY_ED25519, error));
}

DkimKey *dkim_key_load(const char *path, GError **error) {
  g_autofree char *text = NULL;
  gsize length = 0;
  if (!g_file_get_contents(path, &text, &length, error)) {
    g_prefix_error(error, "the DKIM key can't be read: ");
    return NULL;
  }
  DkimKey *key = wrap(public_key_read((Slice){text, length}, error));
  if (key == NULL) {
    g_prefix_error(error,
                   "%s: make another with `broadsheet dkim new`, this one can't be used: ", path);
  }
  return key;
}

gboolean dkim_key_save(const DkimKey *key, const char *path, GError **error) {
  g_autofree char *text = public_key_write(key->key, error);
  if (text == NULL) {
    return FALSE;
  }
  int file = g_open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  gsize length = strlen(text);
  gboolean written = file >= 0 && write(file, text, length) == (gssize)length && fsync(file) == 0;
  if (!written) {
    g_set_error(error, DKIM_ERROR, DKIM_ERROR_FILE, "%s can't be written: %s%s", path,
                g_strerror(errno),
                errno == EEXIST ? "; a key is never overwritten, choose another selector" : "");
  }
  if (file >= 0) {
    close(file);
  }
  return written;
}

void dkim_key_free(DkimKey *key) {
  if (key != NULL) {
    public_key_free(key->key);
    g_free(key);
  }
}

DkimAlgorithm dkim_key_algorithm(const DkimKey *key) {
  return public_key_kind(key->key) == PUBLIC_KEY_RSA ? DKIM_RSA_SHA256 : DKIM_ED25519_SHA256;
}

char *dkim_key_record(const DkimKey *key) {
  g_autofree char *base64 = public_key_base64(key->key);
  return g_strdup_printf("v=DKIM1; k=%s; p=%s",
                         dkim_key_algorithm(key) == DKIM_RSA_SHA256 ? "rsa" : "ed25519", base64);
}

// ---- the body ---------------------------------------------------------------------------------

// Relaxed (RFC 6376 3.4.4): runs of blanks are one space, none before a line's end, no empty lines
// at the end. What is not yet sure to count (blanks, line ends) is only remembered.
struct DkimBody {
  Digest *digest;
  GString *text;     // in place of the digest: what would be hashed
  gsize empty_lines; // ended lines that nothing has followed
  gboolean blank;    // a run of blanks that nothing has followed
  gboolean ever;     // there was something but empty lines
  gboolean carriage; // the last byte was CR
};

DkimBody *dkim_body_new(void) {
  DkimBody *body = g_new0(DkimBody, 1);
  body->digest = digest_new();
  return body;
}

static void put(DkimBody *body, Slice bytes) {
  if (body->text != NULL) {
    g_string_append_len(body->text, bytes.data, (gssize)bytes.length);
  } else {
    digest_add(body->digest, bytes);
  }
}

DkimBody *dkim_body_copy(const DkimBody *body) {
  DkimBody *copy = g_memdup2(body, sizeof *body);
  copy->digest = digest_copy(body->digest);
  return copy;
}

void dkim_body_free(DkimBody *body) {
  if (body != NULL) {
    digest_free(body->digest);
    g_free(body);
  }
}

static void add_line_ends(DkimBody *body) {
  for (; body->empty_lines > 0; body->empty_lines--) {
    put(body, slice_of("\r\n"));
  }
}

static void add_text(DkimBody *body, Slice text) {
  add_line_ends(body);
  if (body->blank) {
    put(body, slice_of(" "));
    body->blank = FALSE;
  }
  put(body, text);
  body->ever = TRUE;
}

static gboolean is_plain(char byte) {
  return byte != ' ' && byte != '\t' && byte != '\r' && byte != '\n';
}

void dkim_body_add(DkimBody *body, Slice bytes) {
  for (gsize at = 0; at < bytes.length;) {
    char byte = bytes.data[at];
    if (body->carriage && byte != '\n') {
      add_text(body, slice_of("\r")); // a lone CR is text
    }
    body->carriage = FALSE;
    if (is_plain(byte)) {
      // A single blank between words stays as it is, so that most of a line is hashed at once.
      gsize end = at + 1;
      while (end < bytes.length &&
             (is_plain(bytes.data[end]) || (bytes.data[end] == ' ' && end + 1 < bytes.length &&
                                            is_plain(bytes.data[end + 1])))) {
        end++;
      }
      add_text(body, slice_range(bytes, at, end - at));
      at = end;
      continue;
    }
    if (byte == '\r') {
      body->carriage = TRUE;
    } else if (byte == '\n') {
      body->empty_lines++;
      body->blank = FALSE;
    } else {
      body->blank = TRUE;
    }
    at++;
  }
}

DkimPart dkim_part_new(Slice bytes) {
  gsize from = 0;
  gsize end = bytes.length;
  while (from < end && !is_plain(bytes.data[from])) {
    from++;
  }
  while (end > from && !is_plain(bytes.data[end - 1])) {
    end--;
  }
  DkimBody relaxing = {.text = g_string_sized_new(end - from)};
  dkim_body_add(&relaxing, slice_range(bytes, from, end - from));
  return (DkimPart){.before = slice_range(bytes, 0, from),
                    .relaxed = g_string_free_to_bytes(relaxing.text),
                    .after = slice_from(bytes, end)};
}

void dkim_body_add_part(DkimBody *body, const DkimPart *part) {
  gsize length = 0;
  const char *relaxed = g_bytes_get_data(part->relaxed, &length);
  dkim_body_add(body, part->before);
  if (length > 0) {
    if (body->carriage) { // a lone CR is text
      add_text(body, slice_of("\r"));
      body->carriage = FALSE;
    }
    add_text(body, (Slice){relaxed, length});
  }
  dkim_body_add(body, part->after);
}

void dkim_body_finish(DkimBody *body, guint8 ret_digest[32]) {
  // The last line that has something ends with one CRLF; empty ones after it don't count, and a
  // body of nothing but empty lines is empty.
  if (body->ever) {
    digest_add(body->digest, slice_of("\r\n"));
  }
  digest_finish(body->digest, ret_digest);
}

// ---- the header -------------------------------------------------------------------------------

typedef struct Identity {
  char *domain, *selector;
  const DkimKey *key;
} Identity;

struct DkimSigner {
  Identity *identities;
  guint count;
};

DkimSigner *dkim_signer_new(const DkimIdentity *identities, guint count, GError **error) {
  if (count == 0) {
    g_set_error(error, DKIM_ERROR, DKIM_ERROR_KEY, "there is no DKIM key");
    return NULL;
  }
  DkimSigner *signer = g_new0(DkimSigner, 1);
  signer->identities = g_new0(Identity, count);
  signer->count = count;
  for (guint i = 0; i < count; i++) {
    signer->identities[i] = (Identity){g_strdup(identities[i].domain),
                                       g_strdup(identities[i].selector), identities[i].key};
  }
  return signer;
}

void dkim_signer_free(DkimSigner *signer) {
  for (guint i = 0; signer != NULL && i < signer->count; i++) {
    g_free(signer->identities[i].domain);
    g_free(signer->identities[i].selector);
  }
  if (signer != NULL) {
    g_free(signer->identities);
    g_free(signer);
  }
}

// In this order. Oversigned: one more than there is, so that none can be added under our name.
static const struct {
  const char *name;
  gboolean oversigned;
} SIGNED[] = {{"From", TRUE},
              {"To", TRUE},
              {"Subject", TRUE},
              {"Date", TRUE},
              {"Message-ID", TRUE},
              {"Reply-To", TRUE},
              {"MIME-Version", FALSE},
              {"Content-Type", TRUE},
              {"Content-Transfer-Encoding", FALSE},
              {"List-Id", FALSE},
              {"List-Unsubscribe", TRUE},
              {"List-Unsubscribe-Post", TRUE}};

typedef struct Field {
  Slice name, value; // value: after the colon, folded as it is, without the last CRLF
} Field;

// Cuts the next field, with its folded lines, off the front.
static gboolean next_field(Slice *rest, Field *ret_field) {
  if (rest->length == 0) {
    return FALSE;
  }
  gsize end = 0;
  do {
    const char *line_end = memchr(rest->data + end, '\n', rest->length - end);
    end = line_end != NULL ? (gsize)(line_end - rest->data) + 1 : rest->length;
  } while (end < rest->length && (rest->data[end] == ' ' || rest->data[end] == '\t'));
  Slice field = slice_range(*rest, 0, end);
  *rest = slice_from(*rest, end);
  gssize colon = slice_find_char(field, ':');
  gsize name = colon >= 0 ? (gsize)colon : field.length;
  ret_field->name = slice_trim(slice_range(field, 0, name));
  ret_field->value = colon >= 0 ? slice_from(field, name + 1) : (Slice){field.data, 0};
  return TRUE;
}

// "subject:the words" (RFC 6376 3.4.2), without its CRLF.
static void write_relaxed(GString *out, Slice name, Slice value) {
  for (gsize i = 0; i < name.length; i++) {
    g_string_append_c(out, g_ascii_tolower(name.data[i]));
  }
  g_string_append_c(out, ':');
  gboolean blank = FALSE;
  gboolean any = FALSE;
  for (gsize i = 0; i < value.length; i++) {
    if (!is_plain(value.data[i])) {
      blank = any;
      continue;
    }
    if (blank) {
      g_string_append_c(out, ' ');
      blank = FALSE;
    }
    g_string_append_c(out, value.data[i]);
    any = TRUE;
  }
}

typedef struct SignedHeader {
  GString *canonical; // the signed fields, each with CRLF
  GString *names;     // "From:From:To…"
} SignedHeader;

static guint append_fields(GString *out, const GArray *fields, const char *name) {
  guint count = 0;
  for (guint i = 0; i < fields->len; i++) {
    const Field *field = &g_array_index(fields, Field, i);
    if (slice_equal_text_nocase(field->name, name)) {
      write_relaxed(out, field->name, field->value);
      g_string_append_len(out, "\r\n", 2);
      count++;
    }
  }
  return count;
}

static SignedHeader gather(Slice header) {
  SignedHeader gathered = {g_string_sized_new(header.length), g_string_sized_new(512)};
  g_autoptr(GArray) fields = g_array_sized_new(FALSE, FALSE, sizeof(Field), 32);
  for (Field field; next_field(&header, &field);) {
    g_array_append_val(fields, field);
  }
  for (gsize i = 0; i < G_N_ELEMENTS(SIGNED); i++) {
    guint count = append_fields(gathered.canonical, fields, SIGNED[i].name);
    for (guint n = 0; n < count + (SIGNED[i].oversigned ? 1 : 0); n++) {
      if (gathered.names->len > 0) {
        g_string_append_c(gathered.names, ':');
      }
      g_string_append(gathered.names, SIGNED[i].name);
    }
  }
  return gathered;
}

// Folded so that no line is longer than 76: text goes on after "\r\n\t" at a ':' or anywhere in
// base64.
static void append_folded(GString *out, const char *text, char at) {
  const char *line = memrchr(out->str, '\n', out->len);
  gsize column = out->len - (line != NULL ? (gsize)(line + 1 - out->str) : 0);
  for (const char *from = text; *text != '\0'; from = text) {
    gboolean folds = FALSE;
    while (*text != '\0' && !folds) {
      column++;
      folds = (at == '\0' && column >= 74) || (at != '\0' && *text == at && column >= 60);
      text++;
    }
    g_string_append_len(out, from, text - from);
    if (folds && *text != '\0') {
      g_string_append_len(out, "\r\n\t", 3);
      column = 1;
    }
  }
}

static gboolean sign_one(const Identity *identity, const SignedHeader *header,
                         const char *body_hash, gint64 when, GString *out, GError **error) {
  g_autoptr(GString) field = g_string_new("DKIM-Signature: v=1; a=");
  g_string_append(field, dkim_key_algorithm(identity->key) == DKIM_RSA_SHA256 ? "rsa-sha256"
                                                                              : "ed25519-sha256");
  g_string_append_printf(field,
                         "; c=relaxed/relaxed;\r\n\td=%s; s=%s; t=%" G_GINT64_FORMAT ";\r\n\th=",
                         identity->domain, identity->selector, when / CLOCK_SECOND);
  append_folded(field, header->names->str, ':');
  g_string_append_printf(field, ";\r\n\tbh=%s;\r\n\tb=", body_hash);
  g_autoptr(GString) all = g_string_new_len(header->canonical->str, (gssize)header->canonical->len);
  gsize name = strlen("DKIM-Signature");
  write_relaxed(all, (Slice){field->str, name},
                (Slice){field->str + name + 1, field->len - name - 1});
  guint8 digest[DIGEST_BYTES];
  digest_of((Slice){all->str, all->len}, digest);
  g_autoptr(GBytes) signature = public_key_sign(identity->key->key, digest, error);
  if (signature == NULL) {
    return FALSE;
  }
  gsize length = 0;
  const guint8 *bytes = g_bytes_get_data(signature, &length);
  g_autofree char *base64 = g_base64_encode(bytes, length);
  append_folded(field, base64, '\0');
  g_string_append(field, "\r\n");
  g_string_append_len(out, field->str, (gssize)field->len);
  return TRUE;
}

GString *dkim_sign(const DkimSigner *signer, Slice header, const guint8 digest[32], gint64 when,
                   GError **error) {
  SignedHeader gathered = gather(header);
  g_autofree char *body_hash = g_base64_encode(digest, DIGEST_BYTES);
  g_autoptr(GString) out = g_string_sized_new(1024 * signer->count);
  gboolean made = TRUE;
  for (guint i = 0; i < signer->count && made; i++) {
    made = sign_one(&signer->identities[i], &gathered, body_hash, when, out, error);
  }
  g_string_free(gathered.canonical, TRUE);
  g_string_free(gathered.names, TRUE);
  return made ? g_steal_pointer(&out) : NULL;
}
