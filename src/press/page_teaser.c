// SPDX-License-Identifier: Apache-2.0
//
// Implements the teasers of page_parts.h: a story in a list. Every name is always set, if
// only to "", because Mustache looks a missing one up in what stands around it.
#include "press/page_parts.h"

#include <string.h>

#include "model/address.h"

#define LONG_WORD 26 // letters; a longer one can't stand in large type on a phone

const char *page_headline_size(const char *headline) {
  glong letters = 0;
  glong in_word = 0;
  glong longest = 0;
  for (const char *at = headline; *at != '\0'; at = g_utf8_next_char(at)) {
    letters++;
    in_word = *at == ' ' ? 0 : in_word + 1;
    longest = MAX(longest, in_word);
  }
  if (letters > 120 || longest > LONG_WORD) {
    return "xs";
  }
  return letters > 80 ? "s" : letters > 45 ? "m" : "l";
}

// "A and B" from names joined by line feeds.
static void set_bylines(PageMaker *maker, TemplateValue *object, const char *names) {
  if (strchr(names, '\n') == NULL) {
    template_set_text(object, "byline", names);
    return;
  }
  g_auto(GStrv) parts = g_strsplit(names, "\n", -1);
  g_autofree char *joined =
      locale_join(maker->locale, (const char *const *)parts, g_strv_length(parts));
  template_set_text(object, "byline", joined);
}

TemplateValue *page_append_teaser(PageMaker *maker, TemplateValue *list, const Teaser *teaser,
                                  const PictureSlot *slot) {
  TemplateValue *value = template_append_object(list);
  g_autofree char *path = address_teaser(teaser);
  template_set_text(value, "path", path);
  template_set_text(value, "headline", teaser->headline);
  template_set_text(value, "size", page_headline_size(teaser->headline));
  template_set_text(value, "standfirst", teaser->standfirst);
  template_set_text(value, "kicker", teaser->kicker);
  template_set_text(value, "section_name", teaser->section_name);
  set_bylines(maker, value, teaser->byline_names);
  page_set_moment(maker, value, "moment", teaser->published_at);
  page_set_language(maker, value, teaser->language);
  page_set_picture(maker, value, "picture", teaser->hero, slot);
  return value;
}

void page_set_teasers(PageMaker *maker, TemplateValue *object, const char *name, GPtrArray *teasers,
                      const PictureSlot *slot) {
  TemplateValue *list = template_set_list(object, name);
  for (guint i = 0; teasers != NULL && i < teasers->len; i++) {
    page_append_teaser(maker, list, teasers->pdata[i], slot);
  }
}

void page_set_columns(TemplateValue *object, const char *name, guint count, guint most) {
  guint best = MIN(count, 2);
  for (guint columns = 3; columns <= most && count > 2; columns++) {
    guint empty = (columns - count % columns) % columns;
    if (best < 3 || empty < (best - count % best) % best || (empty == 0 && columns == 4)) {
      best = columns;
    }
  }
  guint left = best == 0 ? 0 : (best - count % best) % best;
  TemplateValue *value = template_set_object(object, name);
  template_set_integer(value, "columns", best);
  template_set_integer(value, "fill", left);
}
