// SPDX-License-Identifier: Apache-2.0
//
// Reads the structure tree of a PDF (pdf_scan.h; ISO 32000-1, 14.7): elements in reading order, the
// marked content that they hold, and the links.
#include <string.h>

#include "edition/pdf_scan_parts.h"

#define MOST_DEPTH 64
#define MOST_ELEMENTS 1000000

typedef struct Structure {
  Scanning *scanning;
  GHashTable *annotations; // object -> element + 1
  GHashTable *seen;        // elements' dictionaries: a tree that is none ends
} Structure;

// What a figure's user properties say: "Crop=0 0 10 10;…".
static char *read_subject(const Structure *structure, const PdfValue *value) {
  PdfReader *reader = structure->scanning->reader;
  g_autoptr(GString) out = g_string_new(NULL);
  const PdfValue *attributes = pdf_reader_get(reader, value, "A");
  for (guint i = 0; i < (attributes->kind == PDF_VALUE_ARRAY ? attributes->count : 0); i++) {
    const PdfValue *own = pdf_reader_item(reader, attributes, i);
    const PdfValue *properties = pdf_reader_get(reader, own, "P");
    for (guint j = 0; pdf_value_is_name(pdf_reader_get(reader, own, "O"), "UserProperties") &&
                      j < properties->count;
         j++) {
      const PdfValue *property = pdf_reader_item(reader, properties, j);
      g_autofree char *name = pdf_value_text(pdf_reader_get(reader, property, "N"));
      g_autofree char *words = pdf_value_text(pdf_reader_get(reader, property, "V"));
      g_string_append_printf(out, "%s=%s;", name, words);
    }
  }
  return g_string_free(g_steal_pointer(&out), FALSE);
}

static void own_content(const Structure *structure, ScanElement *element, guint number, guint page,
                        gint64 content) {
  PdfScan *scan = structure->scanning->scan;
  if (page >= scan->pages->len || content < 0 || content > MOST_ELEMENTS) {
    return;
  }
  GArray *owners = ((ScanPage *)scan->pages->pdata[page])->owners;
  guint none = G_MAXUINT;
  while (owners->len <= content) {
    g_array_append_val(owners, none);
  }
  g_array_index(owners, guint, content) = number;
  ScanKid kid = {G_MAXUINT, page, (guint)content};
  g_array_append_val(element->kids, kid);
}

static void read_element(Structure *structure, const PdfValue *value, guint parent, guint depth);

static void read_kid(Structure *structure, const PdfValue *reference, guint number, guint page,
                     guint depth) {
  PdfReader *reader = structure->scanning->reader;
  ScanElement *element = structure->scanning->scan->elements->pdata[number];
  const PdfValue *kid = pdf_reader_resolve(reader, reference);
  if (kid->kind == PDF_VALUE_NUMBER) {
    own_content(structure, element, number, page, kid->number / 1000);
    return;
  }
  const PdfValue *type = pdf_reader_get(reader, kid, "Type");
  const PdfValue *own_page = pdf_value_get(kid, "Pg");
  if (pdf_value_is_name(type, "MCR")) {
    guint there = own_page->kind == PDF_VALUE_REFERENCE
                      ? pdf_scan_page_of(structure->scanning, own_page)
                      : page;
    own_content(structure, element, number, there,
                pdf_value_number(pdf_reader_get(reader, kid, "MCID")) / 1000);
  } else if (pdf_value_is_name(type, "OBJR")) {
    const PdfValue *object = pdf_value_get(kid, "Obj");
    if (object->kind == PDF_VALUE_REFERENCE) {
      g_hash_table_insert(structure->annotations, GSIZE_TO_POINTER((gsize)object->number),
                          GUINT_TO_POINTER(number + 1));
    }
  } else {
    read_element(structure, kid, number, depth + 1);
  }
}

static void read_element(Structure *structure, const PdfValue *value, guint parent, guint depth) {
  PdfReader *reader = structure->scanning->reader;
  PdfScan *scan = structure->scanning->scan;
  if (value->kind != PDF_VALUE_DICTIONARY || depth > MOST_DEPTH ||
      scan->elements->len >= MOST_ELEMENTS || !g_hash_table_add(structure->seen, (gpointer)value)) {
    return;
  }
  guint number = scan->elements->len;
  const PdfValue *tag = pdf_reader_get(reader, value, "S");
  ScanElement *element = g_new0(ScanElement, 1);
  element->tag = g_strdup(tag->kind == PDF_VALUE_NAME ? tag->bytes : "");
  element->title = pdf_value_text(pdf_reader_get(reader, value, "T"));
  element->id = pdf_value_text(pdf_reader_get(reader, value, "ID"));
  element->alt = pdf_value_text(pdf_reader_get(reader, value, "Alt"));
  element->subject = read_subject(structure, value);
  element->parent = parent;
  element->kids = g_array_new(FALSE, FALSE, sizeof(ScanKid));
  g_ptr_array_add(scan->elements, element);
  if (parent != G_MAXUINT) {
    ScanKid kid = {number, 0, 0};
    g_array_append_val(((ScanElement *)scan->elements->pdata[parent])->kids, kid);
  }
  guint page = pdf_scan_page_of(structure->scanning, pdf_value_get(value, "Pg"));
  const PdfValue *kids = pdf_value_get(value, "K");
  const PdfValue *list = pdf_reader_resolve(reader, kids);
  if (list->kind == PDF_VALUE_ARRAY) {
    for (guint i = 0; i < list->count; i++) {
      read_kid(structure, &list->items[i], number, page, depth);
    }
  } else if (list->kind != PDF_VALUE_NULL) {
    read_kid(structure, kids, number, page, depth);
  }
}

// ---- links ------------------------------------------------------------------------------------

static void read_link(const Structure *structure, ScanPage *page, const PdfValue *reference) {
  PdfReader *reader = structure->scanning->reader;
  const PdfValue *value = pdf_reader_resolve(reader, reference);
  const PdfValue *box = pdf_reader_get(reader, value, "Rect");
  if (!pdf_value_is_name(pdf_reader_get(reader, value, "Subtype"), "Link")) {
    return;
  }
  gint64 corners[4];
  for (guint i = 0; i < 4; i++) {
    corners[i] = CLAMP(pdf_value_number(pdf_reader_item(reader, box, i)), -1000000000, 1000000000);
  }
  ScanLink link = {.element = G_MAXUINT};
  link.x = (gint32)corners[0];
  link.y = (gint32)(page->height - corners[3]);
  link.width = (gint32)(corners[2] - corners[0]);
  link.height = (gint32)(corners[3] - corners[1]);
  if (reference->kind == PDF_VALUE_REFERENCE) {
    link.element = GPOINTER_TO_UINT(g_hash_table_lookup(
                       structure->annotations, GSIZE_TO_POINTER((gsize)reference->number))) -
                   1;
  }
  const PdfValue *action = pdf_reader_get(reader, value, "A");
  const PdfValue *address = pdf_reader_get(reader, action, "URI");
  const PdfValue *target = pdf_reader_get(reader, value, "Dest");
  if (address->kind == PDF_VALUE_STRING) {
    link.url = pdf_value_text(address);
    link.resolves = link.url[0] != '\0';
  } else if (target->kind == PDF_VALUE_ARRAY && target->count > 0) {
    link.resolves = pdf_scan_page_of(structure->scanning, &target->items[0]) != G_MAXUINT;
  }
  g_array_append_val(page->links, link);
}

void pdf_scan_structure(Scanning *scanning) {
  PdfReader *reader = scanning->reader;
  Structure structure = {.scanning = scanning};
  structure.annotations = g_hash_table_new(NULL, NULL);
  structure.seen = g_hash_table_new(NULL, NULL);
  const PdfValue *tree = pdf_reader_get(reader, pdf_reader_root(reader), "StructTreeRoot");
  const PdfValue *kids = pdf_reader_get(reader, tree, "K");
  if (kids->kind == PDF_VALUE_ARRAY) {
    for (guint i = 0; i < kids->count; i++) {
      read_element(&structure, pdf_reader_item(reader, kids, i), G_MAXUINT, 0);
    }
  } else {
    read_element(&structure, kids, G_MAXUINT, 0);
  }
  for (guint i = 0; i < scanning->scan->pages->len; i++) {
    const PdfValue *page = scanning->page_values->pdata[i];
    const PdfValue *annotations = pdf_reader_get(reader, page, "Annots");
    for (guint j = 0; j < (annotations->kind == PDF_VALUE_ARRAY ? annotations->count : 0); j++) {
      read_link(&structure, scanning->scan->pages->pdata[i], &annotations->items[j]);
    }
  }
  g_hash_table_unref(structure.annotations);
  g_hash_table_unref(structure.seen);
}
