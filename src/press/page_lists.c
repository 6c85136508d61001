// SPDX-License-Identifier: Apache-2.0
//
// The smaller pages: search, corrections, and the messages (404 and its like).
#include "press/page_parts.h"

#include "model/address.h"

gboolean page_search(const Press *press, const SearchPage *page, GString *out, GError **error) {
  PageMaker maker;
  page_begin(&maker, press, &page->context);
  gboolean asked = page->words != NULL && *page->words != '\0';
  const char *words = asked ? page->words : "";
  g_autofree char *title = asked ? locale_fill(maker.locale, "search_title", "words", words)
                                 : g_strdup(locale_word(maker.locale, "search"));
  g_autofree char *heading = locale_fill(maker.locale, "search_for", "words", words);
  g_autofree char *escaped = g_uri_escape_string(words, NULL, FALSE);
  g_autofree char *base = g_strconcat("/search", asked ? "?q=" : "", escaped, NULL);
  page_set_head(&maker, &(PageHead){.title = title, .unlisted = TRUE});
  template_set_text(maker.root, "search_words", words);
  template_set_boolean(maker.root, "is_search", TRUE);
  template_set_boolean(maker.root, "asked", asked);
  template_set_text(maker.root, "heading", heading);
  page_set_count(&maker, maker.root, "count", "results", page->total);
  page_set_teasers(&maker, maker.root, "stories", page->stories, &SLOT_CARD);
  template_set_boolean(maker.root, "has_stories", page->stories != NULL && page->stories->len > 0);
  page_set_pager(&maker, base, page->page, page->page_count);
  return page_end(&maker, "search", out, error);
}

static const Teaser *teaser_by_id(GPtrArray *stories, gint64 id) {
  for (guint i = 0; stories != NULL && i < stories->len; i++) {
    const Teaser *teaser = stories->pdata[i];
    if (teaser->id == id) {
      return teaser;
    }
  }
  return NULL;
}

gboolean page_corrections(const Press *press, const CorrectionsPage *page, GString *out,
                          GError **error) {
  PageMaker maker;
  page_begin(&maker, press, &page->context);
  page_set_head(&maker, &(PageHead){.title = locale_word(maker.locale, "corrections"),
                                    .is_corrections = TRUE,
                                    .description = locale_word(maker.locale, "corrections_intro")});
  TemplateValue *list = template_set_list(maker.root, "corrections");
  guint count = page->corrections != NULL ? page->corrections->len : 0;
  for (guint i = 0; i < count; i++) {
    const Correction *correction = page->corrections->pdata[i];
    const Teaser *teaser = teaser_by_id(page->stories, correction->story_id);
    TemplateValue *item = template_append_object(list);
    g_autofree char *path = teaser != NULL ? address_teaser(teaser) : NULL;
    template_set_text(item, "path", path);
    template_set_text(item, "headline", teaser != NULL ? teaser->headline : "");
    page_set_language(&maker, item, teaser != NULL ? teaser->language : "");
    template_set_text(item, "wrong", correction->wrong);
    template_set_text(item, "right", correction->right);
    page_set_moment_full(&maker, item, "moment", correction->corrected_at);
  }
  template_set_boolean(maker.root, "has_corrections", count > 0);
  page_set_pager(&maker, "/corrections", page->page, page->page_count);
  return page_end(&maker, "corrections", out, error);
}

static const guint STATUSES[] = {400, 403, 404, 405, 410, 413, 429, 500, 503};

// error_404_title, or error_other_title for a status without words of its own.
static const char *status_word(const PageMaker *maker, guint status, const char *part) {
  char key[48];
  g_snprintf(key, sizeof key, "error_other_%s", part);
  for (gsize i = 0; i < G_N_ELEMENTS(STATUSES); i++) {
    if (STATUSES[i] == status) {
      g_snprintf(key, sizeof key, "error_%u_%s", status, part);
    }
  }
  return locale_word(maker->locale, key);
}

gboolean page_message(const Press *press, const MessagePage *page, GString *out, GError **error) {
  PageMaker maker;
  page_begin(&maker, press, &page->context);
  const char *title = status_word(&maker, page->status, "title");
  const char *text = status_word(&maker, page->status, "text");
  page_set_head(&maker, &(PageHead){.title = title, .description = text, .unlisted = TRUE});
  g_autofree char *number = g_strdup_printf("%u", page->status);
  g_autofree char *status = locale_fill(maker.locale, "status", "number", number);
  template_set_text(maker.root, "heading", title);
  template_set_text(maker.root, "text", text);
  template_set_text(maker.root, "status", status);
  template_set_boolean(maker.root, "is_missing", page->status == 404 || page->status == 410);
  page_set_teasers(&maker, maker.root, "suggestions", page->suggestions, &SLOT_CARD);
  guint count = page->suggestions != NULL ? page->suggestions->len : 0;
  template_set_boolean(maker.root, "has_suggestions", count > 0);
  page_set_columns(maker.root, "suggestions_grid", count, 4);
  return page_end(&maker, "message", out, error);
}
