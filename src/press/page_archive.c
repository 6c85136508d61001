// SPDX-License-Identifier: Apache-2.0
//
// The archive: years with their months and counts, a month as a calendar, a day's stories.
#include "press/page_parts.h"

#include "model/address.h"

static gint32 month_of(gint32 day) {
  return day / 100 % 100;
}

static const DayCount *day_at(const ArchivePage *page, guint index) {
  return &g_array_index(page->days, DayCount, index);
}

static guint day_count(const ArchivePage *page) {
  return page->days != NULL ? page->days->len : 0;
}

static gint64 stories_of(const ArchivePage *page, gint32 day) {
  for (guint i = 0; i < day_count(page); i++) {
    if (day_at(page, i)->day == day) {
      return day_at(page, i)->stories;
    }
  }
  return 0;
}

static void append_month(PageMaker *maker, TemplateValue *months, gint32 year, gint32 month,
                         gint64 stories) {
  TemplateValue *value = template_append_object(months);
  g_autofree char *path = address_month(year, month);
  g_autofree char *name = locale_month(maker->locale, year, month);
  template_set_text(value, "path", path);
  template_set_text(value, "name", name);
  page_set_count(maker, value, "count", "stories", stories);
}

// Days come newest first, so years and months do too.
static void set_years(PageMaker *maker, const ArchivePage *page) {
  TemplateValue *years = template_set_list(maker->root, "years");
  TemplateValue *months = NULL;
  gint32 year = 0;
  for (guint i = 0; i < day_count(page);) {
    gint32 day = day_at(page, i)->day;
    if (day / 10000 != year) {
      year = day / 10000;
      TemplateValue *value = template_append_object(years);
      template_set_integer(value, "year", year);
      g_autofree char *path = address_month(year, 0);
      template_set_text(value, "path", path);
      months = template_set_list(value, "months");
    }
    gint64 stories = 0;
    gint32 month = day / 100;
    for (; i < day_count(page) && day_at(page, i)->day / 100 == month; i++) {
      stories += day_at(page, i)->stories;
    }
    append_month(maker, months, year, month_of(day), stories);
  }
}

static void append_day(PageMaker *maker, const ArchivePage *page, TemplateValue *cells,
                       gint32 number) {
  TemplateValue *cell = template_append_object(cells);
  gint32 day = page->year * 10000 + page->month * 100 + number;
  gint64 stories = number > 0 ? stories_of(page, day) : 0;
  template_set_boolean(cell, "empty", number == 0);
  if (number == 0) {
    return;
  }
  page_set_number(maker, cell, "number", number);
  g_autofree char *path = stories > 0 ? address_day(day) : NULL;
  template_set_text(cell, "path", path);
  if (stories > 0) {
    page_set_count(maker, cell, "count", "stories", stories);
    page_set_number(maker, cell, "stories", stories);
  }
}

static void set_calendar(PageMaker *maker, const ArchivePage *page) {
  gint32 first_weekday = locale_first_weekday(maker->locale);
  TemplateValue *names = template_set_list(maker->root, "weekdays");
  for (gint32 i = 0; i < 7; i++) {
    g_autofree char *name = locale_weekday(maker->locale, (first_weekday - 1 + i) % 7 + 1);
    template_append_text(names, name);
  }
  TemplateValue *weeks = template_set_list(maker->root, "weeks");
  Civil first = civil_of_day(page->year * 10000 + page->month * 100 + 1);
  gint32 before = (first.weekday - first_weekday + 7) % 7;
  gint32 days = civil_days_in_month(page->year, page->month);
  TemplateValue *cells = NULL;
  for (gint32 i = 0; i < (before + days + 6) / 7 * 7; i++) {
    if (i % 7 == 0) {
      cells = template_set_list(template_append_object(weeks), "days");
    }
    gint32 number = i - before + 1;
    append_day(maker, page, cells, number >= 1 && number <= days ? number : 0);
  }
}

// The date in words: a day, a month, a year; NULL for the whole archive.
static char *date_words(const PageMaker *maker, const ArchivePage *page) {
  if (page->year == 0) {
    return NULL;
  }
  if (page->month == 0) {
    return g_strdup_printf("%d", page->year);
  }
  if (page->day == 0) {
    return locale_month(maker->locale, page->year, page->month);
  }
  Civil civil = civil_of_day(page->year * 10000 + page->month * 100 + page->day);
  GString *out = g_string_new(NULL);
  locale_write(maker->locale, LOCALE_DATE_LONG, &civil, out);
  return g_string_free(out, FALSE);
}

static void append_crumb(TemplateValue *crumbs, const char *name, const char *path) {
  TemplateValue *crumb = template_append_object(crumbs);
  template_set_text(crumb, "name", name);
  template_set_text(crumb, "path", path);
}

static void set_crumbs(PageMaker *maker, const ArchivePage *page) {
  TemplateValue *crumbs = template_set_list(maker->root, "crumbs");
  template_set_boolean(maker->root, "has_crumbs", page->year > 0);
  if (page->year > 0) {
    append_crumb(crumbs, locale_word(maker->locale, "archive"), "/archive");
  }
  if (page->day > 0) {
    g_autofree char *name = locale_month(maker->locale, page->year, page->month);
    g_autofree char *path = address_month(page->year, page->month);
    append_crumb(crumbs, name, path);
  }
}

gboolean page_archive(const Press *press, const ArchivePage *page, GString *out, GError **error) {
  PageMaker maker;
  page_begin(&maker, press, &page->context);
  g_autofree char *date = date_words(&maker, page);
  g_autofree char *title = date != NULL ? locale_fill(maker.locale, "archive_title", "date", date)
                                        : g_strdup(locale_word(maker.locale, "archive"));
  g_autofree char *base = page->day > 0
                              ? address_day(page->year * 10000 + page->month * 100 + page->day)
                              : g_strdup("/archive");
  page_set_head(&maker, &(PageHead){.title = title,
                                    .description = locale_word(maker.locale, "archive_intro")});
  template_set_text(maker.root, "heading", date != NULL ? date : title);
  gboolean is_calendar = page->month > 0 && page->day == 0;
  gboolean is_day = page->day > 0;
  template_set_boolean(maker.root, "is_calendar", is_calendar);
  template_set_boolean(maker.root, "is_day", is_day);
  template_set_boolean(maker.root, "is_years", !is_calendar && !is_day);
  set_crumbs(&maker, page);
  if (is_calendar) {
    set_calendar(&maker, page);
  } else if (!is_day) {
    set_years(&maker, page);
  }
  page_set_teasers(&maker, maker.root, "stories", page->stories, &SLOT_CARD);
  gboolean has_stories = page->stories != NULL && page->stories->len > 0;
  template_set_boolean(maker.root, "is_empty", !has_stories && day_count(page) == 0);
  page_set_pager(&maker, base, page->page, page->page_count);
  return page_end(&maker, "archive", out, error);
}
