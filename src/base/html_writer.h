// SPDX-License-Identifier: Apache-2.0
//
// Writes HTML (and XML) into a GString, escaping by default. The only way text
// gets into markup: a printf into HTML is a bug. Bytes that are not allowed in
// XML 1.0 (controls, lone surrogates) are replaced by U+FFFD.
// HTML Standard 13.3; XML 1.0 2.2. Thread-safe on distinct GStrings.
#pragma once

#include "base/slice.h"

void html_write_text(GString *out, const char *text); // & < > " ' escaped; NULL writes nothing
void html_write_slice(GString *out, Slice text);
void html_write_raw(GString *out, const char *markup); // our own literals only
void html_open(GString *out, const char *tag);         // <tag>
void html_close(GString *out, const char *tag);        // </tag>
void html_write_attribute(GString *out, const char *name, const char *value); //  name="value"
void html_write_integer_attribute(GString *out, const char *name, gint64 value);
void html_write_element(GString *out, const char *tag, const char *text); // <tag>text</tag>
