// SPDX-License-Identifier: Apache-2.0
//
// What a PDF says of itself (pdf.h): XMP with the marks of PDF/A-2a and PDF/UA-1, the information
// dictionary that says the same, the outline, and sRGB as the colours' meaning. The only date is
// the edition's.
#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "edition/pdf_parts.h"

#define PRODUCER "Broadsheet " BROADSHEET_VERSION

// ---- information ------------------------------------------------------------------------------

static char *format_date(gint64 instant, const char *format) {
  g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc(instant / CLOCK_SECOND);
  return date != NULL ? g_date_time_format(date, format) : g_strdup("");
}

guint pdf_finish_info(Pdf *pdf) {
  g_autofree char *date = format_date(pdf->made_at, "D:%Y%m%d%H%M%SZ");
  const char *const entries[][2] = {{"Title", pdf->title},     {"Author", pdf->author},
                                    {"Subject", pdf->subject}, {"Creator", PRODUCER},
                                    {"Producer", PRODUCER},    {"CreationDate", date},
                                    {"ModDate", date}};
  GString *out = g_string_new("<<");
  for (guint i = 0; i < G_N_ELEMENTS(entries); i++) {
    if (entries[i][1] != NULL) {
      g_string_append_printf(out, "/%s", entries[i][0]);
      pdf_write_text(out, entries[i][1]);
    }
  }
  g_string_append(out, ">>");
  return pdf_add(pdf->writer, out);
}

static void write_xml(GString *out, const char *before, const char *text, const char *after) {
  if (text != NULL) {
    g_autofree char *escaped = g_markup_escape_text(text, -1);
    g_string_append_printf(out, "%s%s%s\n", before, escaped, after);
  }
}

// PDF/A wants other schemas' properties explained, in a description of their own.
static void write_schema(GString *out) {
  g_string_append(
      out, "<rdf:Description rdf:about=\"\""
           " xmlns:pdfaExtension=\"http://www.aiim.org/pdfa/ns/extension/\"\n"
           " xmlns:pdfaSchema=\"http://www.aiim.org/pdfa/ns/schema#\"\n"
           " xmlns:pdfaProperty=\"http://www.aiim.org/pdfa/ns/property#\">\n"
           "<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType=\"Resource\">\n"
           "<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\n"
           "<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>\n"
           "<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>\n"
           "<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType=\"Resource\">\n"
           "<pdfaProperty:category>internal</pdfaProperty:category>\n"
           "<pdfaProperty:description>Part of ISO 14289</pdfaProperty:description>\n"
           "<pdfaProperty:name>part</pdfaProperty:name>\n"
           "<pdfaProperty:valueType>Integer</pdfaProperty:valueType>\n"
           "</rdf:li></rdf:Seq></pdfaSchema:property>\n"
           "</rdf:li></rdf:Bag></pdfaExtension:schemas>\n</rdf:Description>\n");
}

guint pdf_finish_metadata(Pdf *pdf) {
  g_autoptr(GString) out =
      g_string_new("<?xpacket begin=\"\xef\xbb\xbf\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
                   "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n"
                   "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n");
  write_schema(out); // before it is used
  g_string_append(
      out,
      "<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"\n"
      " xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\"\n"
      " xmlns:xmpMM=\"http://ns.adobe.com/xap/1.0/mm/\"\n"
      " xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\"\n"
      " xmlns:pdfuaid=\"http://www.aiim.org/pdfua/ns/id/\">\n"
      "<pdfaid:part>2</pdfaid:part>\n<pdfaid:conformance>A</pdfaid:conformance>\n"
      "<pdfuaid:part>1</pdfuaid:part>\n");
  g_autofree char *date = format_date(pdf->made_at, "%Y-%m-%dT%H:%M:%SZ");
  write_xml(out, "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">", pdf->title,
            "</rdf:li></rdf:Alt></dc:title>");
  write_xml(out, "<dc:creator><rdf:Seq><rdf:li>", pdf->author, "</rdf:li></rdf:Seq></dc:creator>");
  write_xml(out, "<dc:description><rdf:Alt><rdf:li xml:lang=\"x-default\">", pdf->subject,
            "</rdf:li></rdf:Alt></dc:description>");
  write_xml(out, "<dc:language><rdf:Bag><rdf:li>", pdf->language,
            "</rdf:li></rdf:Bag></dc:language>");
  write_xml(out, "<xmpMM:DocumentID>", pdf->identifier, "</xmpMM:DocumentID>");
  write_xml(out, "<xmp:CreateDate>", date, "</xmp:CreateDate>");
  write_xml(out, "<xmp:ModifyDate>", date, "</xmp:ModifyDate>");
  write_xml(out, "<xmp:CreatorTool>", PRODUCER, "</xmp:CreatorTool>");
  write_xml(out, "<pdf:Producer>", PRODUCER, "</pdf:Producer>");
  g_string_append(out, "</rdf:Description>\n</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"r\"?>\n");
  guint number = pdf_reserve(pdf->writer);
  // Not deflated: PDF/A wants everybody to be able to read it.
  pdf_put_stream(pdf->writer, number, "/Type/Metadata/Subtype/XML", out->str, out->len, FALSE);
  return number;
}

// ---- colours ----------------------------------------------------------------------------------

// An ICC profile of sRGB (IEC 61966-2-1) for a display: ICC.1:2001-04, matrix and curves.
typedef struct Profile {
  GByteArray *bytes;
  GByteArray *table; // of tags
  guint tags;
} Profile;

#define PROFILE_HEAD 128
#define PROFILE_TAGS 9
#define CURVE_POINTS 1024

static void add_number(GByteArray *bytes, guint32 number, guint size) {
  for (guint i = size; i-- > 0;) {
    guint8 byte = (guint8)(number >> (8 * i));
    g_byte_array_append(bytes, &byte, 1);
  }
}

static void add_chars(GByteArray *bytes, const char *text, gsize length) {
  g_byte_array_append(bytes, (const guint8 *)text, (guint)length);
}

static void begin_tag(Profile *profile, const char *name, guint size) {
  while (profile->bytes->len % 4 != 0) {
    add_number(profile->bytes, 0, 1);
  }
  add_chars(profile->table, name, 4);
  add_number(profile->table, PROFILE_HEAD + 4 + PROFILE_TAGS * 12 + profile->bytes->len, 4);
  add_number(profile->table, size, 4);
}

static void add_xyz(Profile *profile, const char *name, const guint32 xyz[3]) {
  begin_tag(profile, name, 20);
  add_chars(profile->bytes, "XYZ \0\0\0\0", 8);
  for (guint i = 0; i < 3; i++) {
    add_number(profile->bytes, xyz[i], 4);
  }
}

static void add_curve(Profile *profile, const char *name) {
  begin_tag(profile, name, 12 + CURVE_POINTS * 2);
  add_chars(profile->bytes, "curv\0\0\0\0", 8);
  add_number(profile->bytes, CURVE_POINTS, 4);
  for (guint i = 0; i < CURVE_POINTS; i++) {
    double value = (double)i / (CURVE_POINTS - 1);
    double linear = value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4);
    add_number(profile->bytes, (guint32)lround(linear * 65535), 2);
  }
}

static void add_words(Profile *profile) {
  static const char NAME[] = "sRGB";
  begin_tag(profile, "desc", 12 + sizeof NAME + 78);
  add_chars(profile->bytes, "desc\0\0\0\0", 8);
  add_number(profile->bytes, sizeof NAME, 4);
  add_chars(profile->bytes, NAME, sizeof NAME);
  for (guint i = 0; i < 78; i++) {
    add_number(profile->bytes, 0, 1);
  }
  begin_tag(profile, "cprt", 8 + sizeof "CC0");
  add_chars(profile->bytes, "text\0\0\0\0CC0", 8 + sizeof "CC0");
}

static GByteArray *make_profile(void) {
  Profile profile = {.bytes = g_byte_array_new(), .table = g_byte_array_new()};
  add_words(&profile);
  // Adapted to D50 by Bradford's matrix; s15Fixed16.
  add_xyz(&profile, "wtpt", (const guint32[3]){0xf6d6, 0x10000, 0xd32d});
  add_xyz(&profile, "rXYZ", (const guint32[3]){0x6fa2, 0x38f5, 0x0390});
  add_xyz(&profile, "gXYZ", (const guint32[3]){0x6299, 0xb785, 0x18da});
  add_xyz(&profile, "bXYZ", (const guint32[3]){0x24a0, 0x0f84, 0xb6cf});
  add_curve(&profile, "rTRC");
  add_curve(&profile, "gTRC");
  add_curve(&profile, "bTRC");
  GByteArray *out = g_byte_array_new();
  add_number(out, PROFILE_HEAD + 4 + profile.table->len + profile.bytes->len, 4);
  add_number(out, 0, 4);
  add_number(out, 0x02100000, 4); // version 2.1
  add_chars(out, "mntrRGB XYZ ", 12);
  const guint date[6] = {2026, 1, 1, 0, 0, 0};
  for (guint i = 0; i < 6; i++) {
    add_number(out, date[i], 2);
  }
  add_chars(out, "acsp", 4);
  for (guint i = 0; i < 28; i++) {
    add_number(out, 0, 1);
  }
  add_number(out, 0xf6d6, 4);
  add_number(out, 0x10000, 4);
  add_number(out, 0xd32d, 4);
  while (out->len < PROFILE_HEAD) {
    add_number(out, 0, 1);
  }
  add_number(out, PROFILE_TAGS, 4);
  g_byte_array_append(out, profile.table->data, profile.table->len);
  g_byte_array_append(out, profile.bytes->data, profile.bytes->len);
  g_byte_array_unref(profile.bytes);
  g_byte_array_unref(profile.table);
  return out;
}

guint pdf_finish_intent(Pdf *pdf) {
  g_autoptr(GByteArray) profile = make_profile();
  guint number = pdf_reserve(pdf->writer);
  pdf_put_stream(pdf->writer, number, "/N 3", profile->data, profile->len, TRUE);
  GString *out = g_string_new(NULL);
  g_string_append_printf(out,
                         "<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)"
                         "/Info(sRGB IEC61966-2.1)/DestOutputProfile %u 0 R>>",
                         number);
  return pdf_add(pdf->writer, out);
}

// ---- outline ----------------------------------------------------------------------------------

PdfOutline *pdf_add_outline(Pdf *pdf, PdfOutline *parent, const char *title, guint target_page,
                            gint32 target_y) {
  PdfOutline *outline = g_new0(PdfOutline, 1);
  outline->object = pdf_reserve(pdf->writer);
  outline->title = g_strdup(title);
  outline->target_page = target_page;
  outline->target_y = target_y;
  outline->children = g_ptr_array_new();
  g_ptr_array_add((parent != NULL ? parent : pdf->outlines)->children, outline);
  return outline;
}

static guint count_below(const PdfOutline *outline) {
  guint count = outline->children->len;
  for (guint i = 0; i < outline->children->len; i++) {
    count += count_below(g_ptr_array_index(outline->children, i));
  }
  return count;
}

static guint object_of(const GPtrArray *outlines, guint index) {
  return ((const PdfOutline *)g_ptr_array_index(outlines, index))->object;
}

static void write_children(GString *out, const PdfOutline *outline) {
  const GPtrArray *children = outline->children;
  if (children->len > 0) {
    g_string_append_printf(out, "/First %u 0 R/Last %u 0 R/Count %u", object_of(children, 0),
                           object_of(children, children->len - 1), count_below(outline));
  }
}

static void put_outlines(Pdf *pdf, const PdfOutline *parent, guint parent_object) {
  for (guint i = 0; i < parent->children->len; i++) {
    const PdfOutline *outline = g_ptr_array_index(parent->children, i);
    GString *out = g_string_new("<</Title");
    pdf_write_text(out, outline->title);
    g_string_append_printf(out, "/Parent %u 0 R", parent_object);
    if (i > 0) {
      g_string_append_printf(out, "/Prev %u 0 R", object_of(parent->children, i - 1));
    }
    if (i + 1 < parent->children->len) {
      g_string_append_printf(out, "/Next %u 0 R", object_of(parent->children, i + 1));
    }
    pdf_write_target(out, pdf, outline->target_page, outline->target_y);
    write_children(out, outline);
    g_string_append(out, ">>");
    pdf_put(pdf->writer, outline->object, out);
    put_outlines(pdf, outline, outline->object);
  }
}

guint pdf_finish_outline(Pdf *pdf) {
  if (pdf->outlines->children->len == 0) {
    return 0;
  }
  guint number = pdf_reserve(pdf->writer);
  GString *out = g_string_new("<</Type/Outlines");
  write_children(out, pdf->outlines);
  g_string_append(out, ">>");
  pdf_put(pdf->writer, number, out);
  put_outlines(pdf, pdf->outlines, number);
  return number;
}
