// SPDX-License-Identifier: Apache-2.0
//
// The text part of a mail: lines of at most 72 columns where words allow, links on lines of their
// own. For press/mail_page.c only. Pure.
#pragma once

#include <glib.h>

void mail_text_paragraph(GString *out, const char *text); // wrapped, an empty line after it
void mail_text_title(GString *out, const char *text);     // underlined, an empty line after it
void mail_text_link(GString *out, const char *url);       // an empty line after it
void mail_text_labelled(GString *out, const char *label, const char *url); // "Label: url"
void mail_text_rule(GString *out);
