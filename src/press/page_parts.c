// SPDX-License-Identifier: Apache-2.0
//
// Implements the frame of page_parts.h: begin, head, end, and the small setters. Knows
// no kind of page; each page_*.c fills in its own.
#include "press/page_parts.h"

#include <string.h>

#include "model/address.h"

// Open Graph's recommended picture; the next rung of the ladder above 1200.
#define SHARED_IMAGE_WIDTH 1280

void page_begin(PageMaker *maker, const Press *press, const PageContext *context) {
  const PressLanguage *language = press_language(press, context->site->language);
  *maker = (PageMaker){.press = press,
                       .context = context,
                       .site = context->site,
                       .locale = language->locale,
                       .arena = template_arena_new(),
                       .scratch = g_string_sized_new(1024)};
  maker->root = template_object(maker->arena);
  template_set(maker->root, "words", language->words);
  template_set_text(maker->root, "language", maker->site->language);
  template_set_text(maker->root, "direction",
                    language_is_right_to_left(maker->site->language) ? "rtl" : "ltr");
}

GString *page_scratch(PageMaker *maker) {
  return g_string_truncate(maker->scratch, 0);
}

static void set_scratch(PageMaker *maker, TemplateValue *object, const char *name) {
  template_set_slice(object, name, (Slice){maker->scratch->str, maker->scratch->len});
}

void page_set_number(PageMaker *maker, TemplateValue *object, const char *name, gint64 number) {
  locale_write_number(maker->locale, number, page_scratch(maker));
  set_scratch(maker, object, name);
}

void page_set_count(PageMaker *maker, TemplateValue *object, const char *name, const char *key,
                    gint64 number) {
  g_autofree char *text = locale_count(maker->locale, key, number);
  template_set_text(object, name, text);
}

static void set_pattern(PageMaker *maker, TemplateValue *object, const char *name,
                        LocalePattern pattern, const Civil *civil) {
  locale_write(maker->locale, pattern, civil, page_scratch(maker));
  set_scratch(maker, object, name);
}

static TemplateValue *begin_moment(PageMaker *maker, TemplateValue *object, const char *name,
                                   gint64 instant, Civil *ret_civil) {
  if (instant == 0) {
    template_set_boolean(object, name, FALSE);
    return NULL;
  }
  char iso[CIVIL_RFC3339_SIZE];
  *ret_civil = civil_of(instant, maker->site->zone);
  civil_write_rfc3339(ret_civil, iso);
  TemplateValue *moment = template_set_object(object, name);
  template_set_text(moment, "iso", iso);
  return moment;
}

void page_set_moment(PageMaker *maker, TemplateValue *object, const char *name, gint64 instant) {
  Civil civil;
  TemplateValue *moment = begin_moment(maker, object, name, instant, &civil);
  if (moment != NULL) {
    LocalePattern pattern = civil_day(&civil) == maker->today    ? LOCALE_CLOCK
                            : civil.year == maker->today / 10000 ? LOCALE_DAY
                                                                 : LOCALE_DATE_SHORT;
    set_pattern(maker, moment, "text", pattern, &civil);
  }
}

void page_set_moment_full(PageMaker *maker, TemplateValue *object, const char *name,
                          gint64 instant) {
  Civil civil;
  TemplateValue *moment = begin_moment(maker, object, name, instant, &civil);
  if (moment != NULL) {
    set_pattern(maker, moment, "text", LOCALE_DATE_TIME, &civil);
  }
}

void page_set_language(PageMaker *maker, TemplateValue *object, const char *language) {
  gboolean differs = *language != '\0' && strcmp(language, maker->site->language) != 0;
  template_set_text(object, "lang", differs ? language : "");
  template_set_text(object, "dir",
                    !differs                              ? ""
                    : language_is_right_to_left(language) ? "rtl"
                                                          : "ltr");
}

// ---- the frame --------------------------------------------------------------------------------

static void set_address(PageMaker *maker, TemplateValue *object, const char *name,
                        const char *path) {
  GString *url = page_scratch(maker);
  g_string_append(url, maker->site->base_url);
  g_string_append(url, path);
  set_scratch(maker, object, name);
}

static void set_site(PageMaker *maker) {
  const Site *site = maker->site;
  TemplateValue *value = template_set_object(maker->root, "site");
  template_set_text(value, "name", site->name);
  template_set_text(value, "tagline", site->tagline);
  template_set_text(value, "description", site->description);
  template_set_text(value, "contact", site->contact);
  template_set_text(value, "publisher", *site->publisher != '\0' ? site->publisher : site->name);
  template_set_text(value, "url", site->base_url);
  Civil today = civil_of(maker->context->now, site->zone);
  maker->today = civil_day(&today);
  TemplateValue *date = template_set_object(maker->root, "today");
  char iso[CIVIL_RFC3339_SIZE];
  civil_write_rfc3339(&today, iso);
  iso[10] = '\0'; // the date alone
  template_set_text(date, "iso", iso);
  set_pattern(maker, date, "text", LOCALE_DATE_LONG, &today);
  template_set_integer(date, "year", today.year);
}

static void set_sections(PageMaker *maker, const Section *current) {
  TemplateValue *list = template_set_list(maker->root, "sections");
  for (guint i = 0; i < maker->site->sections->len; i++) {
    const Section *section = maker->site->sections->pdata[i];
    g_autofree char *path =
        address_listing((Listing){LISTING_SECTION, section->id}, section->slug, 1);
    TemplateValue *value = template_append_object(list);
    template_set_text(value, "name", section->name);
    template_set_text(value, "path", path);
    template_set_boolean(value, "current", current != NULL && current->id == section->id);
  }
}

typedef struct ScriptFonts { // those that a page's first screen needs
  const char *text, *furniture;
} ScriptFonts;

static ScriptFonts fonts_for(const char *language) {
  g_autofree char *primary = g_strndup(language, strcspn(language, "-"));
  if (language_is_right_to_left(language)) {
    return strcmp(primary, "he") == 0 || strcmp(primary, "yi") == 0
               ? (ScriptFonts){"fonts/frank-ruhl-hebrew.woff2", "fonts/noto-sans-hebrew.woff2"}
               : (ScriptFonts){"fonts/naskh-arabic.woff2", "fonts/noto-sans-arabic.woff2"};
  }
  return (ScriptFonts){"fonts/newsreader-latin.woff2", "fonts/franklin-latin.woff2"};
}

static void set_assets(PageMaker *maker) {
  ScriptFonts fonts = fonts_for(maker->site->language);
  const struct {
    const char *key, *name;
  } NAMED[] = {{"css", "site.css"},       {"count", "count.js"},
               {"icon", "icon.svg"},      {"icon_png", "icon-180.png"},
               {"font_text", fonts.text}, {"font_furniture", fonts.furniture}};
  TemplateValue *assets = template_set_object(maker->root, "assets");
  for (gsize i = 0; i < G_N_ELEMENTS(NAMED); i++) {
    template_set_text(assets, NAMED[i].key, assets_address(maker->press->assets, NAMED[i].name));
  }
}

static void set_feeds(PageMaker *maker, const PageHead *head) {
  static const struct {
    const char *extension, *type, *word;
  } FORMATS[] = {{"rss", "application/rss+xml", "feed_rss"},
                 {"atom", "application/atom+xml", "feed_atom"},
                 {"json", "application/feed+json", "feed_json"}};
  Listing all = {LISTING_ALL, 0};
  TemplateValue *list = template_set_list(maker->root, "feeds");
  for (gsize i = 0; i < G_N_ELEMENTS(FORMATS); i++) {
    const char *format = FORMATS[i].extension;
    Listing listing = head->feeds != NULL ? *head->feeds : all;
    g_autofree char *path = head->is_corrections ? address_corrections_feed(format)
                                                 : address_feed(listing, head->feed_slug, format);
    TemplateValue *feed = template_append_object(list);
    template_set_text(feed, "path", path);
    template_set_text(feed, "type", FORMATS[i].type);
    template_set_text(feed, "name", locale_word(maker->locale, FORMATS[i].word));
  }
}

// The largest 16x9 rendition up to 1280 wide; pictures that are smaller give what they have.
static void set_shared_image(PageMaker *maker, TemplateValue *value, const Image *image) {
  if (!page_picture_exists(image)) {
    template_set_boolean(value, "image", FALSE);
    return;
  }
  CropRectangle crop = image_crop(image, ASPECT_16X9);
  gint32 width = 0;
  for (gsize i = 0; IMAGE_WIDTHS[i] != 0 && IMAGE_WIDTHS[i] <= SHARED_IMAGE_WIDTH; i++) {
    width = IMAGE_WIDTHS[i] <= crop.width ? IMAGE_WIDTHS[i] : width;
  }
  ImageAddress address = {.image = image, .aspect = ASPECT_16X9, .width = width};
  g_autofree char *path = address_image(&address, maker->site->image_key);
  TemplateValue *shared = template_set_object(value, "image");
  set_address(maker, shared, "url", path);
  template_set_integer(shared, "width", width > 0 ? width : crop.width);
  template_set_integer(shared, "height",
                       width > 0 ? (gint64)width * crop.height / crop.width : crop.height);
  template_set_text(shared, "alt", image->alt);
}

void page_set_head(PageMaker *maker, const PageHead *head) {
  const Site *site = maker->site;
  TemplateValue *value = template_set_object(maker->root, "head");
  GString *title = page_scratch(maker);
  g_string_append(title, head->title != NULL ? head->title : site->name);
  if (head->title == NULL ? *site->tagline != '\0' : TRUE) {
    g_string_append(title, head->title == NULL ? ": " : " | ");
    g_string_append(title, head->title == NULL ? site->tagline : site->name);
  }
  set_scratch(maker, value, "title");
  template_set_text(value, "short_title", head->title != NULL ? head->title : site->name);
  gboolean described = head->description != NULL && *head->description != '\0';
  const char *description = described ? head->description : site->description;
  gboolean share_titled = head->share_title != NULL && *head->share_title != '\0';
  gboolean share_described = head->share_description != NULL && *head->share_description != '\0';
  template_set_text(value, "description", description);
  template_set_text(value, "share_title",
                    share_titled          ? head->share_title
                    : head->title != NULL ? head->title
                                          : site->name);
  template_set_text(value, "share_description",
                    share_described ? head->share_description : description);
  set_address(maker, value, "url", head->path != NULL ? head->path : maker->context->path);
  template_set_text(value, "kind", head->kind != NULL ? head->kind : "website");
  template_set_boolean(value, "unlisted", head->unlisted);
  set_shared_image(maker, value, head->image);
  set_site(maker);
  set_sections(maker, head->section);
  set_assets(maker);
  set_feeds(maker, head);
}

void page_discard(PageMaker *maker) {
  template_arena_free(maker->arena);
  g_string_free(maker->scratch, TRUE);
}

gboolean page_end(PageMaker *maker, const char *template_name, GString *out, GError **error) {
  gsize before = out->len;
  gboolean rendered =
      template_render(maker->press->templates, template_name, maker->root, out, error);
  if (!rendered) {
    g_string_truncate(out, before);
  }
  page_discard(maker);
  return rendered;
}
