// SPDX-License-Identifier: Apache-2.0
//
// Implements page_reader.h.
#include "press/page_reader.h"

#include <string.h>

#include "base/clock.h"
#include "press/markup_html.h"
#include "press/page_parts.h"

static void begin(PageMaker *maker, const Press *press, const PageContext *context,
                  const char *title) {
  page_begin(maker, press, context);
  page_set_head(maker, &(PageHead){.title = title, .unlisted = TRUE});
}

static void set_choices(PageMaker *maker, const GArray *choices) {
  TemplateValue *list = template_set_list(maker->root, "newsletters");
  for (guint i = 0; i < choices->len; i++) {
    const NewsletterChoice *choice = &g_array_index(choices, NewsletterChoice, i);
    g_autofree char *archive = g_strconcat("/newsletters/", choice->newsletter->slug, NULL);
    TemplateValue *value = template_append_object(list);
    template_set_text(value, "slug", choice->newsletter->slug);
    template_set_text(value, "name", choice->newsletter->name);
    template_set_text(value, "description", choice->newsletter->description);
    template_set_text(value, "archive", archive);
    template_set_boolean(value, "on", choice->on);
  }
}

// "I agree to the {terms} and the {privacy}." with the two as links, or without.
static char *agreement(const Locale *locale, gboolean links) {
  g_autofree char *terms =
      links ? g_strdup_printf("<a href=\"/terms\">%s</a>", locale_word(locale, "terms"))
            : g_strdup(locale_word(locale, "terms"));
  g_autofree char *privacy =
      links ? g_strdup_printf("<a href=\"/privacy\">%s</a>", locale_word(locale, "privacy_policy"))
            : g_strdup(locale_word(locale, "privacy_policy"));
  g_autofree char *first = locale_fill(locale, "signup_agree", "terms", terms);
  const char *mark = strstr(first, "{privacy}");
  return mark == NULL ? g_strdup(first)
                      : g_strdup_printf("%.*s%s%s", (int)(mark - first), first, privacy,
                                        mark + strlen("{privacy}"));
}

char *page_sign_up_wording(const Press *press, const char *language) {
  return agreement(press_language(press, language)->locale, FALSE);
}

gboolean page_sign_up(const Press *press, const SignUpPage *page, GString *out, GError **error) {
  PageMaker maker;
  page_begin(&maker, press, &page->context);
  page_set_head(&maker, &(PageHead){.title = locale_word(maker.locale, "newsletters"),
                                    .description = locale_word(maker.locale, "signup_intro")});
  set_choices(&maker, page->choices);
  // The words are the theme's own, and the links ours: nothing of a reader's is in it.
  g_autofree char *agree = agreement(maker.locale, TRUE);
  template_set_markup(maker.root, "agree", slice_of(agree));
  template_set_text(maker.root, "address", page->address);
  template_set_text(maker.root, "reader_name", page->name);
  template_set_text(maker.root, "error", page->error);
  template_set_text(maker.root, "suggestion", page->suggestion);
  template_set_text(maker.root, "form_token", page->form_token);
  template_set_text(maker.root, "origin", page->origin);
  template_set_integer(maker.root, "terms_version", page->terms_version);
  template_set_integer(maker.root, "privacy_version", page->privacy_version);
  template_set_boolean(maker.root, "offers_tracking", page->offers_tracking);
  return page_end(&maker, "newsletters", out, error);
}

gboolean page_action(const Press *press, const ActionPage *page, GString *out, GError **error) {
  PageMaker maker;
  const Locale *locale = press_language(press, page->context.site->language)->locale;
  begin(&maker, press, &page->context, locale_word(locale, page->title));
  g_autofree char *text =
      locale_fill(locale, page->text, "name", page->name != NULL ? page->name : "");
  template_set_text(maker.root, "heading", locale_word(locale, page->title));
  template_set_text(maker.root, "text", text);
  template_set_text(maker.root, "note", page->note != NULL ? locale_word(locale, page->note) : "");
  template_set_text(maker.root, "further", page->link != NULL ? page->link : "/");
  template_set_text(maker.root, "further_word",
                    locale_word(locale, page->link_word != NULL ? page->link_word : "try_front"));
  template_set_boolean(maker.root, "form", page->action != NULL);
  if (page->action != NULL) {
    TemplateValue *form = template_set_object(maker.root, "form");
    template_set_text(form, "action", page->action);
    template_set_text(form, "button", locale_word(locale, page->button));
    template_set_text(form, "field", page->field);
    template_set_text(form, "value", page->value);
    template_set_text(form, "second",
                      page->second != NULL ? locale_word(locale, page->second) : "");
    template_set_text(form, "second_value", page->second_value);
    g_autofree char *script = page->by_itself ? press_asset_address(press, "send.js") : NULL;
    template_set_text(form, "script", script);
  }
  return page_end(&maker, "action", out, error);
}

static void set_sections_of(PageMaker *maker, const GArray *section_ids) {
  TemplateValue *list = template_set_list(maker->root, "interests");
  for (guint i = 0; i < maker->site->sections->len; i++) {
    const Section *section = maker->site->sections->pdata[i];
    gboolean on = FALSE;
    for (guint n = 0; n < section_ids->len; n++) {
      on |= g_array_index(section_ids, gint64, n) == section->id;
    }
    TemplateValue *value = template_append_object(list);
    template_set_integer(value, "id", section->id);
    template_set_text(value, "name", section->name);
    template_set_boolean(value, "on", on);
  }
}

static void set_attachments(PageMaker *maker, const ReaderPage *page) {
  static const char *const WORDS[ATTACHMENT_CHOICES] = {"reader_attach_nothing",
                                                        "reader_attach_pdf", "reader_attach_epub"};
  template_set_boolean(maker->root, "offers_attachment", page->offers_attachment);
  TemplateValue *list = template_set_list(maker->root, "attachments");
  for (guint i = 0; i < ATTACHMENT_CHOICES; i++) {
    TemplateValue *value = template_append_object(list);
    template_set_text(value, "value", attachment_choice_name((AttachmentChoice)i));
    template_set_text(value, "name", locale_word(maker->locale, WORDS[i]));
    template_set_boolean(value, "on", page->attachment == (AttachmentChoice)i);
  }
}

gboolean page_reader(const Press *press, const ReaderPage *page, GString *out, GError **error) {
  PageMaker maker;
  const Locale *locale = press_language(press, page->context.site->language)->locale;
  begin(&maker, press, &page->context, locale_word(locale, "reader_title"));
  set_choices(&maker, page->choices);
  set_sections_of(&maker, page->section_ids);
  template_set_text(maker.root, "token", page->token);
  template_set_text(maker.root, "address", page->subscriber->address);
  template_set_text(maker.root, "reader_name", page->subscriber->name);
  template_set_text(maker.root, "zone", page->subscriber->zone_name);
  template_set_text(maker.root, "usual_zone", maker.site->zone_name);
  g_autofree char *paused = NULL;
  if (page->subscriber->paused_until > page->context.now) {
    gint32 day = clock_day(page->subscriber->paused_until, maker.site->zone);
    paused = g_strdup_printf("%04d-%02d-%02d", day / 10000, day / 100 % 100, day % 100);
  }
  template_set_text(maker.root, "paused_until", paused);
  set_attachments(&maker, page);
  template_set_boolean(maker.root, "saved", page->saved);
  template_set_text(maker.root, "error", page->error);
  template_set_boolean(maker.root, "offers_tracking", page->offers_tracking);
  template_set_boolean(maker.root, "tracking", page->subscriber->tracking);
  return page_end(&maker, "reader", out, error);
}

gboolean page_policy(const Press *press, const PolicyPage *page, GString *out, GError **error) {
  g_autoptr(Document) document = markup_parse(slice_of(page->policy->body), error);
  if (document == NULL) {
    return FALSE;
  }
  PageMaker maker;
  page_begin(&maker, press, &page->context);
  page_set_head(&maker, &(PageHead){.title = page->policy->title});
  g_autoptr(GString) body = g_string_new(NULL);
  markup_write_html(body, document, &(MarkupHtmlOptions){.heading_shift = 1}, NULL);
  template_set_text(maker.root, "heading", page->policy->title);
  template_set_markup(maker.root, "body", (Slice){body->str, body->len});
  page_set_moment_full(&maker, maker.root, "moment", page->policy->published_at);
  TemplateValue *list = template_set_list(maker.root, "versions");
  for (guint i = 0; i < page->versions->len; i++) {
    const Policy *one = page->versions->pdata[i];
    TemplateValue *value = template_append_object(list);
    g_autofree char *path =
        g_strdup_printf("/%s/%d", one->kind == POLICY_TERMS ? "terms" : "privacy", one->version);
    template_set_text(value, "path", path);
    template_set_integer(value, "number", one->version);
    template_set_boolean(value, "current", one->version == page->policy->version);
    page_set_moment_full(&maker, value, "moment", one->published_at);
  }
  template_set_boolean(maker.root, "has_versions", page->versions->len > 1);
  return page_end(&maker, "policy", out, error);
}

gboolean page_mailings(const Press *press, const MailingsPage *page, GString *out, GError **error) {
  PageMaker maker;
  g_autofree char *base = g_strconcat("/newsletters/", page->newsletter->slug, NULL);
  page_begin(&maker, press, &page->context);
  page_set_head(&maker, &(PageHead){.title = page->newsletter->name,
                                    .description = page->newsletter->description});
  template_set_text(maker.root, "heading", page->newsletter->name);
  template_set_text(maker.root, "text", page->newsletter->description);
  TemplateValue *list = template_set_list(maker.root, "mailings");
  for (guint i = 0; i < page->mailings->len; i++) {
    const Mailing *one = page->mailings->pdata[i];
    g_autofree char *path = g_strconcat("/mail/", one->public_id, NULL);
    TemplateValue *value = template_append_object(list);
    template_set_text(value, "path", path);
    template_set_text(value, "subject", one->subject);
    template_set_text(value, "preheader", one->preheader);
    page_set_moment_full(&maker, value, "moment", one->frozen_at);
  }
  template_set_boolean(maker.root, "has_mailings", page->mailings->len > 0);
  page_set_pager(&maker, base, page->page, page->page_count);
  return page_end(&maker, "mailings", out, error);
}
