// SPDX-License-Identifier: Apache-2.0
//
// Implements mailing_content.h.
#include "newsroom/mailing_content.h"

#include <string.h>

#include "base/slice.h"
#include "model/address.h"
#include "newsroom/edition_parts.h"
#include "press/mime.h"
#include "store/edition_rows.h"
#include "store/newsletter_rows.h"
#include "store/site_rows.h"
#include "store/story_rows.h"

void mailing_matter_clear(MailingMatter *matter) {
  g_clear_pointer(&matter->mailing, mailing_free);
  g_clear_pointer(&matter->newsletter, newsletter_free);
  g_clear_pointer(&matter->site, site_unref);
  g_clear_pointer(&matter->stories, g_ptr_array_unref);
  g_clear_pointer(&matter->correction, correction_free);
  g_clear_pointer(&matter->files, g_ptr_array_unref);
  g_clear_pointer(&matter->attachment, g_bytes_unref);
  g_clear_pointer(&matter->path, g_free);
}

const char *mailing_sender_name(const Newsletter *newsletter, const Site *site) {
  return *newsletter->sender_name != '\0' ? newsletter->sender_name : site->name;
}

char *mailing_sender_address(const Newsletter *newsletter, const Site *site) {
  return *newsletter->sender_address != '\0' ? g_strdup(newsletter->sender_address)
                                             : site_sender(site);
}

GTimeZone *mailing_zone(const Newsletter *newsletter, const Site *site) {
  GTimeZone *zone =
      *newsletter->zone_name != '\0' ? g_time_zone_new_identifier(newsletter->zone_name) : NULL;
  return zone != NULL ? zone : g_time_zone_ref(site->zone);
}

// "correction 3 17 5": the fourth word is the correction's number. 0: the occasion is another.
static gint64 correction_number(const char *occasion) {
  g_auto(GStrv) words = g_strsplit(occasion, " ", 5);
  guint64 number = 0;
  return g_strv_length(words) == 4 && strcmp(words[0], "correction") == 0 &&
                 slice_parse_uint(slice_of(words[3]), G_MAXINT64, &number)
             ? (gint64)number
             : 0;
}

static gboolean load_correction(MailingMatter *matter, StoreTransaction *transaction,
                                GError **error) {
  gint64 wanted = correction_number(matter->mailing->occasion);
  if (wanted == 0 || matter->stories->len == 0) {
    return TRUE;
  }
  const Teaser *teaser = matter->stories->pdata[0];
  g_autoptr(Story) story = story_rows_get(transaction, teaser->id, error);
  if (story == NULL) {
    return FALSE;
  }
  for (guint i = 0; i < story->corrections->len; i++) {
    Correction *correction = story->corrections->pdata[i];
    if (correction->id == wanted) {
      matter->correction = g_new0(Correction, 1);
      *matter->correction = (Correction){.id = correction->id,
                                         .story_id = correction->story_id,
                                         .corrected_at = correction->corrected_at,
                                         .wrong = g_strdup(correction->wrong),
                                         .right = g_strdup(correction->right)};
    }
  }
  return TRUE;
}

// ---- the edition that it is about ---------------------------------------------------------------

static const EditionFile *find_file(const GPtrArray *files, EditionFileKind kind,
                                    EditionFormat format, gint32 page) {
  for (guint i = 0; i < files->len; i++) {
    const EditionFile *file = files->pdata[i];
    if (file->kind == kind && file->format == format && file->page == page) {
      return file;
    }
  }
  return NULL;
}

// What the readers of this mailing want attached, if it is small enough.
static void choose_attachment(MailingMatter *matter, gint32 megabytes) {
  gint32 choice = matter->mailing->audience - 1;
  const EditionFile *file = choice == ATTACH_PDF    ? matter->edition.pdf
                            : choice == ATTACH_EPUB ? matter->edition.epub
                                                    : NULL;
  if (file != NULL && file->byte_count <= (gint64)megabytes << 20) {
    matter->attached = file;
    matter->edition.attached = TRUE;
  }
  matter->edition.too_large = file != NULL && matter->attached == NULL;
}

static gboolean load_edition(MailingMatter *matter, StoreTransaction *transaction, GError **error) {
  gint32 day = edition_day_of_occasion(matter->mailing->occasion);
  if (day == 0) {
    return TRUE;
  }
  GError *failure = NULL;
  g_autoptr(Edition) edition = edition_rows_get(transaction, day, &failure);
  if (edition == NULL && change_is_absent(&failure)) { // restored without it: links would be dead
    return TRUE;
  }
  g_autoptr(EditionSettings) settings =
      edition != NULL ? edition_rows_settings(transaction, &failure) : NULL;
  matter->files = settings != NULL ? edition_rows_files(transaction, day, &failure) : NULL;
  if (matter->files == NULL) {
    g_propagate_error(error, failure);
    return FALSE;
  }
  EditionFormat first = edition_first_format(edition->formats);
  matter->edition = (MailEdition){.day = day,
                                  .cover = find_file(matter->files, EDITION_FILE_PAGE, first, 1),
                                  .pdf = find_file(matter->files, EDITION_FILE_PDF, first, 0),
                                  .epub = find_file(matter->files, EDITION_FILE_EPUB, 0, 0)};
  choose_attachment(matter, settings->attach_megabytes);
  return TRUE;
}

gboolean mailing_matter_attach(MailingMatter *matter, EditionFiles *files, GError **error) {
  if (matter->attached == NULL) {
    return TRUE;
  }
  if (files == NULL) {
    return change_refuse(error, NEWSROOM_ERROR_STATE, "the files of editions can't be read here");
  }
  matter->attachment =
      edition_files_read(files, matter->attached->hash, matter->attached->media_type, error);
  return matter->attachment != NULL;
}

gboolean mailing_matter_load(MailingMatter *matter, StoreTransaction *transaction, gint64 id,
                             GError **error) {
  GError *failure = NULL;
  *matter = (MailingMatter){.mailing = mailing_rows_get(transaction, id, &failure)};
  if (matter->mailing == NULL) {
    if (change_is_absent(&failure)) {
      return change_refuse(
          error, NEWSROOM_ERROR_NOT_FOUND,
          "there is no mailing %" G_GINT64_FORMAT ": list them to see their numbers", id);
    }
    g_propagate_error(error, failure);
    return FALSE;
  }
  matter->newsletter = newsletter_rows_get(transaction, matter->mailing->newsletter_id, error);
  matter->site = site_rows_load(transaction, error);
  g_autoptr(GArray) ids = mailing_rows_stories(transaction, id, error);
  if (matter->newsletter == NULL || matter->site == NULL || ids == NULL) {
    return FALSE;
  }
  matter->stories =
      story_rows_list_by_ids(transaction, (const gint64 *)(gpointer)ids->data, ids->len, error);
  matter->path = g_strconcat("/mail/", matter->mailing->public_id, NULL);
  return matter->stories != NULL && load_correction(matter, transaction, error) &&
         load_edition(matter, transaction, error);
}

static const char *template_of(const Newsletter *newsletter) {
  return *newsletter->template != '\0' ? newsletter->template
                                       : newsletter_kind_name(newsletter->kind);
}

MailParts *mailing_matter_render(const MailingMatter *matter, const Press *press, gint64 date,
                                 GError **error) {
  if (press == NULL) {
    change_refuse(error, NEWSROOM_ERROR_STATE, "mail can't be rendered here: no theme is loaded");
    return NULL;
  }
  MailPage page = {
      .context = {.site = matter->site, .now = date, .path = matter->path},
      .template = template_of(matter->newsletter),
      .newsletter = matter->newsletter,
      .subject = matter->mailing->subject,
      .preheader = matter->mailing->preheader,
      .introduction = matter->mailing->introduction,
      .stories = matter->stories,
      .edition = matter->files != NULL ? &matter->edition : NULL,
      .correction = matter->correction,
      .date = date,
      .counted = matter->newsletter->tracking,
  };
  return mail_page_render(press, &page, error);
}

// RFC 2919: a name and an identifier under the newspaper's domain.
static char *list_id(const MailingMatter *matter, const char *domain) {
  return g_strdup_printf("%s.%s", matter->newsletter->slug, domain);
}

MailingContent *mailing_matter_build(const MailingMatter *matter, MailParts *parts, gint64 date,
                                     GError **error) {
  const Site *site = matter->site;
  const Newsletter *newsletter = matter->newsletter;
  g_autofree char *sender = mailing_sender_address(newsletter, site);
  const char *domain = strrchr(sender, '@');
  domain = domain != NULL ? domain + 1 : sender;
  g_autofree char *identifier = list_id(matter, domain);
  g_autofree char *list = g_strdup_printf("%s <%s>", newsletter->name, identifier);
  g_autofree char *unsubscribe = g_strconcat(site->base_url, "/unsubscribe/", NULL);
  g_autofree char *help = g_strconcat(site->base_url, "/newsletters", NULL);
  g_autofree char *archive = g_strconcat(site->base_url, "/newsletters/", newsletter->slug, NULL);
  g_autofree char *feedback =
      g_strdup_printf("%s:%s:%s:broadsheet", matter->mailing->public_id, newsletter->slug,
                      newsletter_kind_name(newsletter->kind));
  LetterSource source = {
      .sender_name = mailing_sender_name(newsletter, site),
      .sender_address = sender,
      .reply_to = newsletter->reply_to,
      .subject = matter->mailing->subject,
      .date = date,
      .message_domain = domain,
      .language = *newsletter->language != '\0' ? newsletter->language : site->language,
      .list_id = list,
      .list_unsubscribe_url = unsubscribe,
      .list_unsubscribe_address = site->bounce_address,
      .list_help = help,
      .list_archive = archive,
      .feedback_id = feedback,
      .text = parts->text,
      .html = parts->html,
      .boundary_seed = matter->mailing->public_id,
  };
  g_autofree char *path =
      matter->attached != NULL ? address_edition_file(site, matter->attached) : NULL;
  g_autofree char *name = path != NULL ? g_path_get_basename(path) : NULL;
  if (matter->attachment != NULL && matter->attached != NULL) {
    source.attachment = matter->attachment;
    source.attachment_name = name;
    source.attachment_type = matter->attached->media_type;
  }
  g_autofree char *form = mime_build(&source, error);
  if (form == NULL) {
    return NULL;
  }
  MailingContent *content = g_new0(MailingContent, 1);
  content->form = g_steal_pointer(&form);
  content->page = g_steal_pointer(&parts->page);
  content->envelope_sender =
      g_strdup(*site->bounce_address != '\0' ? site->bounce_address : sender);
  return content;
}
