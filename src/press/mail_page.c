// SPDX-License-Identifier: Apache-2.0
//
// Implements mail_page.h. The same models are written three times: as the HTML part, whose style
// sheet is inlined because mail programs read little else; as the text part; and as the page of the
// archive, which keeps its style sheet and has nothing of any one reader's.
#include "press/mail_page.h"

#include <string.h>

#include "model/address.h"
#include "press/css_inline.h"
#include "press/mail_text.h"
#include "press/markup_html.h"
#include "press/mime.h"
#include "press/page_parts.h"

G_DEFINE_QUARK(broadsheet - mail - page - error, mail_page_error)

// What a preheader is followed by, so that mail programs don't fill the line with the first words.
#define PREHEADER_SPACE "&#847;&zwnj;&nbsp;"
#define PREHEADER_SPACES 60
#define STYLE_NAME "mail/mail.css"

enum {
  COVER_WIDTH = 1280,
  COVER_SHOWN = 536,
  LEAD_WIDTH = 1280,
  LEAD_SHOWN = 536,
  THUMB_WIDTH = 320,
  THUMB_SHOWN = 144
};

void mail_parts_free(MailParts *parts) {
  if (parts != NULL) {
    g_free(parts->html);
    g_free(parts->text);
    g_free(parts->page);
    g_clear_pointer(&parts->links, g_ptr_array_unref);
    g_free(parts);
  }
}

// One rendering: for the readers, or for the archive.
typedef struct MailMaker {
  PageMaker page;
  const MailPage *mail; // NULL for a notice
  gboolean archive;
  GPtrArray *links; // counted links, by number; NULL: not counted
} MailMaker;

static void begin(MailMaker *maker, const Press *press, const PageContext *context,
                  const char *language) {
  page_begin(&maker->page, press, context);
  if (language != NULL && *language != '\0') {
    const PressLanguage *wanted = press_language(press, language);
    maker->page.locale = wanted->locale;
    template_set(maker->page.root, "words", wanted->words);
    template_set_text(maker->page.root, "language", language);
    template_set_text(maker->page.root, "direction",
                      language_is_right_to_left(language) ? "rtl" : "ltr");
  }
  const Site *site = context->site;
  TemplateValue *value = template_set_object(maker->page.root, "site");
  template_set_text(value, "name", site->name);
  template_set_text(value, "tagline", site->tagline);
  template_set_text(value, "url", site->base_url);
  template_set_text(value, "contact", site->contact);
  template_set_text(value, "postal_address", site->postal_address);
  template_set_text(value, "publisher", *site->publisher != '\0' ? site->publisher : site->name);
}

static char *absolute(const MailMaker *maker, const char *path) {
  return g_strconcat(maker->page.site->base_url, path, NULL);
}

static void set_date(MailMaker *maker, gint64 date) {
  g_autofree char *text = locale_date_long(maker->page.locale, date, maker->page.site->zone);
  template_set_text(maker->page.root, "date", text);
}

static void set_preheader(MailMaker *maker, const char *preheader) {
  template_set_text(maker->page.root, "preheader", preheader);
  g_autoptr(GString) space = g_string_new(NULL);
  for (int i = 0; i < PREHEADER_SPACES; i++) {
    g_string_append(space, PREHEADER_SPACE);
  }
  template_set_markup(maker->page.root, "preheader_space", (Slice){space->str, space->len});
}

// The address that a story's links have in this mail: its own, or one that counts the click.
static char *story_url(MailMaker *maker, const Teaser *story) {
  g_autofree char *path = address_teaser(story);
  g_autofree char *url = absolute(maker, path);
  if (maker->links == NULL || maker->archive) {
    return g_steal_pointer(&url);
  }
  guint number = maker->links->len;
  g_ptr_array_add(maker->links, g_steal_pointer(&url));
  return g_strdup_printf("%s/c/%s/%u", maker->page.site->base_url,
                         LETTER_SLOT_TEXT[LETTER_SLOT_CLICK], number);
}

static void set_picture(MailMaker *maker, TemplateValue *value, const Image *image,
                        ImageAspect aspect, gint32 width, gint32 shown) {
  if (!page_picture_exists(image)) {
    template_set_boolean(value, "picture", FALSE);
    return;
  }
  CropRectangle crop = image_crop(image, aspect);
  // Nobody renders a picture larger than its cut; mail programs scale what is smaller.
  gint32 rung = 0;
  for (gsize i = 0; IMAGE_WIDTHS[i] != 0 && IMAGE_WIDTHS[i] <= MIN(width, crop.width); i++) {
    rung = IMAGE_WIDTHS[i];
  }
  ImageAddress address = {
      .image = image, .aspect = aspect, .crop = crop, .format = FORMAT_JPEG, .width = rung};
  g_autofree char *path = address_image(&address, NULL);
  g_autofree char *url = absolute(maker, path);
  TemplateValue *picture = template_set_object(value, "picture");
  template_set_text(picture, "src", url);
  template_set_text(picture, "alt", image->alt);
  template_set_integer(picture, "width", shown);
  template_set_integer(picture, "height",
                       MAX(((gint64)shown * crop.height + crop.width / 2) / crop.width, 1));
}

static void set_story(MailMaker *maker, TemplateValue *value, const Teaser *story, gboolean lead) {
  g_autofree char *url = story_url(maker, story);
  template_set_text(value, "url", url);
  template_set_text(value, "headline", story->headline);
  template_set_text(value, "standfirst", story->standfirst);
  template_set_text(value, "label", *story->kicker != '\0' ? story->kicker : story->section_name);
  g_auto(GStrv) names = g_strsplit(story->byline_names, "\n", -1);
  g_autofree char *joined =
      locale_join(maker->page.locale, (const char *const *)names, g_strv_length(names));
  template_set_text(value, "byline", joined);
  page_set_language(&maker->page, value, story->language);
  if (lead) {
    set_picture(maker, value, story->hero, ASPECT_16X9, LEAD_WIDTH, LEAD_SHOWN);
  } else {
    set_picture(maker, value, story->hero, ASPECT_1X1, THUMB_WIDTH, THUMB_SHOWN);
  }
}

static void set_correction(MailMaker *maker, TemplateValue *value) {
  const Correction *correction = maker->mail->correction;
  template_set_text(
      value, "flash",
      locale_word(maker->page.locale, correction != NULL ? "mail_correction" : "mail_breaking"));
  if (correction == NULL) {
    template_set_boolean(value, "correction", FALSE);
    return;
  }
  TemplateValue *object = template_set_object(value, "correction");
  template_set_text(object, "wrong", correction->wrong);
  template_set_text(object, "right", correction->right);
}

static void set_stories(MailMaker *maker) {
  GPtrArray *stories = maker->mail->stories;
  if (stories->len > 0) {
    TemplateValue *lead = template_set_object(maker->page.root, "lead");
    set_story(maker, lead, stories->pdata[0], TRUE);
    set_correction(maker, lead);
  }
  TemplateValue *list = template_set_list(maker->page.root, "stories");
  for (guint i = 1; i < stories->len; i++) {
    set_story(maker, template_append_object(list), stories->pdata[i], FALSE);
  }
}

// Where the edition stands on the web: for a subscriber by their own link, before the public sees
// it.
static char *edition_url(const MailPage *mail, gboolean archive) {
  g_autofree char *path = address_edition(mail->edition->day);
  return archive ? g_strconcat(mail->context.site->base_url, path, NULL)
                 : g_strconcat(mail->context.site->base_url, path,
                               "?first=", LETTER_SLOT_TEXT[LETTER_SLOT_EDITION], NULL);
}

static const char *edition_note(const MailPage *mail, const Locale *locale) {
  return mail->edition->attached    ? locale_word(locale, "mail_edition_attached")
         : mail->edition->too_large ? locale_word(locale, "mail_edition_too_large")
                                    : "";
}

static void set_file(MailMaker *maker, TemplateValue *list, const EditionFile *file,
                     const char *word) {
  if (file == NULL) {
    return;
  }
  g_autofree char *path = address_edition_file(maker->page.site, file);
  g_autofree char *url = absolute(maker, path);
  g_autofree char *size = g_format_size((guint64)file->byte_count);
  TemplateValue *value = template_append_object(list);
  template_set_text(value, "url", url);
  template_set_text(value, "name", locale_word(maker->page.locale, word));
  template_set_text(value, "size", size);
}

static void set_edition(MailMaker *maker) {
  const MailEdition *edition = maker->mail->edition;
  TemplateValue *root = maker->page.root;
  template_set_boolean(root, "cover", FALSE);
  if (edition == NULL) {
    template_set_text(root, "edition_url", "");
    return;
  }
  g_autofree char *url = edition_url(maker->mail, maker->archive);
  template_set_text(root, "edition_url", url);
  template_set_text(root, "edition_note",
                    maker->archive ? "" : edition_note(maker->mail, maker->page.locale));
  TemplateValue *files = template_set_list(root, "edition_files");
  set_file(maker, files, edition->pdf, "mail_edition_pdf");
  set_file(maker, files, edition->epub, "mail_edition_epub");
  if (edition->cover == NULL || edition->cover->width <= 0) {
    return;
  }
  g_autofree char *path = address_edition_picture(edition->cover, FORMAT_JPEG, COVER_WIDTH);
  g_autofree char *source = absolute(maker, path);
  g_autofree char *alt =
      locale_fill(maker->page.locale, "edition_cover", "name", maker->page.site->name);
  TemplateValue *cover = template_set_object(root, "cover");
  template_set_text(cover, "url", url);
  template_set_text(cover, "src", source);
  template_set_text(cover, "alt", alt);
  template_set_integer(cover, "width", COVER_SHOWN);
  template_set_integer(cover, "height",
                       (gint64)COVER_SHOWN * edition->cover->height / edition->cover->width);
}

// The footer's links. In the archive only what anyone may press.
static void set_links(MailMaker *maker) {
  template_set_boolean(maker->page.root, "links", !maker->archive);
  if (maker->archive) {
    return;
  }
  g_autofree char *unsubscribe = g_strconcat(maker->page.site->base_url, "/unsubscribe/",
                                             LETTER_SLOT_TEXT[LETTER_SLOT_UNSUBSCRIBE], NULL);
  g_autofree char *reader = g_strconcat(maker->page.site->base_url, "/reader/",
                                        LETTER_SLOT_TEXT[LETTER_SLOT_READER], NULL);
  g_autofree char *view = absolute(maker, maker->page.context->path);
  template_set_text(maker->page.root, "unsubscribe_url", unsubscribe);
  template_set_text(maker->page.root, "reader_url", reader);
  template_set_text(maker->page.root, "view_url", view);
  if (maker->mail->counted) {
    g_autofree char *open = g_strconcat(maker->page.site->base_url, "/o/",
                                        LETTER_SLOT_TEXT[LETTER_SLOT_OPEN], ".gif", NULL);
    template_set_text(maker->page.root, "open_url", open);
  }
}

static gboolean set_introduction(MailMaker *maker, GError **error) {
  const MailPage *mail = maker->mail;
  g_autoptr(GString) html = g_string_new(NULL);
  if (*mail->introduction != '\0') {
    g_autoptr(Document) document = markup_parse(slice_of(mail->introduction), error);
    if (document == NULL) {
      g_prefix_error(error, "introduction: ");
      return FALSE;
    }
    MarkupHtmlOptions options = {.base_url = maker->page.site->base_url, .heading_shift = 1};
    markup_write_html(html, document, &options, NULL);
  }
  template_set_markup(maker->page.root, "introduction", (Slice){html->str, html->len});
  template_set_text(maker->page.root, "greeting",
                    maker->archive ? "" : LETTER_SLOT_TEXT[LETTER_SLOT_GREETING]);
  return TRUE;
}

// Ends the making: inlined for readers, with its style sheet for the archive. NULL on error.
static char *finish(MailMaker *maker, const char *template_name, GError **error) {
  const Press *press = maker->page.press;
  g_autoptr(GString) html = g_string_sized_new(32768);
  g_autofree char *name = g_strconcat("mail/", template_name, NULL);
  if (!page_end(&maker->page, name, html, error)) {
    return NULL;
  }
  const char *css = g_hash_table_lookup(press->styles, STYLE_NAME);
  if (!maker->archive) {
    return css_inline(html->str, css, error);
  }
  const char *head = strstr(html->str, "</head>");
  if (head != NULL) {
    g_autofree char *style = g_strconcat("<meta name=\"robots\" content=\"noindex\">\n<style>\n",
                                         css, "</style>\n", NULL);
    g_string_insert(html, head - html->str, style);
  }
  return g_strdup(html->str);
}

static char *render(const Press *press, const MailPage *mail, gboolean archive, GPtrArray *links,
                    GError **error) {
  MailMaker maker = {.mail = mail, .archive = archive, .links = links};
  begin(&maker, press, &mail->context, mail->newsletter->language);
  TemplateValue *root = maker.page.root;
  template_set_text(root, "subject", mail->subject);
  template_set_text(root, "newsletter_name", mail->newsletter->name);
  set_preheader(&maker, mail->preheader);
  set_date(&maker, mail->date);
  g_autofree char *reason =
      locale_fill(maker.page.locale, "mail_reason", "name", mail->newsletter->name);
  template_set_text(root, "reason", archive ? "" : reason);
  if (!set_introduction(&maker, error)) {
    page_discard(&maker.page);
    return NULL;
  }
  set_stories(&maker);
  set_edition(&maker);
  set_links(&maker);
  return finish(&maker, mail->template, error);
}

// ---- the text part ----------------------------------------------------------------------------

static void write_story(GString *out, const MailPage *mail, const Teaser *story) {
  g_autofree char *path = address_teaser(story);
  g_autofree char *url = g_strconcat(mail->context.site->base_url, path, NULL);
  const char *label = *story->kicker != '\0' ? story->kicker : story->section_name;
  if (*label != '\0') {
    g_autofree char *line = g_strdup_printf("[%s]\n", label);
    g_string_append(out, line);
  }
  mail_text_title(out, story->headline);
  mail_text_paragraph(out, story->standfirst);
  mail_text_link(out, url);
}

static void write_edition(GString *out, const MailPage *mail, const Locale *locale) {
  if (mail->edition == NULL) {
    return;
  }
  g_autofree char *url = edition_url(mail, FALSE);
  mail_text_labelled(out, locale_word(locale, "mail_read_edition"), url);
  const EditionFile *files[] = {mail->edition->pdf, mail->edition->epub};
  static const char *const WORDS[] = {"mail_edition_pdf", "mail_edition_epub"};
  for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
    if (files[i] != NULL) {
      g_autofree char *path = address_edition_file(mail->context.site, files[i]);
      g_autofree char *file = g_strconcat(mail->context.site->base_url, path, NULL);
      mail_text_labelled(out, locale_word(locale, WORDS[i]), file);
    }
  }
  g_string_append_c(out, '\n');
  mail_text_paragraph(out, edition_note(mail, locale));
}

static void write_footer(GString *out, const MailPage *mail, const Locale *locale) {
  const char *base = mail->context.site->base_url;
  g_autofree char *reason = locale_fill(locale, "mail_reason", "name", mail->newsletter->name);
  g_autofree char *unsubscribe =
      g_strconcat(base, "/unsubscribe/", LETTER_SLOT_TEXT[LETTER_SLOT_UNSUBSCRIBE], NULL);
  g_autofree char *reader =
      g_strconcat(base, "/reader/", LETTER_SLOT_TEXT[LETTER_SLOT_READER], NULL);
  g_autofree char *view = g_strconcat(base, mail->context.path, NULL);
  mail_text_rule(out);
  mail_text_paragraph(out, reason);
  mail_text_labelled(out, locale_word(locale, "mail_preferences"), reader);
  mail_text_labelled(out, locale_word(locale, "mail_unsubscribe"), unsubscribe);
  mail_text_labelled(out, locale_word(locale, "mail_view"), view);
  const Site *site = mail->context.site;
  g_string_append_printf(out, "\n%s", *site->publisher != '\0' ? site->publisher : site->name);
  g_string_append_printf(out, "%s%s", *site->postal_address != '\0' ? ", " : "",
                         site->postal_address);
  g_string_append_printf(out, *site->contact != '\0' ? " <%s>\n" : "%s\n", site->contact);
}

static char *write_text(const Press *press, const MailPage *mail, GError **error) {
  const Site *site = mail->context.site;
  const char *language =
      *mail->newsletter->language != '\0' ? mail->newsletter->language : site->language;
  const Locale *locale = press_language(press, language)->locale;
  g_autoptr(GString) out = g_string_sized_new(8192);
  g_autofree char *date = locale_date_long(locale, mail->date, site->zone);
  g_string_append_printf(out, "%s\n%s, %s\n\n", site->name, mail->newsletter->name, date);
  if (*mail->introduction != '\0') {
    g_autoptr(Document) document = markup_parse(slice_of(mail->introduction), error);
    if (document == NULL) {
      return NULL;
    }
    g_autofree char *introduction = document_text(document);
    g_string_append_printf(out, "%s%s%s\n\n", locale_word(locale, "mail_hello"),
                           LETTER_SLOT_TEXT[LETTER_SLOT_GREETING],
                           locale_word(locale, "mail_comma"));
    mail_text_paragraph(out, introduction);
  }
  if (mail->correction != NULL) {
    mail_text_title(out, locale_word(locale, "mail_correction"));
    mail_text_paragraph(out, locale_word(locale, "corrected_wrong"));
    mail_text_paragraph(out, mail->correction->wrong);
    mail_text_paragraph(out, locale_word(locale, "corrected_right"));
    mail_text_paragraph(out, mail->correction->right);
  }
  write_edition(out, mail, locale);
  for (guint i = 0; i < mail->stories->len; i++) {
    write_story(out, mail, mail->stories->pdata[i]);
  }
  write_footer(out, mail, locale);
  return g_string_free(g_steal_pointer(&out), FALSE);
}

MailParts *mail_page_render(const Press *press, const MailPage *page, GError **error) {
  g_autoptr(MailParts) parts = g_new0(MailParts, 1);
  parts->links = g_ptr_array_new_with_free_func(g_free);
  parts->html = render(press, page, FALSE, page->counted ? parts->links : NULL, error);
  if (parts->html == NULL || (parts->page = render(press, page, TRUE, NULL, error)) == NULL ||
      (parts->text = write_text(press, page, error)) == NULL) {
    return NULL;
  }
  gsize length = strlen(parts->html);
  if (length > MAIL_PAGE_LIMIT) {
    g_set_error(error, MAIL_PAGE_ERROR, MAIL_PAGE_ERROR_TOO_LONG,
                "the mail's HTML has %" G_GSIZE_FORMAT " bytes, %" G_GSIZE_FORMAT
                " more than the %d that every mail program shows whole: leave stories out, or "
                "shorten the introduction",
                length, length - MAIL_PAGE_LIMIT, MAIL_PAGE_LIMIT);
    return NULL;
  }
  return g_steal_pointer(&parts);
}

char *mail_correction_subject(const Press *press, const char *language, const char *headline) {
  return locale_fill(press_language(press, language)->locale, "mail_correction_subject", "headline",
                     headline);
}

// ---- notices ----------------------------------------------------------------------------------

static void set_paragraphs(TemplateValue *root, const char *name, const char *const *paragraphs) {
  TemplateValue *list = template_set_list(root, name);
  for (guint i = 0; paragraphs != NULL && paragraphs[i] != NULL; i++) {
    template_append_text(list, paragraphs[i]);
  }
}

static char *write_notice_text(const MailNotice *notice, const Locale *locale) {
  GString *out = g_string_sized_new(2048);
  const Site *site = notice->context.site;
  g_string_append_printf(out, "%s\n\n", site->name);
  mail_text_title(out, notice->title);
  if (*notice->greeting != '\0') {
    g_string_append_printf(out, "%s%s\n\n", notice->greeting, locale_word(locale, "mail_comma"));
  }
  for (guint i = 0; notice->paragraphs[i] != NULL; i++) {
    mail_text_paragraph(out, notice->paragraphs[i]);
  }
  if (notice->button != NULL) {
    mail_text_labelled(out, notice->button, notice->button_url);
    g_string_append_c(out, '\n');
  }
  for (guint i = 0; notice->after != NULL && notice->after[i] != NULL; i++) {
    if (g_strcmp0(notice->after[i], notice->button_url) != 0) { // stands above already
      mail_text_paragraph(out, notice->after[i]);
    }
  }
  mail_text_rule(out);
  mail_text_paragraph(out, notice->reason);
  g_string_append_printf(out, "%s\n", *site->publisher != '\0' ? site->publisher : site->name);
  return g_string_free(out, FALSE);
}

MailParts *mail_notice_render(const Press *press, const MailNotice *notice, GError **error) {
  MailMaker maker = {0};
  begin(&maker, press, &notice->context, notice->language);
  const Locale *locale = maker.page.locale; // the theme's
  TemplateValue *root = maker.page.root;
  set_date(&maker, notice->context.now);
  template_set_text(root, "subject", notice->title);
  template_set_text(root, "title", notice->title);
  template_set_text(root, "greeting", notice->greeting);
  template_set_text(root, "reason", notice->reason);
  template_set_text(root, "newsletter_name", "");
  template_set_text(root, "preheader", "");
  template_set_boolean(root, "links", FALSE);
  set_paragraphs(root, "paragraphs", notice->paragraphs);
  set_paragraphs(root, "after", notice->after);
  template_set_boolean(root, "has_after", notice->after != NULL && notice->after[0] != NULL);
  if (notice->button != NULL) {
    TemplateValue *button = template_set_object(root, "button");
    template_set_text(button, "label", notice->button);
    template_set_text(button, "url", notice->button_url);
  }
  g_autoptr(MailParts) parts = g_new0(MailParts, 1);
  parts->links = g_ptr_array_new_with_free_func(g_free);
  parts->html = finish(&maker, "notice", error);
  if (parts->html == NULL) {
    return NULL;
  }
  parts->page = g_strdup("");
  parts->text = write_notice_text(notice, locale);
  return g_steal_pointer(&parts);
}
