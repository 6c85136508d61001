// SPDX-License-Identifier: Apache-2.0
//
// Stories in the making: lists, the board, one story, and every step of its life
// (docs/api/openapi.json).
#include "web/api_stories.h"

#include <string.h>

#include "base/text.h"
#include "model/address.h"
#include "store/story_rows.h"

#define WORDS_A_MINUTE 220

// ---- writing them -----------------------------------------------------------------------------

gboolean api_summaries_begin(ApiSummaries *summaries, ApiCall *call, GError **error) {
  summaries->names = NULL;
  if (!api_read_begin(&summaries->read, call->website, error)) {
    return FALSE;
  }
  summaries->names = staff_names_load(summaries->read.transaction, error);
  summaries->context =
      (SummaryContext){.site = summaries->read.site,
                       .names = summaries->names,
                       .holder = call->visitor != NULL ? call->visitor->holder : NULL,
                       .now = clock_now(&call->website->newsroom->clock)};
  return summaries->names != NULL;
}

void api_summaries_clear(ApiSummaries *summaries) {
  staff_names_free(summaries->names);
  api_read_clear(&summaries->read);
}

static void put_bylines(JsonWriter *json, const Story *story) {
  put_list(json, "bylines");
  for (guint i = 0; i < story->bylines->len; i++) {
    const Byline *byline = g_ptr_array_index(story->bylines, i);
    json_object(json);
    put_integer(json, "author_id", byline->author->id);
    put_text(json, "name", byline->author->name);
    put_text(json, "role", byline->role);
    json_end_object(json);
  }
  json_end_array(json);
}

static void put_corrections(JsonWriter *json, const Story *story) {
  put_list(json, "corrections");
  for (guint i = 0; i < story->corrections->len; i++) {
    json_object(json);
    write_correction(json, g_ptr_array_index(story->corrections, i));
    json_end_object(json);
  }
  json_end_array(json);
}

static void put_topics(JsonWriter *json, const Story *story) {
  put_list(json, "topics");
  for (guint i = 0; i < story->topics->len; i++) {
    json_object(json);
    write_topic(json, g_ptr_array_index(story->topics, i));
    json_end_object(json);
  }
  json_end_array(json);
}

static void put_pictures(JsonWriter *json, const Work *work, const Site *site) {
  put_section(json, "section", work->story->section);
  put_image(json, "hero", work->story->hero, site);
  put_image(json, "share_image", work->story->share_image, site);
  put_list(json, "images");
  for (guint i = 0; i < work->story->images->len; i++) {
    json_object(json);
    write_image(json, g_ptr_array_index(work->story->images, i), site);
    json_end_object(json);
  }
  json_end_array(json);
}

static void put_dates(JsonWriter *json, const Work *work, const StaffNames *names) {
  const Story *story = work->story;
  put_integer(json, "revision", work_revision(work));
  put_text(json, "status", story_status_name(story->status));
  put_text(json, "stage", work_stage_name(work->state.stage));
  put_flag(json, "has_changes", work->state.has_changes);
  put_id(json, "published_revision",
         story->status != STORY_PUBLISHED ? 0
         : work->state.has_changes        ? work->state.published_version
                                          : work_revision(work));
  put_instant(json, "scheduled_for", story->scheduled_for);
  put_instant(json, "embargo_until", work->state.embargo_until);
  put_instant(json, "published_at", story->published_at);
  put_instant(json, "updated_at", story->updated_at);
  put_instant(json, "created_at", story->created_at);
  put_instant(json, "saved_at",
              work->state.saved_at != 0 ? work->state.saved_at : story->created_at);
  put_person(json, "saved_by", names, work->state.saved_by);
  put_person(json, "owner", names, work->state.owner_id);
}

static void put_mailings(JsonWriter *json, StoreTransaction *transaction, gint64 id) {
  g_autoptr(GArray) mailings = work_rows_mailings(transaction, id, NULL);
  put_list(json, "mailings");
  for (guint i = 0; mailings != NULL && i < mailings->len; i++) {
    json_integer(json, g_array_index(mailings, gint64, i));
  }
  json_end_array(json);
}

static void write_story(JsonWriter *json, const Work *work, const ApiSummaries *with) {
  const Story *story = work->story;
  g_autoptr(WorkLock) lock =
      work_lock_rows_get(with->read.transaction, story->id, with->context.now, NULL);
  put_integer(json, "id", story->id);
  for (guint i = 0; i < WORK_TEXTS; i++) {
    put_text(json, work_text_name((WorkText)i), work->content->texts[i]);
  }
  for (guint i = 0; i < WORK_REFERENCES; i++) {
    put_id(json, work_reference_name((WorkReference)i), work->content->references[i]);
  }
  put_bylines(json, story);
  put_topics(json, story);
  put_pictures(json, work, with->read.site);
  put_dates(json, work, with->names);
  put_integer(json, "word_count", story->word_count);
  put_integer(json, "reading_minutes",
              MAX(1, (story->word_count + WORDS_A_MINUTE / 2) / WORDS_A_MINUTE));
  g_autofree char *url = story->status == STORY_PUBLISHED
                             ? address_story(story->section != NULL ? story->section->slug : NULL,
                                             story->slug, story->id)
                             : NULL;
  put_text(json, "url", url);
  put_lock(json, "lock", lock, &with->context);
  put_corrections(json, story);
  put_integer(json, "open_notes",
              MAX(work_note_rows_open(with->read.transaction, story->id, NULL), 0));
  put_mailings(json, with->read.transaction, story->id);
}

Response *api_answer_story(ApiCall *call, gint64 id, guint status, GError **error) {
  g_auto(ApiSummaries) with = {0};
  g_auto(ApiAnswer) answer = {0};
  if (!api_summaries_begin(&with, call, error)) {
    return NULL;
  }
  g_autoptr(Work) work = works_read(&call->newsroom, with.read.transaction, id, error);
  if (work == NULL) {
    return NULL;
  }
  write_story(api_answer(&answer), work, &with);
  return api_respond(&answer, status);
}

void api_put_summaries(JsonWriter *json, const GPtrArray *stories, guint limit,
                       const SummaryContext *context) {
  for (guint i = 0; i < MIN(stories->len, limit); i++) {
    json_object(json);
    write_summary(json, g_ptr_array_index(stories, i), context);
    json_end_object(json);
  }
}

// ---- lists ------------------------------------------------------------------------------------

static const char *const STAGES[] = {"draft", "review", "ready", "published", NULL};
static const char *const STATUSES[] = {"draft", "scheduled", "published", "withdrawn", NULL};

static void only_own(const ApiCall *call, WorkFilter *filter) {
  const Actor *actor = call->newsroom.actor;
  if (!actor_may(actor, PERMISSION_STORY_READ_ANY)) {
    filter->own_staff_id = actor->staff_id;
    filter->own_author_id = actor->author_id != 0 ? actor->author_id : -1;
  }
}

static char *next_of(const GPtrArray *stories, guint limit, gboolean by_id) {
  if (stories->len <= limit) {
    return NULL;
  }
  const WorkSummary *last = g_ptr_array_index(stories, limit - 1);
  return api_cursor(by_id ? 0 : last->state.saved_at, last->id);
}

static void add_id(GArray *ids, gint64 id) {
  for (guint i = 0; i < ids->len; i++) {
    if (g_array_index(ids, gint64, i) == id) {
      return;
    }
  }
  g_array_append_val(ids, id);
}

// By number, by part of an unpublished headline, by the words of published stories.
static GArray *find(StoreTransaction *transaction, const char *words, guint limit, GError **error) {
  g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
  guint64 number = 0;
  if (slice_parse_uint(slice_of(words), G_MAXINT64, &number) && number > 0) {
    add_id(ids, (gint64)number);
  }
  g_autoptr(GArray) drafts = work_rows_find(transaction, words, limit, error);
  gint64 total = 0;
  g_autoptr(GPtrArray) published =
      drafts != NULL ? story_rows_search(transaction, words, 0, limit, &total, error) : NULL;
  if (published == NULL) {
    return NULL;
  }
  for (guint i = 0; i < drafts->len; i++) {
    add_id(ids, g_array_index(drafts, gint64, i));
  }
  for (guint i = 0; i < published->len; i++) {
    add_id(ids, ((const Teaser *)g_ptr_array_index(published, i))->id);
  }
  return g_steal_pointer(&ids);
}

static gboolean fits(const WorkSummary *story, const WorkFilter *filter) {
  return (filter->stage < 0 || (gint)story->state.stage == filter->stage) &&
         (filter->status < 0 || (gint)story->status == filter->status) &&
         (filter->section_id == 0 || story->section_id == filter->section_id) &&
         (filter->owner_id == 0 || story->state.owner_id == filter->owner_id) &&
         (!filter->changed || story->state.has_changes);
}

GPtrArray *api_find_stories(ApiCall *call, StoreTransaction *transaction, const char *words,
                            const WorkFilter *filter, GError **error) {
  g_autoptr(GArray) ids = find(transaction, words, 200, error);
  g_autoptr(GPtrArray) stories =
      ids != NULL ? work_rows_list_ids(transaction, (const gint64 *)ids->data, ids->len, error)
                  : NULL;
  for (guint i = stories != NULL ? stories->len : 0; i > 0; i--) {
    const WorkSummary *one = g_ptr_array_index(stories, i - 1);
    gboolean own = TRUE;
    if (filter->own_staff_id != 0 && !work_is_readable(call, transaction, one->id, &own)) {
      own = FALSE;
    }
    if (!own || !fits(one, filter)) {
      g_ptr_array_remove_index(stories, i - 1);
    }
  }
  return g_steal_pointer(&stories);
}

gboolean work_is_readable(ApiCall *call, StoreTransaction *transaction, gint64 id,
                          gboolean *ret_readable) {
  *ret_readable = works_may_read(&call->newsroom, transaction, id, NULL);
  return TRUE;
}

Response *api_story_list(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ApiSummaries) with = {0};
  g_auto(ApiAnswer) answer = {0};
  api_begin(&call, request, website);
  const char *words = request_query(request, "q");
  guint limit = api_limit(&call, 50);
  WorkFilter filter = {.stage = api_query_choice(&call, "stage", STAGES),
                       .status = api_query_choice(&call, "status", STATUSES),
                       .section_id = api_query_integer(&call, "section_id", 0),
                       .owner_id = api_query_integer(&call, "owner_id", 0),
                       .author_id = api_query_integer(&call, "author_id", 0),
                       .changed = api_query_flag(&call, "has_changes"),
                       .limit = limit + 1};
  api_read_cursor(&call, &filter.before_saved_at, &filter.before_id);
  only_own(&call, &filter);
  if (!api_query_accept(&call, error) || !api_summaries_begin(&with, &call, error)) {
    return NULL;
  }
  gboolean searches = words != NULL && words[strspn(words, " ")] != '\0';
  g_autoptr(GPtrArray) stories =
      searches ? api_find_stories(&call, with.read.transaction, words, &filter, error)
               : work_rows_list(with.read.transaction, &filter, error);
  if (stories == NULL) {
    return NULL;
  }
  g_autofree char *next = searches ? NULL : next_of(stories, limit, filter.author_id != 0);
  JsonWriter *json = api_answer(&answer);
  put_list(json, "items");
  api_put_summaries(json, stories, limit, &with.context);
  put_next(json, next);
  return api_respond(&answer, 200);
}

Response *api_story_board(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ApiSummaries) with = {0};
  g_auto(ApiAnswer) answer = {0};
  api_begin(&call, request, website);
  guint limit = api_limit(&call, 20);
  WorkFilter filter = {.status = -1,
                       .section_id = api_query_integer(&call, "section_id", 0),
                       .owner_id = api_query_integer(&call, "owner_id", 0),
                       .limit = limit + 1};
  only_own(&call, &filter);
  if (!api_query_accept(&call, error) || !api_summaries_begin(&with, &call, error)) {
    return NULL;
  }
  JsonWriter *json = api_answer(&answer);
  put_list(json, "columns");
  for (gint stage = STAGE_DRAFT; stage < WORK_STAGES; stage++) {
    filter.stage = stage;
    g_autoptr(GPtrArray) stories = work_rows_list(with.read.transaction, &filter, error);
    if (stories == NULL) {
      return NULL;
    }
    g_autofree char *next = next_of(stories, limit, FALSE);
    json_object(json);
    put_text(json, "stage", STAGES[stage]);
    put_list(json, "items");
    api_put_summaries(json, stories, limit, &with.context);
    put_next(json, next);
    json_end_object(json);
  }
  json_end_array(json);
  return api_respond(&answer, 200);
}

// ---- one story --------------------------------------------------------------------------------

// Everything of a story that a body may say. `bylines`, `topic_ids`, `topics`: to be freed after
// use.
typedef struct ReadChange {
  WorkChange change;
  GArray *bylines, *topic_ids;
  char **topics;
} ReadChange;
static void read_change_clear(ReadChange *read) {
  g_clear_pointer(&read->bylines, g_array_unref);
  g_clear_pointer(&read->topic_ids, g_array_unref);
  g_clear_pointer(&read->topics, g_strfreev);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ReadChange, read_change_clear)

static GArray *read_bylines(ApiCall *call) {
  static const char *const NAMES[] = {"author_id", "role", "name", NULL};
  const JsonValue *list = api_list(call, "bylines");
  if (list == NULL) {
    return NULL;
  }
  GArray *bylines = work_bylines_new();
  for (guint i = 0; i < json_value_count(list); i++) {
    const JsonValue *item = json_value_item(list, i);
    if (!api_item_is(call, item, "bylines", NAMES)) {
      break;
    }
    const char *role = json_value_text(json_value_member(item, "role"));
    WorkByline byline = {json_value_integer(json_value_member(item, "author_id")),
                         g_strdup(role != NULL ? role : "")};
    g_array_append_val(bylines, byline);
    if (byline.author_id <= 0 || strlen(byline.role) > 200) {
      api_fault(call, "bylines: each names an author_id, and perhaps a role");
    }
  }
  return bylines;
}

static void read_story(ApiCall *call, ReadChange *read) {
  read->change = work_change_nothing();
  for (guint i = 0; i < WORK_TEXTS; i++) {
    read->change.texts[i] = api_text(call, work_text_name((WorkText)i));
  }
  for (guint i = 0; i < WORK_REFERENCES; i++) {
    read->change.references[i] = api_integer(call, work_reference_name((WorkReference)i), -1);
  }
  read->change.bylines = read->bylines = read_bylines(call);
  read->change.topic_ids = read->topic_ids = api_integers(call, "topic_ids");
  read->topics = api_texts(call, "topics");
  read->change.topics = (const char *const *)read->topics;
  read->change.embargo_until = api_instant(call, "embargo_until", -1);
}

Response *api_story_post(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ReadChange) read = {0};
  if (!api_begin_json(&call, request, website, error)) {
    return NULL;
  }
  read_story(&call, &read);
  gint64 id = api_accept(&call, error) ? works_create(&call.newsroom, &read.change, error) : 0;
  return id != 0 ? api_answer_story(&call, id, 201, error) : NULL;
}

Response *api_story_get(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  api_begin(&call, request, website);
  return api_answer_story(&call, api_path_id(&call, 0), 200, error);
}

static void put_conflicts(JsonWriter *json, const GPtrArray *conflicts, const StaffNames *names) {
  put_list(json, "conflicts");
  for (guint i = 0; i < conflicts->len; i++) {
    const WorkConflict *one = g_ptr_array_index(conflicts, i);
    json_object(json);
    put_text(json, "field", work_text_name(one->field));
    put_text(json, "base", one->base);
    put_text(json, "mine", one->mine);
    put_text(json, "theirs", one->theirs);
    put_text(json, "kept", one->both ? "both" : "mine");
    put_person(json, "theirs_by", names, one->theirs_by);
    json_end_object(json);
  }
  json_end_array(json);
}

Response *api_answer_saved(ApiCall *call, gint64 id, WorkOutcome outcome,
                           const GPtrArray *conflicts, GError **error) {
  static const char *const OUTCOMES[] = {"saved", "unchanged", "merged", "conflict"};
  g_auto(ApiSummaries) with = {0};
  g_auto(ApiAnswer) answer = {0};
  if (!api_summaries_begin(&with, call, error)) {
    return NULL;
  }
  g_autoptr(Work) work = works_read(&call->newsroom, with.read.transaction, id, error);
  if (work == NULL) {
    return NULL;
  }
  JsonWriter *json = api_answer(&answer);
  put_text(json, "outcome", OUTCOMES[outcome]);
  put_object(json, "story");
  write_story(json, work, &with);
  json_end_object(json);
  put_conflicts(json, conflicts, with.names);
  return api_respond(&answer, 200);
}

Response *api_story_patch(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ReadChange) read = {0};
  g_autoptr(GPtrArray) conflicts =
      g_ptr_array_new_with_free_func((GDestroyNotify)work_conflict_free);
  WorkOutcome outcome = WORK_WAS_SAME;
  if (!api_begin_json(&call, request, website, error)) {
    return NULL;
  }
  gint64 id = api_path_id(&call, 0);
  read_story(&call, &read);
  read.change.base_revision = api_need_integer(&call, "base_revision");
  read.change.automatic = api_flag(&call, "automatic") == 1;
  return api_accept(&call, error) &&
                 works_save(&call.newsroom, id, &read.change, &outcome, conflicts, error)
             ? api_answer_saved(&call, id, outcome, conflicts, error)
             : NULL;
}

Response *api_story_delete(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  api_begin(&call, request, website);
  return works_remove(&call.newsroom, api_path_id(&call, 0), error) ? api_done() : NULL;
}

Response *api_story_stage(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  WorkStage stage = STAGE_DRAFT;
  if (!api_begin_json(&call, request, website, error)) {
    return NULL;
  }
  gint64 id = api_path_id(&call, 0);
  if (!work_stage_parse(api_need_text(&call, "stage"), &stage)) {
    api_fault(&call, "stage: draft, review or ready");
  }
  gint64 base = api_integer(&call, "base_revision", 0);
  const char *note = api_text(&call, "note");
  return api_accept(&call, error) && works_set_stage(&call.newsroom, id, stage, base, note, error)
             ? api_answer_story(&call, id, 200, error)
             : NULL;
}

Response *api_story_publish(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  if (!api_begin_json(&call, request, website, error)) {
    return NULL;
  }
  gint64 id = api_path_id(&call, 0);
  gint64 base = api_need_integer(&call, "base_revision");
  gboolean updated = api_flag(&call, "updated") != 0;
  gint64 at = api_instant(&call, "at", 0);
  return api_accept(&call, error) && works_publish(&call.newsroom, id, base, updated, at, error)
             ? api_answer_story(&call, id, 200, error)
             : NULL;
}

Response *api_story_schedule(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  if (!api_begin_json(&call, request, website, error)) {
    return NULL;
  }
  gint64 id = api_path_id(&call, 0);
  gint64 at = api_instant(&call, "at", 0);
  gint64 base = api_integer(&call, "base_revision", 0);
  return api_accept(&call, error) && works_schedule(&call.newsroom, id, base, at, error)
             ? api_answer_story(&call, id, 200, error)
             : NULL;
}

typedef gboolean (*StoryAct)(Newsroom *newsroom, gint64 id, GError **error);
static Response *act(const Request *request, Website *website, StoryAct does, GError **error) {
  g_auto(ApiCall) call = {0};
  if (!api_begin_json(&call, request, website, error)) {
    return NULL;
  }
  gint64 id = api_path_id(&call, 0);
  return api_accept(&call, error) && does(&call.newsroom, id, error)
             ? api_answer_story(&call, id, 200, error)
             : NULL;
}

Response *api_story_unschedule(const Request *request, Website *website, GError **error) {
  return act(request, website, works_unschedule, error);
}

Response *api_story_withdraw(const Request *request, Website *website, GError **error) {
  return act(request, website, works_withdraw, error);
}

Response *api_story_discard(const Request *request, Website *website, GError **error) {
  return act(request, website, works_discard, error);
}
