// SPDX-License-Identifier: Apache-2.0
//
// Draws set blocks (edition/setting) into a PDF with their structure: paragraphs that go on in
// another column or page stay one element, links get their annotations, lists their labels, figures
// their alt text; rules and tints are artifacts. Called by edition/page for every block of a page,
// in reading order. One thread.
#pragma once

#include "edition/pdf.h"

// A story (or anything else that is an element of its own) being drawn, over all its pages.
typedef struct SettingDraw SettingDraw;

// The picture's JPEG, at least `ppi` wanted for its size; NULL: can't be had, a grey box is drawn.
typedef PdfImage *(*SettingPicture)(const SetPicture *picture, gpointer data);

// article: the element (PDF_ART or PDF_SECT) under which the blocks' elements are made.
// heading: PDF_H1 or PDF_H2, for ROLE_HEADLINE; subheads follow from it. language: the article's.
SettingDraw *setting_draw_new(PdfElement *article, PdfTag heading, const char *language,
                              SettingPicture picture, gpointer data);
void setting_draw_free(SettingDraw *draw);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SettingDraw, setting_draw_free)

void setting_draw_block(SettingDraw *draw, PdfPage *page, const SetBlock *block, gint32 x,
                        gint32 y);
// As furniture: nothing of it is read out.
void setting_draw_artifact(PdfPage *page, const SetBlock *block, gint32 x, gint32 y);
