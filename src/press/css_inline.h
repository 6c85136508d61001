// SPDX-License-Identifier: Apache-2.0
//
// Writes a style sheet into the style attributes of an HTML document, because mail programs read
// little else. Rules for elements, classes and ids, with descendant and child combinators, by
// specificity and order, !important kept; a style attribute that is there wins. @media, @font-face
// and rules for pseudo-classes go into one <style> at the end of <head>. The HTML is our own
// templates' output: well-formed, UTF-8; comments (also conditional ones) pass through. Pure; any
// thread.
#pragma once

#include <glib.h>

#define CSS_INLINE_ERROR css_inline_error_quark()
GQuark css_inline_error_quark(void);
typedef enum CssInlineError { CSS_INLINE_ERROR_SYNTAX } CssInlineError;

// The error names line and fault of the style sheet. Caller frees.
char *css_inline(const char *html, const char *css, GError **error);
