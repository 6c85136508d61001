// SPDX-License-Identifier: Apache-2.0
//
// Implements reader_import.h. Called by exchange/subscribers_csv.
#include "newsroom/reader_import.h"

#include <gio/gio.h>
#include <string.h>

#include "base/record_sorter.h"
#include "model/mail_address.h"
#include "model/subscriber.h"
#include "newsroom/change.h"
#include "newsroom/language_tag.h"
#include "newsroom/reader_links.h"
#include "store/newsletter_rows.h"
#include "store/site_rows.h"

#define SORTER_MEMORY (24u << 20)
#define NAMES_MOST 4096 // of what a cache of names holds

// One line between the two parts; the texts follow it.
typedef struct Packed {
  gint64 line, confirmed_at, left_at, paused_until, wanted, unwanted, sections;
  guint32 suppress;
  guint16 address, name, language, zone_name; // bytes
} Packed;

typedef struct Named {
  gint64 id;
  char *slug, *name;
} Named;

struct ReaderImport {
  Newsroom *newsroom;
  ReaderImportOptions options;
  char *source;
  GPtrArray *newsletters, *sections; // Named *
  GArray *newsletter_ids, *section_ids;
  gint64 otherwise;              // newsletters of lines that name none
  GHashTable *lists, *topics;    // what a field said -> Mask
  GHashTable *zones, *languages; // name -> whether it is one
  RecordSorter *sorter;
  GByteArray *scratch;
  gint64 now;
  ReaderImportReport report;
};

typedef struct Mask {
  gint64 bits;
  char *unknown; // a name that nothing has; NULL
} Mask;

static void named_free(gpointer data) {
  Named *named = data;
  g_free(named->slug);
  g_free(named->name);
  g_free(named);
}

static void mask_free(gpointer data) {
  Mask *mask = data;
  g_free(mask->unknown);
  g_free(mask);
}

void reader_import_free(ReaderImport *import) {
  if (import == NULL) {
    return;
  }
  g_clear_pointer(&import->newsletters, g_ptr_array_unref);
  g_clear_pointer(&import->sections, g_ptr_array_unref);
  g_clear_pointer(&import->newsletter_ids, g_array_unref);
  g_clear_pointer(&import->section_ids, g_array_unref);
  g_clear_pointer(&import->lists, g_hash_table_unref);
  g_clear_pointer(&import->topics, g_hash_table_unref);
  g_clear_pointer(&import->zones, g_hash_table_unref);
  g_clear_pointer(&import->languages, g_hash_table_unref);
  g_clear_pointer(&import->scratch, g_byte_array_unref);
  record_sorter_free(import->sorter);
  g_free(import->source);
  g_free(import);
}

// ---- names ------------------------------------------------------------------------------------

static void add_named(GPtrArray *all, GArray *ids, gint64 id, const char *slug, const char *name) {
  Named *named = g_new(Named, 1);
  *named = (Named){id, g_strdup(slug), g_utf8_casefold(name, -1)};
  g_ptr_array_add(all, named);
  g_array_append_val(ids, id);
}

// The bit of a slug or name; 0 if nothing has it.
static gint64 bit_of(GPtrArray *all, const char *word) {
  g_autofree char *folded = g_utf8_casefold(word, -1);
  for (guint i = 0; i < all->len; i++) {
    const Named *named = all->pdata[i];
    if (strcmp(named->slug, folded) == 0 || strcmp(named->name, folded) == 0) {
      return G_GINT64_CONSTANT(1) << i;
    }
  }
  return 0;
}

static const Mask *read_names(GHashTable *cache, GPtrArray *all, const char *text) {
  const Mask *known = g_hash_table_lookup(cache, text);
  if (known != NULL) {
    return known;
  }
  if (g_hash_table_size(cache) >= NAMES_MOST) {
    g_hash_table_remove_all(cache);
  }
  Mask *mask = g_new0(Mask, 1);
  g_auto(GStrv) words = g_strsplit_set(text, ",;|\r\n", -1);
  for (guint i = 0; words[i] != NULL; i++) {
    const char *word = g_strstrip(words[i]);
    gint64 bit = *word != '\0' ? bit_of(all, word) : 0;
    mask->bits |= bit;
    if (*word != '\0' && bit == 0 && mask->unknown == NULL) {
      mask->unknown = g_strndup(word, 80);
    }
  }
  g_hash_table_insert(cache, g_strdup(text), mask);
  return mask;
}

static gboolean is_zone(const char *name) {
  g_autoptr(GTimeZone) zone =
      strstr(name, "..") == NULL && *name != '/' && strchr(name, '/') != NULL
          ? g_time_zone_new_identifier(name)
          : NULL;
  return zone != NULL;
}

// The name if it `is` one, else "". What was asked once is remembered.
static const char *proved(GHashTable *cache, const char *name, gboolean (*is)(const char *name)) {
  gpointer known = NULL;
  if (*name == '\0') {
    return "";
  }
  if (!g_hash_table_lookup_extended(cache, name, NULL, &known)) {
    if (g_hash_table_size(cache) >= NAMES_MOST) {
      g_hash_table_remove_all(cache);
    }
    known = GINT_TO_POINTER(is(name));
    g_hash_table_insert(cache, g_strdup(name), known);
  }
  return known != NULL ? name : "";
}

static gboolean load_names(ReaderImport *import, GError **error) {
  g_autoptr(StoreTransaction) transaction = store_begin_read(import->newsroom->store, error);
  g_autoptr(Site) site = transaction != NULL ? site_rows_load(transaction, error) : NULL;
  g_autoptr(GPtrArray) all = site != NULL ? newsletter_rows_list(transaction, error) : NULL;
  for (guint i = 0; all != NULL && i < MIN(all->len, SUBSCRIBER_LOAD_NEWSLETTERS); i++) {
    const Newsletter *one = all->pdata[i];
    add_named(import->newsletters, import->newsletter_ids, one->id, one->slug, one->name);
  }
  for (guint i = 0; all != NULL && i < MIN(site->sections->len, SUBSCRIBER_LOAD_SECTIONS); i++) {
    const Section *one = site->sections->pdata[i];
    add_named(import->sections, import->section_ids, one->id, one->slug, one->name);
  }
  return all != NULL;
}

static gboolean read_options(ReaderImport *import, GError **error) {
  const char *source = import->options.source;
  if (source == NULL || *source == '\0' || !g_utf8_validate(source, -1, NULL)) {
    return change_refuse(error, NEWSROOM_ERROR_INVALID,
                         "source: say how these readers agreed to be written to, such as \"paper "
                         "forms at the fair, May 2026\": it is kept as the proof of their consent");
  }
  g_autofree char *clean = subscriber_clean_name(source);
  import->source = g_strconcat("import: ", clean, NULL);
  for (guint i = 0; import->options.newsletters != NULL && import->options.newsletters[i] != NULL;
       i++) {
    const Mask *mask =
        read_names(import->lists, import->newsletters, import->options.newsletters[i]);
    if (mask->unknown != NULL || mask->bits == 0) {
      return change_refuse(error, NEWSROOM_ERROR_INVALID,
                           "there is no newsletter '%s'; `broadsheet newsletter list` shows them",
                           mask->unknown != NULL ? mask->unknown : import->options.newsletters[i]);
    }
    import->otherwise |= mask->bits;
  }
  return TRUE;
}

ReaderImport *reader_import_new(Newsroom *newsroom, const ReaderImportOptions *options,
                                GError **error) {
  g_autoptr(ReaderImport) import = g_new0(ReaderImport, 1);
  import->newsroom = newsroom;
  import->options = *options;
  import->newsletters = g_ptr_array_new_with_free_func(named_free);
  import->sections = g_ptr_array_new_with_free_func(named_free);
  import->newsletter_ids = g_array_new(FALSE, FALSE, sizeof(gint64));
  import->section_ids = g_array_new(FALSE, FALSE, sizeof(gint64));
  import->lists = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, mask_free);
  import->topics = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, mask_free);
  import->zones = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  import->languages = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  import->sorter = record_sorter_new(SORTER_MEMORY);
  import->scratch = g_byte_array_new();
  import->now = clock_now(&newsroom->clock);
  return load_names(import, error) && read_options(import, error) ? g_steal_pointer(&import) : NULL;
}

// ---- the first part: each line looked at ------------------------------------------------------

// "Anna <anna@example.org>", "mailto:anna@example.org" -> the address. Caller frees.
static char *bare_address(const char *text) {
  const char *open = strrchr(text, '<');
  const char *close = open != NULL ? strchr(open, '>') : NULL;
  if (close != NULL && close[1] == '\0') {
    return g_strndup(open + 1, (gsize)(close - open - 1));
  }
  return g_strdup(g_ascii_strncasecmp(text, "mailto:", 7) == 0 ? text + 7 : text);
}

static gboolean read_lists(ReaderImport *import, const ReaderImportLine *line, Packed *packed,
                           GError **error) {
  const Mask *named = read_names(import->lists, import->newsletters, line->newsletters);
  gint64 bits = named->bits;
  if (named->unknown == NULL) {
    named = read_names(import->lists, import->newsletters, line->left);
  }
  // Another program's lists mean nothing here where the newsletters are named for all lines.
  if (named->unknown != NULL && import->otherwise == 0) {
    return change_refuse(error, NEWSROOM_ERROR_INVALID, "there is no newsletter “%s”",
                         named->unknown);
  }
  gint64 left = read_names(import->lists, import->newsletters, line->left)->bits;
  bits = bits != 0 ? bits : left != 0 ? 0 : import->otherwise;
  if (line->status == READER_IMPORT_WANTED) {
    packed->unwanted = left;
    packed->wanted = bits & ~left;
  } else if (line->status == READER_IMPORT_LEFT) {
    packed->unwanted = bits | left;
    packed->unwanted = packed->unwanted != 0
                           ? packed->unwanted
                           : (G_GINT64_CONSTANT(1) << import->newsletters->len) - 1;
  }
  return packed->wanted != 0 || packed->unwanted != 0 || packed->suppress != 0 ||
         change_refuse(error, NEWSROOM_ERROR_INVALID, "it names no newsletter");
}

static void pack_text(GByteArray *out, const char *text, guint16 *ret_length) {
  gsize length = MIN(strlen(text), 1000);
  g_byte_array_append(out, (const guint8 *)text, (guint)length);
  *ret_length = (guint16)length;
}

static gboolean add_packed(ReaderImport *import, Packed *packed, const char *address,
                           const ReaderImportLine *line, GError **error) {
  GByteArray *out = import->scratch;
  g_autofree char *key = mail_address_key(address);
  g_autofree char *name = subscriber_clean_name(line->name);
  g_byte_array_set_size(out, 0);
  g_byte_array_append(out, (const guint8 *)packed, sizeof *packed);
  pack_text(out, address, &packed->address);
  pack_text(out, name, &packed->name);
  pack_text(out, proved(import->languages, line->language, language_tag_is_valid),
            &packed->language);
  pack_text(out, proved(import->zones, line->zone_name, is_zone), &packed->zone_name);
  memcpy(out->data, packed, sizeof *packed);
  import->report.lines++;
  return record_sorter_add(import->sorter, slice_of(key),
                           (Slice){(const char *)out->data, out->len}, error);
}

gboolean reader_import_add(ReaderImport *import, const ReaderImportLine *line, GError **error) {
  Packed packed = {.line = line->line, .paused_until = line->paused_until};
  g_autoptr(GError) failure = NULL;
  g_autofree char *bare = bare_address(line->address);
  if (*bare == '\0') {
    return change_refuse(error, NEWSROOM_ERROR_INVALID, "it has no address");
  }
  g_autofree char *address = mail_address_normalise(bare, &failure);
  if (address == NULL) {
    return change_refuse(error, NEWSROOM_ERROR_INVALID, "%s", failure->message);
  }
  packed.suppress = line->status == READER_IMPORT_BOUNCED      ? LOAD_SUPPRESS_BOUNCED
                    : line->status == READER_IMPORT_COMPLAINED ? LOAD_SUPPRESS_COMPLAINED
                                                               : LOAD_SUPPRESS_NO;
  if (!read_lists(import, line, &packed, error)) {
    return FALSE;
  }
  packed.sections = read_names(import->topics, import->sections, line->sections)->bits;
  packed.confirmed_at = line->confirmed_at > 0 ? MIN(line->confirmed_at, import->now) : import->now;
  packed.left_at = line->left_at > 0 ? MIN(line->left_at, import->now) : import->now;
  return add_packed(import, &packed, address, line, error);
}

// ---- the second part: taken over, in steps ----------------------------------------------------

typedef struct Step {
  ReaderImport *import;
  Change change;
  SubscriberLoad *load;
  guint lines;
  gboolean any_suppressions;
  GHashTable *slugs; // mask -> "daily,breaking"
} Step;

static void step_clear(Step *step) {
  g_clear_pointer(&step->load, subscriber_load_free);
  g_clear_pointer(&step->slugs, g_hash_table_unref);
  change_clear(&step->change);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Step, step_clear)

static gboolean step_begin(Step *step, GError **error) {
  ReaderImport *import = step->import;
  if (!change_begin(&step->change, import->newsroom, error) ||
      !suppression_rows_any(step->change.transaction, &step->any_suppressions, error)) {
    return FALSE;
  }
  SubscriberLoadOptions options = {
      .newsletter_ids = (const gint64 *)(gpointer)import->newsletter_ids->data,
      .newsletter_count = import->newsletter_ids->len,
      .section_ids = (const gint64 *)(gpointer)import->section_ids->data,
      .section_count = import->section_ids->len,
      .source = import->source,
      .wording = READER_IMPORT_WORDING,
      .now = step->change.now};
  step->load = subscriber_load_new(step->change.transaction, &options, error);
  step->slugs = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
  return step->load != NULL;
}

static void tell_left_out(gint64 line, const char *address, gboolean left, gpointer data) {
  ReaderImport *import = data;
  if (import->options.left_out != NULL) {
    import->options.left_out(line, address,
                             left ? "this reader has left the newspaper's newsletters, and only "
                                    "they can come back"
                                  : "the address is on the suppression list",
                             import->options.data);
  }
}

static gboolean step_end(Step *step, GError **error) {
  ReaderImport *import = step->import;
  if (step->load == NULL) {
    return TRUE;
  }
  SubscriberLoadReport report = import->report.load;
  gboolean done = subscriber_load_finish(step->load, &report, tell_left_out, import, error) &&
                  (import->options.dry_run || change_commit(&step->change, FALSE, error));
  if (done) {
    import->report.load = report;
  }
  step_clear(step);
  *step = (Step){.import = import};
  return done;
}

static const char *slugs_of(Step *step, gint64 mask) {
  char *known = g_hash_table_lookup(step->slugs, &mask);
  if (known == NULL) {
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < step->import->newsletters->len; i++) {
      if ((mask & (G_GINT64_CONSTANT(1) << i)) != 0) {
        const Named *named = step->import->newsletters->pdata[i];
        g_string_append_printf(text, "%s%s", text->len > 0 ? "," : "", named->slug);
      }
    }
    known = g_string_free(text, FALSE);
    g_hash_table_insert(step->slugs, g_memdup2(&mask, sizeof mask), known);
  }
  return known;
}

// A reader's lines, put together.
typedef struct Reader {
  GString *key, *texts; // texts: as they are packed
  Packed packed;
} Reader;

static void reader_begin(Reader *reader, Slice key, Slice payload) {
  g_string_truncate(reader->key, 0);
  g_string_append_len(reader->key, key.data, (gssize)key.length);
  memcpy(&reader->packed, payload.data, sizeof reader->packed);
  Slice texts = slice_from(payload, sizeof reader->packed);
  g_string_truncate(reader->texts, 0);
  g_string_append_len(reader->texts, texts.data, (gssize)texts.length);
}

static void reader_join(Reader *reader, Slice payload) {
  Packed *first = &reader->packed;
  Packed next;
  memcpy(&next, payload.data, sizeof next);
  first->unwanted |= next.unwanted;
  first->wanted = (first->wanted | next.wanted) & ~first->unwanted;
  first->sections |= next.sections;
  first->suppress = MAX(first->suppress, next.suppress);
  first->paused_until = MAX(first->paused_until, next.paused_until);
  if (first->name == 0 && next.name > 0) {
    const char *texts = payload.data + sizeof next;
    g_string_insert_len(reader->texts, first->address, texts + next.address, next.name);
    first->name = next.name;
  }
}

static gboolean reader_flush(Reader *reader, Step *step, GError **error) {
  const Packed *packed = &reader->packed;
  const gint *stop = step->import->options.stop;
  if (stop != NULL && g_atomic_int_get(stop) != 0) {
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "it was stopped");
    return FALSE;
  }
  if (step->load == NULL && !step_begin(step, error)) {
    return FALSE;
  }
  Slice texts = {reader->texts->str, reader->texts->len};
  g_autofree char *hash = step->any_suppressions || packed->suppress != 0
                              ? reader_address_hash(step->change.site->mail_key, reader->key->str)
                              : g_strdup("");
  gsize at = 0;
  SubscriberLoadLine line = {.line = packed->line,
                             .address_key = {reader->key->str, reader->key->len},
                             .address_hash = slice_of(hash),
                             .confirmed_at = packed->confirmed_at,
                             .paused_until = packed->paused_until,
                             .left_at = packed->left_at,
                             .wanted = packed->wanted,
                             .unwanted = packed->unwanted,
                             .sections = packed->sections,
                             .suppress = (SubscriberLoadSuppress)packed->suppress,
                             .wanted_slugs = slugs_of(step, packed->wanted),
                             .unwanted_slugs = slugs_of(step, packed->unwanted)};
  line.address = slice_range(texts, at, packed->address);
  line.name = slice_range(texts, at += packed->address, packed->name);
  line.language = slice_range(texts, at += packed->name, packed->language);
  line.zone_name = slice_range(texts, at + packed->language, packed->zone_name);
  if (!subscriber_load_add(step->load, &line, error)) {
    return FALSE;
  }
  return ++step->lines < SUBSCRIBER_LOAD_LINES || step_end(step, error);
}

static gboolean take_over(ReaderImport *import, Reader *reader, GError **error) {
  g_auto(Step) step = {.import = import};
  guint64 done = 0;
  Slice key;
  Slice payload;
  GError *failure = NULL;
  gboolean any = FALSE;
  while (record_sorter_next(import->sorter, &key, &payload, &failure)) {
    done++;
    if (any && key.length == reader->key->len &&
        memcmp(key.data, reader->key->str, key.length) == 0) {
      reader_join(reader, payload);
      import->report.repeated++;
      continue;
    }
    if (any && !reader_flush(reader, &step, error)) {
      return FALSE;
    }
    reader_begin(reader, key, payload);
    any = TRUE;
    if (import->options.progress != NULL && done % 1000 == 0) {
      import->options.progress(done, (guint64)import->report.lines, import->options.data);
    }
  }
  if (failure != NULL) {
    g_propagate_error(error, failure);
    return FALSE;
  }
  return (!any || reader_flush(reader, &step, error)) && step_end(&step, error);
}

gboolean reader_import_finish(ReaderImport *import, ReaderImportReport *ret_report,
                              GError **error) {
  Reader reader = {.key = g_string_new(NULL), .texts = g_string_new(NULL)};
  gboolean done = record_sorter_sort(import->sorter, error) && take_over(import, &reader, error);
  g_string_free(reader.key, TRUE);
  g_string_free(reader.texts, TRUE);
  *ret_report = import->report;
  return done;
}
