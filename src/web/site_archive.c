// SPDX-License-Identifier: Apache-2.0
//
// The archive by date: all months, a year's, a month's days, a day's stories. A date without
// stories is not there (404), so that nobody crawls an endless calendar.
#include "model/address.h"
#include "store/story_rows.h"
#include "web/site_visit.h"

#define LAST_DAY 99991231
static const Listing ALL = {LISTING_ALL, 0};

// The date in the path, as deep as it goes; FALSE if there is none of that name.
static gboolean parse_date(const Request *request, guint depth, ArchivePage *page) {
  guint64 numbers[3] = {1, 1, 1};
  static const guint64 MAXIMA[3] = {9999, 12, 31};
  for (guint i = 0; i < depth; i++) {
    if (!slice_parse_uint(slice_of(request_parameter(request, i)), MAXIMA[i], &numbers[i])) {
      return FALSE;
    }
  }
  if (numbers[0] == 0 ||
      !g_date_valid_dmy((GDateDay)numbers[2], (GDateMonth)numbers[1], (GDateYear)numbers[0])) {
    return FALSE;
  }
  page->year = depth > 0 ? (gint32)numbers[0] : 0;
  page->month = depth > 1 ? (gint32)numbers[1] : 0;
  page->day = depth > 2 ? (gint32)numbers[2] : 0;
  return TRUE;
}

static gint32 first_day(const ArchivePage *page) {
  return page->year * 10000 + page->month * 100 + page->day;
}

static gint32 last_day(const ArchivePage *page) {
  return page->year == 0    ? LAST_DAY
         : page->month == 0 ? page->year * 10000 + 1231
         : page->day == 0   ? page->year * 10000 + page->month * 100 + 31
                            : first_day(page);
}

static char *archive_path(const ArchivePage *page) {
  if (page->day != 0) {
    g_autofree char *day = address_day(first_day(page));
    return page->page > 1 ? g_strdup_printf("%s?page=%u", day, page->page) : g_steal_pointer(&day);
  }
  return page->year != 0 ? address_month(page->year, page->month) : g_strdup("/archive");
}

static gint64 stories_in(const GArray *days) {
  gint64 total = 0;
  for (guint i = 0; i < days->len; i++) {
    total += g_array_index(days, DayCount, i).stories;
  }
  return total;
}

// The day's stories stand in the list of all behind those of later days.
static GPtrArray *read_stories(const SiteVisit *visit, const ArchivePage *page, gint64 total,
                               GError **error) {
  guint size = site_page_size(visit->website);
  guint64 offset = (guint64)(page->page - 1) * size;
  g_autoptr(GArray) later =
      story_rows_days(visit->transaction, ALL, first_day(page) + 1, LAST_DAY, error);
  if (later == NULL) {
    return NULL;
  }
  guint limit = (guint)MIN((guint64)size, (guint64)total - offset);
  return story_rows_list(visit->transaction, ALL, (guint64)stories_in(later) + offset, limit,
                         error);
}

static Response *answer_archive(const SiteVisit *visit, ArchivePage *page, GError **error) {
  g_autoptr(GArray) days =
      story_rows_days(visit->transaction, ALL, first_day(page), last_day(page), error);
  if (days == NULL) {
    return NULL;
  }
  gint64 total = stories_in(days);
  page->days = days;
  page->page = 1;
  page->page_count = page->day != 0 ? site_page_count(total, site_page_size(visit->website)) : 1;
  if ((page->day != 0 && !site_page_number(visit->request, &page->page)) ||
      page->page > page->page_count || (page->year != 0 && total == 0)) {
    return site_missing(visit, error);
  }
  g_autofree char *path = archive_path(page);
  Response *elsewhere = site_canonical(visit, path);
  if (elsewhere != NULL) {
    return elsewhere;
  }
  g_autoptr(GPtrArray) stories =
      page->day != 0 ? read_stories(visit, page, total, error) : g_ptr_array_new();
  page->stories = stories;
  page->context = site_context(visit, path);
  g_autoptr(GString) html = g_string_sized_new(SITE_PAGE_BYTES);
  if (stories == NULL || !page_archive(visit->website->press, page, html, error)) {
    return NULL;
  }
  return site_page(visit, g_steal_pointer(&html));
}

static Response *archive_of_depth(const Request *request, Website *website, guint depth,
                                  GError **error) {
  g_auto(SiteVisit) visit = {0};
  ArchivePage page = {0};
  if (!site_visit_begin(&visit, request, website, error)) {
    return NULL;
  }
  if (!parse_date(request, depth, &page)) {
    return site_missing(&visit, error);
  }
  return answer_archive(&visit, &page, error);
}

Response *site_archive(const Request *request, Website *website, GError **error) {
  return archive_of_depth(request, website, 0, error);
}

Response *site_archive_year(const Request *request, Website *website, GError **error) {
  return archive_of_depth(request, website, 1, error);
}

Response *site_archive_month(const Request *request, Website *website, GError **error) {
  return archive_of_depth(request, website, 2, error);
}

Response *site_archive_day(const Request *request, Website *website, GError **error) {
  return archive_of_depth(request, website, 3, error);
}
