// SPDX-License-Identifier: Apache-2.0
//
// Implements stories_import and stories_import_check (stories.h). What takes long (parsing,
// decoding, writing originals) is done before the write transaction begins, so that the paper's
// one writer is held for the rows only. Called by the import command.
#include <string.h>

#include "base/text.h"
#include "model/address.h"
#include "newsroom/change.h"
#include "newsroom/import_pictures.h"
#include "newsroom/stories.h"
#include "newsroom/story_check.h"
#include "store/image_rows.h"
#include "store/people_rows.h"
#include "store/site_rows.h"
#include "store/story_rows.h"

#define SLUG_BYTES 80

typedef struct Import {
  const ImportedStory *imported;
  Document *document; // its body
  GArray *pictures;   // PreparedPicture
  GPtrArray *images;  // Image * of each picture
  Story *stored;      // as it was; NULL for a new one
  Story *story;       // as it will be
  gboolean adds_section;
} Import;

static void import_clear(Import *import) {
  g_clear_pointer(&import->document, document_free);
  g_clear_pointer(&import->pictures, g_array_unref);
  g_clear_pointer(&import->images, g_ptr_array_unref);
  g_clear_pointer(&import->stored, story_free);
  g_clear_pointer(&import->story, story_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Import, import_clear)

// ---- known already? ----------------------------------------------------------------------

static gboolean find_stored(StoreTransaction *transaction, const ImportedStory *imported,
                            Story **ret_story, GError **error) {
  GError *failure = NULL;
  *ret_story = NULL;
  if (imported->story->source_key == NULL) {
    return TRUE;
  }
  *ret_story = story_rows_get_by_source(transaction, imported->story->source_key, &failure);
  if (*ret_story == NULL && !change_is_absent(&failure)) {
    g_propagate_error(error, failure);
    return FALSE;
  }
  return TRUE;
}

// The wish to publish what is a draft so far is a change too.
static gboolean is_unchanged(const ImportedStory *imported, const Story *stored) {
  return stored != NULL && imported->story->content_hash != NULL &&
         g_strcmp0(stored->content_hash, imported->story->content_hash) == 0 &&
         !(stored->status == STORY_DRAFT && imported->status != STORY_DRAFT) &&
         !import_pictures_bring_missing(imported, stored);
}

static gboolean look(Newsroom *newsroom, const ImportedStory *imported, gboolean *ret_unchanged,
                     gint64 *ret_id, GError **error) {
  g_autoptr(StoreTransaction) transaction = store_begin_read(newsroom->store, error);
  g_autoptr(Story) stored = NULL;
  if (transaction == NULL || !find_stored(transaction, imported, &stored, error)) {
    return FALSE;
  }
  *ret_unchanged = is_unchanged(imported, stored);
  *ret_id = stored != NULL ? stored->id : 0;
  return TRUE;
}

// ---- section, authors, topics ------------------------------------------------------------

static char *dup_text(const char *text) {
  return g_strdup(text != NULL ? text : "");
}

static char *slug_of(const char *slug, const char *name) {
  return text_slug(slug != NULL && slug[0] != '\0' ? slug : name, SLUG_BYTES);
}

static const Section *find_section(const Site *site, const char *slug, const char *name) {
  const Section *section = site_section_by_slug(site, slug);
  for (guint i = 0; section == NULL && i < site->sections->len; i++) {
    const Section *other = g_ptr_array_index(site->sections, i);
    section = strcmp(other->name, name) == 0 ? other : NULL;
  }
  return section;
}

static Section *add_section(Change *change, Import *import, const Section *wanted, const char *slug,
                            GError **error) {
  g_autoptr(Section) section = g_new0(Section, 1);
  section->slug = address_is_reserved(slug) ? g_strconcat(slug, "-section", NULL) : g_strdup(slug);
  section->name = g_strdup(wanted->name);
  section->description = dup_text(wanted->description);
  for (guint i = 0; i < change->site->sections->len; i++) {
    const Section *other = g_ptr_array_index(change->site->sections, i);
    section->position = MAX(section->position, other->position + 1);
  }
  section->id = section_rows_put(change->transaction, section, error);
  import->adds_section = TRUE;
  return section->id != 0 ? g_steal_pointer(&section) : NULL;
}

// A story that readers shall see stands in a section; one that names none, in "News".
static gboolean set_section(Change *change, Import *import, GError **error) {
  static char news_slug[] = "news", news_name[] = "News";
  const Section news = {.slug = news_slug, .name = news_name};
  const Section *wanted = import->imported->story->section;
  if (wanted == NULL && import->stored != NULL && import->stored->section != NULL) {
    import->story->section = section_copy(import->stored->section);
    return TRUE;
  }
  if (wanted == NULL && import->imported->status == STORY_DRAFT) {
    return TRUE;
  }
  wanted = wanted != NULL ? wanted : &news;
  g_autofree char *slug = slug_of(wanted->slug, wanted->name);
  const Section *known = find_section(change->site, slug, wanted->name);
  import->story->section =
      known != NULL ? section_copy(known) : add_section(change, import, wanted, slug, error);
  return import->story->section != NULL;
}

static gboolean says_more(const Author *wanted, const Author *known) {
  return (wanted->role != NULL && wanted->role[0] != '\0' &&
          g_strcmp0(wanted->role, known->role) != 0) ||
         (wanted->bio != NULL && wanted->bio[0] != '\0' && g_strcmp0(wanted->bio, known->bio) != 0);
}

// The author of that slug, made when missing, with the new role or life where the source tells one.
static Author *store_author(Change *change, const Author *wanted, GError **error) {
  GError *failure = NULL;
  g_autofree char *slug = slug_of(wanted->slug, wanted->name);
  g_autoptr(Author) author = author_rows_get_by_slug(change->transaction, slug, &failure);
  if (author != NULL && !says_more(wanted, author)) {
    return g_steal_pointer(&author);
  }
  if (author == NULL && !change_is_absent(&failure)) {
    g_propagate_error(error, failure);
    return NULL;
  }
  g_autoptr(Author) made = g_new0(Author, 1);
  made->slug = g_steal_pointer(&slug);
  made->name = g_strdup(author != NULL ? author->name : wanted->name);
  made->role = dup_text(wanted->role);
  made->bio = dup_text(wanted->bio);
  made->id = author_rows_put(change->transaction, made, error);
  return made->id != 0 ? g_steal_pointer(&made) : NULL;
}

static gboolean set_bylines(Change *change, Import *import, GError **error) {
  const GPtrArray *wanted = import->imported->story->bylines;
  g_autoptr(GHashTable) seen = g_hash_table_new(g_int64_hash, g_int64_equal);
  for (guint i = 0; i < wanted->len; i++) {
    const Byline *line = g_ptr_array_index(wanted, i);
    g_autoptr(Author) author = store_author(change, line->author, error);
    if (author == NULL) {
      return FALSE;
    }
    if (!g_hash_table_contains(seen, &author->id)) {
      Byline *byline = g_new0(Byline, 1);
      byline->author = g_steal_pointer(&author);
      byline->role = dup_text(line->role);
      g_hash_table_add(seen, &byline->author->id);
      g_ptr_array_add(import->story->bylines, byline);
    }
  }
  return TRUE;
}

static Topic *store_topic(Change *change, const Topic *wanted, GError **error) {
  GError *failure = NULL;
  g_autofree char *slug = slug_of(wanted->slug, wanted->name);
  g_autoptr(Topic) topic = topic_rows_get_by_slug(change->transaction, slug, &failure);
  if (topic != NULL) {
    return g_steal_pointer(&topic);
  }
  if (!change_is_absent(&failure)) {
    g_propagate_error(error, failure);
    return NULL;
  }
  topic = g_new0(Topic, 1);
  topic->slug = g_steal_pointer(&slug);
  topic->name = g_strdup(wanted->name);
  topic->description = dup_text(wanted->description);
  topic->id = topic_rows_put(change->transaction, topic, error);
  return topic->id != 0 ? g_steal_pointer(&topic) : NULL;
}

static gboolean set_topics(Change *change, Import *import, GError **error) {
  const GPtrArray *wanted = import->imported->story->topics;
  g_autoptr(GHashTable) seen = g_hash_table_new(g_int64_hash, g_int64_equal);
  for (guint i = 0; i < wanted->len; i++) {
    g_autoptr(Topic) topic = store_topic(change, g_ptr_array_index(wanted, i), error);
    if (topic == NULL) {
      return FALSE;
    }
    if (!g_hash_table_contains(seen, &topic->id)) {
      g_hash_table_add(seen, &topic->id);
      g_ptr_array_add(import->story->topics, g_steal_pointer(&topic));
    }
  }
  return TRUE;
}

// ---- pictures ----------------------------------------------------------------------------

static Image *image_of_url(const Import *import, const char *url) {
  for (guint i = 0; i < import->images->len; i++) {
    if (strcmp(import->imported->pictures[i].url, url) == 0) {
      return g_ptr_array_index(import->images, i);
    }
  }
  return NULL;
}

static char *replace_url(const char *url, gpointer data) {
  const Image *image = image_of_url(data, url);
  return image != NULL && image->hash != NULL ? g_strconcat("image:", image->hash, NULL) : NULL;
}

static void add_image(Story *story, const Image *image) {
  for (guint i = 0; i < story->images->len; i++) {
    if (((const Image *)g_ptr_array_index(story->images, i))->id == image->id) {
      return;
    }
  }
  g_ptr_array_add(story->images, image_copy(image));
}

// A picture that the body names by its hash was taken in before. One that nobody has stays a name.
static gboolean add_known_image(Change *change, Import *import, const char *url, GError **error) {
  GError *failure = NULL;
  if (!g_str_has_prefix(url, "image:")) {
    return TRUE;
  }
  g_autoptr(Image) image =
      image_rows_get_by_hash(change->transaction, url + strlen("image:"), &failure);
  if (image != NULL) {
    add_image(import->story, image);
  } else if (!change_is_absent(&failure)) {
    g_propagate_error(error, failure);
    return FALSE;
  }
  return TRUE;
}

// In the order of the body, then those that stand outside of it.
static gboolean set_images(Change *change, Import *import, GError **error) {
  g_autoptr(GPtrArray) urls = document_image_urls(import->document);
  for (guint i = 0; i < urls->len; i++) {
    const Image *image = image_of_url(import, g_ptr_array_index(urls, i));
    if (image != NULL) {
      add_image(import->story, image);
    } else if (!add_known_image(change, import, g_ptr_array_index(urls, i), error)) {
      return FALSE;
    }
  }
  for (guint i = 0; i < import->images->len; i++) {
    const Image *image = g_ptr_array_index(import->images, i);
    add_image(import->story, image);
    if (import->imported->pictures[i].hero && import->story->hero == NULL && image->hash != NULL) {
      import->story->hero = image_copy(image);
    }
  }
  return TRUE;
}

// ---- the story itself --------------------------------------------------------------------

static void set_texts(Import *import) {
  const Story *from = import->imported->story;
  Story *story = import->story;
  const struct {
    char **to;
    const char *from;
  } texts[] = {
      {&story->standfirst, from->standfirst},     {&story->kicker, from->kicker},
      {&story->dateline, from->dateline},         {&story->language, from->language},
      {&story->hero_caption, from->hero_caption}, {&story->hero_credit, from->hero_credit},
      {&story->seo_title, from->seo_title},       {&story->seo_description, from->seo_description}};
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_free(*texts[i].to);
    *texts[i].to = dup_text(texts[i].from);
  }
  g_free(story->headline);
  story->headline = text_collapse_space(slice_of(from->headline));
  g_free(story->slug);
  story->slug = slug_of(from->slug, story->headline);
  story->source_key = g_strdup(from->source_key);
  story->content_hash = g_strdup(from->content_hash);
  story->word_count = (gint32)MIN(document_word_count(import->document), (guint)G_MAXINT32);
}

// The body with the pictures' new addresses is read once more: what is stored can be shown.
static gboolean set_body(Import *import, GError **error) {
  GError *failure = NULL;
  g_autofree char *body = markup_replace_image_urls(slice_of(import->imported->story->body),
                                                    replace_url, import, &failure);
  g_autoptr(Document) again = body != NULL ? markup_parse(slice_of(body), &failure) : NULL;
  if (again == NULL) {
    change_refuse(error, NEWSROOM_ERROR_INVALID, "body, %s", failure->message);
    g_clear_error(&failure);
    return FALSE;
  }
  g_free(import->story->body);
  import->story->body = g_steal_pointer(&body);
  return TRUE;
}

// What the source says of a new story; a time that has come makes a scheduled story a published
// one.
static void set_new_status(Change *change, Import *import) {
  const ImportedStory *imported = import->imported;
  Story *story = import->story;
  story->status = imported->status;
  story->published_at = imported->status == STORY_PUBLISHED ? imported->story->published_at : 0;
  story->updated_at = imported->status == STORY_PUBLISHED ? imported->story->updated_at : 0;
  if (story->status == STORY_SCHEDULED) {
    story->scheduled_for = imported->story->scheduled_for;
    if (story->scheduled_for <= change->now) {
      story->status = STORY_PUBLISHED;
      story->published_at = story->scheduled_for;
      story->scheduled_for = 0;
    }
  }
  if (story->status == STORY_PUBLISHED && story->published_at == 0) {
    story->published_at = change->now;
  }
  story->created_at = imported->story->created_at != 0 ? imported->story->created_at : change->now;
}

static gboolean reads_the_same(const Story *story, const Story *other) {
  return strcmp(story->headline, other->headline) == 0 &&
         strcmp(story->standfirst, other->standfirst) == 0 && strcmp(story->body, other->body) == 0;
}

// An update never takes back what the newsroom decided: a published story stays published, a
// scheduled one keeps its time unless the source names one, and a withdrawn one stays away.
static void set_kept_status(Change *change, Import *import) {
  const Story *stored = import->stored;
  Story *story = import->story;
  set_new_status(change, import);
  story->id = stored->id;
  story->created_at = stored->created_at;
  story->revision = stored->revision;
  g_free(story->share_title);
  g_free(story->share_description);
  story->share_title = g_strdup(stored->share_title); // the newsroom's, no source has it
  story->share_description = g_strdup(stored->share_description);
  story->share_image = stored->share_image != NULL ? image_copy(stored->share_image) : NULL;
  if (stored->status == STORY_WITHDRAWN || stored->status == STORY_PUBLISHED ||
      (stored->status == STORY_SCHEDULED && story->status == STORY_DRAFT)) {
    gint64 given = import->imported->story->updated_at;
    story->status = stored->status;
    story->scheduled_for = stored->scheduled_for;
    story->published_at = stored->published_at;
    story->updated_at = stored->updated_at;
    if (stored->status == STORY_PUBLISHED && !reads_the_same(story, stored)) {
      story->updated_at =
          given > stored->published_at && given != stored->updated_at ? given : change->now;
    }
  }
}

static gboolean build(Change *change, Import *import, GError **error) {
  import->story = story_new();
  set_texts(import);
  import->images =
      import_pictures_store(change, import->pictures, import->imported->story->source_key, error);
  if (import->images == NULL || !set_body(import, error) || !set_images(change, import, error) ||
      !set_section(change, import, error) || !set_bylines(change, import, error) ||
      !set_topics(change, import, error)) {
    return FALSE;
  }
  if (import->stored != NULL) {
    set_kept_status(change, import);
  } else {
    set_new_status(change, import);
  }
  return TRUE;
}

static gboolean put_redirect(Change *change, Import *import, GError **error) {
  if (import->imported->former_path == NULL) {
    return TRUE;
  }
  g_autofree char *path = story_check_former_path(import->imported->former_path, error);
  const Section *section = import->story->section;
  g_autofree char *target =
      address_story(section != NULL ? section->slug : NULL, import->story->slug, import->story->id);
  if (path == NULL || strcmp(path, target) == 0) {
    return path != NULL;
  }
  const Redirect redirect = {path, target, 301};
  return redirect_rows_put(change->transaction, &redirect, change->now, error);
}

static gboolean save(Change *change, Import *import, GError **error) {
  Story *story = import->story;
  if (import->stored != NULL) {
    return story_rows_update(change->transaction, story, "imported", change->now,
                             change->site->zone, error);
  }
  story->id = story_rows_insert(change->transaction, story, "imported", change->now,
                                change->site->zone, error);
  return story->id != 0;
}

static gboolean is_known_correction(const Story *stored, const Correction *wanted) {
  for (guint i = 0; stored != NULL && i < stored->corrections->len; i++) {
    const Correction *known = g_ptr_array_index(stored->corrections, i);
    if (strcmp(known->wrong, wanted->wrong) == 0 && strcmp(known->right, wanted->right) == 0) {
      return TRUE;
    }
  }
  return FALSE;
}

// A correction once made is never unmade: those of the source that are not there yet are added.
static gboolean put_corrections(Change *change, const Import *import, GError **error) {
  const GPtrArray *wanted = import->imported->story->corrections;
  for (guint i = wanted->len; i > 0; i--) { // oldest first
    Correction correction = *(const Correction *)g_ptr_array_index(wanted, i - 1);
    correction.id = 0;
    correction.story_id = import->story->id;
    correction.corrected_at = correction.corrected_at != 0 ? correction.corrected_at : change->now;
    if (!is_known_correction(import->stored, &correction) &&
        correction_rows_insert(change->transaction, &correction, error) == 0) {
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean is_visible(const Import *import) {
  return import->adds_section || import->story->status == STORY_PUBLISHED ||
         (import->stored != NULL && import->stored->status == STORY_PUBLISHED);
}

static gboolean prepare(Newsroom *newsroom, Import *import, GError **error) {
  import->document = story_check(import->imported, clock_now(&newsroom->clock), error);
  if (import->document == NULL) {
    return FALSE;
  }
  import->pictures = import_pictures_prepare(newsroom, import->imported, error);
  return import->pictures != NULL;
}

gboolean stories_import(Newsroom *newsroom, const ImportedStory *imported,
                        ImportOutcome *ret_outcome, gint64 *ret_id, GError **error) {
  g_auto(Import) import = {.imported = imported};
  gboolean unchanged = FALSE;
  gint64 known_id = 0;
  if (!look(newsroom, imported, &unchanged, &known_id, error)) {
    return FALSE;
  }
  if (unchanged) {
    *ret_outcome = IMPORT_UNCHANGED;
    *ret_id = known_id;
    return TRUE;
  }
  if (!prepare(newsroom, &import, error) ||
      !import_pictures_put(newsroom, import.pictures, error)) {
    return FALSE;
  }
  g_auto(Change) change = {0};
  if (!change_begin(&change, newsroom, error) ||
      !find_stored(change.transaction, imported, &import.stored, error) ||
      !build(&change, &import, error) || !save(&change, &import, error) ||
      !put_corrections(&change, &import, error) || !put_redirect(&change, &import, error) ||
      !change_commit(&change, is_visible(&import), error)) {
    return FALSE;
  }
  *ret_outcome = import.stored != NULL ? IMPORT_UPDATED : IMPORT_CREATED;
  *ret_id = import.story->id;
  return TRUE;
}

gboolean stories_import_check(Newsroom *newsroom, const ImportedStory *imported, GError **error) {
  g_auto(Import) import = {.imported = imported};
  return prepare(newsroom, &import, error);
}
