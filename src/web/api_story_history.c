// SPDX-License-Identifier: Apache-2.0
//
// What stands around a story in the making: corrections, history, lock, notes, checks, previews
// (docs/api/openapi.json).
#include <string.h>

#include "base/text.h"
#include "model/address.h"
#include "newsroom/merge.h"
#include "press/markup_html.h"
#include "press/structured_data.h"
#include "store/people_rows.h"
#include "store/story_rows.h"
#include "web/api_stories.h"

// ---- corrections ------------------------------------------------------------------------------

Response *api_story_corrections(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ApiRead) read = {0};
  g_auto(ApiAnswer) answer = {0};
  api_begin(&call, request, website);
  if (!api_read_begin(&read, website, error)) {
    return NULL;
  }
  g_autoptr(Work) work = works_read(&call.newsroom, read.transaction, api_path_id(&call, 0), error);
  if (work == NULL) {
    return NULL;
  }
  JsonWriter *json = api_answer(&answer);
  put_list(json, "items");
  for (guint i = 0; i < work->story->corrections->len; i++) {
    json_object(json);
    write_correction(json, g_ptr_array_index(work->story->corrections, i));
    json_end_object(json);
  }
  json_end_array(json);
  return api_respond(&answer, 200);
}

static GArray *read_replacements(ApiCall *call) {
  static const char *const NAMES[] = {"field", "find", "with", NULL};
  const JsonValue *list = api_list(call, "replace");
  GArray *replacements = g_array_new(FALSE, TRUE, sizeof(WorkReplacement));
  for (guint i = 0; i < json_value_count(list); i++) {
    const JsonValue *item = json_value_item(list, i);
    if (!api_item_is(call, item, "replace", NAMES)) {
      break;
    }
    WorkReplacement one = {.find = json_value_text(json_value_member(item, "find")),
                           .with = json_value_text(json_value_member(item, "with"))};
    const char *field = json_value_text(json_value_member(item, "field"));
    if (field == NULL || one.find == NULL || one.with == NULL ||
        !work_text_parse(field, &one.field) || one.field > WORK_BODY) {
      api_fault(call, "replace: each has a field (headline, standfirst, kicker, dateline, body), "
                      "what to find, and with what");
      break;
    }
    g_array_append_val(replacements, one);
  }
  return replacements;
}

Response *api_story_correct(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  if (!api_begin_json(&call, request, website, error)) {
    return NULL;
  }
  gint64 id = api_path_id(&call, 0);
  g_autoptr(GArray) replacements = read_replacements(&call);
  WorkCorrection correction = {.wrong = api_need_text(&call, "wrong"),
                               .right = api_need_text(&call, "right"),
                               .base_revision = api_integer(&call, "base_revision", 0),
                               .publish = api_flag(&call, "publish") == 1,
                               .replacements = (const WorkReplacement *)replacements->data,
                               .replacement_count = replacements->len};
  return api_accept(&call, error) && works_correct(&call.newsroom, id, &correction, error)
             ? api_answer_story(&call, id, 201, error)
             : NULL;
}

Response *api_corrections(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ApiSummaries) with = {0};
  g_auto(ApiAnswer) answer = {0};
  api_begin(&call, request, website);
  guint limit = api_limit(&call, 50);
  gint64 offset = api_query_integer(&call, "after", 0);
  if (offset > 1000000) {
    api_fault(&call, "after: hand on `next` as it was given");
  }
  if (!api_query_accept(&call, error) || !api_summaries_begin(&with, &call, error)) {
    return NULL;
  }
  g_autoptr(GPtrArray) stories = NULL;
  g_autoptr(GPtrArray) corrections =
      correction_rows_list(with.read.transaction, (guint)offset, limit + 1, &stories, error);
  if (corrections == NULL) {
    return NULL;
  }
  JsonWriter *json = api_answer(&answer);
  put_list(json, "items");
  for (guint i = 0; i < MIN(corrections->len, limit); i++) {
    const Correction *one = g_ptr_array_index(corrections, i);
    gint64 id = ((const Teaser *)g_ptr_array_index(stories, i))->id;
    g_autoptr(GPtrArray) summary = work_rows_list_ids(with.read.transaction, &id, 1, NULL);
    if (summary == NULL || summary->len == 0) {
      continue;
    }
    json_object(json);
    put_object(json, "correction");
    write_correction(json, one);
    json_end_object(json);
    put_object(json, "story");
    write_summary(json, g_ptr_array_index(summary, 0), &with.context);
    json_end_object(json);
    json_end_object(json);
  }
  put_next_id(json, corrections->len > limit ? offset + limit : 0);
  return api_respond(&answer, 200);
}

// ---- history ----------------------------------------------------------------------------------

static void write_version(JsonWriter *json, const WorkVersion *version, const StaffNames *names) {
  put_integer(json, "number", version->number);
  put_text(json, "kind", work_kind_name(version->kind));
  put_instant(json, "saved_at", version->saved_at);
  put_person(json, "staff", names, version->staff_id);
  put_text(json, "note", version->note);
  put_text(json, "headline", version->headline);
  put_integer(json, "word_count", version->word_count);
  put_integer(json, "words_added", version->words_added);
  put_integer(json, "words_removed", version->words_removed);
  put_flag(json, "published", version->was_published);
}

Response *api_story_revisions(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ApiSummaries) with = {0};
  g_auto(ApiAnswer) answer = {0};
  api_begin(&call, request, website);
  gint64 id = api_path_id(&call, 0);
  guint limit = api_limit(&call, 50);
  gint64 before = api_query_integer(&call, "after", 0);
  if (!api_query_accept(&call, error) || !works_prepare_history(&call.newsroom, id, error) ||
      !api_summaries_begin(&with, &call, error)) {
    return NULL;
  }
  g_autoptr(GPtrArray) versions =
      work_version_rows_list(with.read.transaction, id, before, limit + 1, error);
  if (versions == NULL) {
    return NULL;
  }
  gint64 last = 0;
  JsonWriter *json = api_answer(&answer);
  put_list(json, "items");
  for (guint i = 0; i < MIN(versions->len, limit); i++) {
    const WorkVersion *version = g_ptr_array_index(versions, i);
    json_object(json);
    write_version(json, version, with.names);
    json_end_object(json);
    last = version->number;
  }
  put_next_id(json, versions->len > limit ? last : 0);
  return api_respond(&answer, 200);
}

// NULL and 0: there is none, which is no error of ours.
static WorkVersion *load_version(const ApiSummaries *with, gint64 id, gint64 number,
                                 WorkContent **ret_content, GError **error) {
  g_autoptr(WorkVersion) version = work_version_rows_get(with->read.transaction, id, number, error);
  if (version == NULL) {
    return NULL;
  }
  *ret_content = work_content_read(version->content);
  if (*ret_content == NULL) {
    g_set_error(error, STORE_ERROR, STORE_ERROR_FAILED, "a revision is damaged");
    return NULL;
  }
  return g_steal_pointer(&version);
}

static void write_content(JsonWriter *json, const WorkContent *content,
                          StoreTransaction *transaction) {
  for (guint i = 0; i < WORK_TEXTS; i++) {
    put_text(json, work_text_name((WorkText)i), content->texts[i]);
  }
  for (guint i = 0; i < WORK_REFERENCES; i++) {
    put_id(json, work_reference_name((WorkReference)i), content->references[i]);
  }
  put_list(json, "bylines");
  for (guint i = 0; i < content->bylines->len; i++) {
    const WorkByline *byline = &g_array_index(content->bylines, WorkByline, i);
    g_autoptr(Author) author = author_rows_get(transaction, byline->author_id, NULL);
    json_object(json);
    put_integer(json, "author_id", byline->author_id);
    put_text(json, "name", author != NULL ? author->name : "");
    put_text(json, "role", byline->role);
    json_end_object(json);
  }
  json_end_array(json);
  put_list(json, "topic_ids");
  for (guint i = 0; i < content->topic_ids->len; i++) {
    json_integer(json, g_array_index(content->topic_ids, gint64, i));
  }
  json_end_array(json);
}

static gboolean begin_version(ApiCall *call, ApiSummaries *with, const Request *request,
                              Website *website, GError **error) {
  api_begin(call, request, website);
  return works_prepare_history(&call->newsroom, api_path_id(call, 0), error) &&
         api_summaries_begin(with, call, error);
}

Response *api_story_revision(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ApiSummaries) with = {0};
  g_auto(ApiAnswer) answer = {0};
  g_autoptr(WorkContent) content = NULL;
  if (!begin_version(&call, &with, request, website, error)) {
    return NULL;
  }
  g_autoptr(WorkVersion) version =
      load_version(&with, api_path_id(&call, 0), api_path_id(&call, 1), &content, error);
  if (version == NULL) {
    return NULL;
  }
  JsonWriter *json = api_answer(&answer);
  put_object(json, "revision");
  write_version(json, version, with.names);
  json_end_object(json);
  put_object(json, "content");
  write_content(json, content, with.read.transaction);
  json_end_object(json);
  return api_respond(&answer, 200);
}

static void put_diff(JsonWriter *json, const char *field, const char *from, const char *to) {
  static const char *const KINDS[] = {"same", "added", "removed"};
  g_autoptr(GPtrArray) parts = text_diff(from, to);
  json_object(json);
  put_text(json, "field", field);
  put_list(json, "parts");
  for (guint i = 0; i < parts->len; i++) {
    const DiffPart *part = g_ptr_array_index(parts, i);
    json_object(json);
    put_text(json, "kind", KINDS[part->kind]);
    put_text(json, "text", part->text);
    json_end_object(json);
  }
  json_end_array(json);
  json_end_object(json);
}

Response *api_story_diff(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ApiSummaries) with = {0};
  g_auto(ApiAnswer) answer = {0};
  g_autoptr(WorkContent) to = NULL;
  g_autoptr(WorkContent) from = NULL;
  if (!begin_version(&call, &with, request, website, error)) {
    return NULL;
  }
  gint64 id = api_path_id(&call, 0);
  gint64 number = api_path_id(&call, 1);
  gint64 before = api_query_integer(&call, "from", MAX(number - 1, 0));
  if (!api_query_accept(&call, error)) {
    return NULL;
  }
  g_autoptr(WorkVersion) version = load_version(&with, id, number, &to, error);
  g_autoptr(WorkVersion) earlier =
      version != NULL && before > 0 ? load_version(&with, id, before, &from, NULL) : NULL;
  if (version == NULL) {
    return NULL;
  }
  if (earlier == NULL) {
    from = work_content_new(); // thinned, or the first: all of it is new
  }
  JsonWriter *json = api_answer(&answer);
  put_integer(json, "from", earlier != NULL ? before : 0);
  put_integer(json, "to", number);
  put_list(json, "fields");
  for (guint i = 0; i < WORK_TEXTS; i++) {
    if (strcmp(from->texts[i], to->texts[i]) != 0) {
      put_diff(json, work_text_name((WorkText)i), from->texts[i], to->texts[i]);
    }
  }
  json_end_array(json);
  return api_respond(&answer, 200);
}

Response *api_story_restore(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_autoptr(GPtrArray) conflicts =
      g_ptr_array_new_with_free_func((GDestroyNotify)work_conflict_free);
  WorkOutcome outcome = WORK_WAS_SAVED;
  if (!api_begin_json(&call, request, website, error)) {
    return NULL;
  }
  gint64 id = api_path_id(&call, 0);
  gint64 base = api_integer(&call, "base_revision", 0);
  return api_accept(&call, error) && works_restore(&call.newsroom, id, api_path_id(&call, 1), base,
                                                   &outcome, conflicts, error)
             ? api_answer_saved(&call, id, outcome, conflicts, error)
             : NULL;
}

// ---- the lock ---------------------------------------------------------------------------------

Response *api_story_lock(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ApiSummaries) with = {0};
  g_auto(ApiAnswer) answer = {0};
  if (!api_begin_json(&call, request, website, error)) {
    return NULL;
  }
  gint64 id = api_path_id(&call, 0);
  gboolean take_over = api_flag(&call, "take_over") == 1;
  if (!api_accept(&call, error) || !works_lock(&call.newsroom, id, take_over, error) ||
      !api_summaries_begin(&with, &call, error)) {
    return NULL;
  }
  g_autoptr(WorkLock) lock = work_lock_rows_get(with.read.transaction, id, with.context.now, error);
  WorkState state;
  if (lock == NULL || !work_rows_get_state(with.read.transaction, id, &state, error)) {
    return NULL;
  }
  JsonWriter *json = api_answer(&answer);
  put_lock(json, "lock", lock, &with.context);
  put_integer(json, "revision", state.version);
  return api_respond(&answer, 200);
}

Response *api_story_unlock(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  api_begin(&call, request, website);
  return works_unlock(&call.newsroom, api_path_id(&call, 0), error) ? api_done() : NULL;
}

// ---- notes ------------------------------------------------------------------------------------

static void write_note(JsonWriter *json, const WorkNote *note, const StaffNames *names) {
  const char *who = staff_names_get(names, note->staff_id);
  put_integer(json, "id", note->id);
  put_integer(json, "story_id", note->story_id);
  put_object(json, "staff");
  put_integer(json, "id", note->staff_id);
  put_text(json, "name", who != NULL ? who : "");
  json_end_object(json);
  put_instant(json, "created_at", note->created_at);
  put_text(json, "text", note->body);
  put_flag(json, "resolved", note->resolved_at != 0);
  put_person(json, "resolved_by", names, note->resolved_by);
  put_text(json, "passage", note->passage);
  put_text(json, "prefix", note->prefix);
  put_id(json, "reply_to", note->reply_to);
}

Response *api_story_notes(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ApiSummaries) with = {0};
  g_auto(ApiAnswer) answer = {0};
  WorkState state;
  api_begin(&call, request, website);
  gint64 id = api_path_id(&call, 0);
  if (!api_summaries_begin(&with, &call, error) ||
      !works_may_read(&call.newsroom, with.read.transaction, id, error) ||
      !work_rows_get_state(with.read.transaction, id, &state, error)) {
    return NULL;
  }
  g_autoptr(GPtrArray) notes = work_note_rows_list(with.read.transaction, id, error);
  if (notes == NULL) {
    return NULL;
  }
  JsonWriter *json = api_answer(&answer);
  put_list(json, "items");
  for (guint i = 0; i < notes->len; i++) {
    json_object(json);
    write_note(json, g_ptr_array_index(notes, i), with.names);
    json_end_object(json);
  }
  json_end_array(json);
  return api_respond(&answer, 200);
}

static Response *answer_note(ApiCall *call, gint64 id, gint64 note_id, guint status,
                             GError **error) {
  g_auto(ApiSummaries) with = {0};
  g_auto(ApiAnswer) answer = {0};
  if (!api_summaries_begin(&with, call, error)) {
    return NULL;
  }
  g_autoptr(WorkNote) note = work_note_rows_get(with.read.transaction, id, note_id, error);
  if (note == NULL) {
    return NULL;
  }
  write_note(api_answer(&answer), note, with.names);
  return api_respond(&answer, status);
}

Response *api_story_note_add(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  if (!api_begin_json(&call, request, website, error)) {
    return NULL;
  }
  const char *passage = api_text(&call, "passage");
  const char *prefix = api_text(&call, "prefix");
  WorkNote note = {.story_id = api_path_id(&call, 0),
                   .body = (char *)api_need_text(&call, "text"),
                   .passage = (char *)(passage != NULL ? passage : ""),
                   .prefix = (char *)(prefix != NULL ? prefix : ""),
                   .reply_to = api_integer(&call, "reply_to", 0)};
  gint64 id = api_accept(&call, error) ? works_add_note(&call.newsroom, &note, error) : 0;
  return id != 0 ? answer_note(&call, note.story_id, id, 201, error) : NULL;
}

Response *api_story_note_change(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  if (!api_begin_json(&call, request, website, error)) {
    return NULL;
  }
  gint64 id = api_path_id(&call, 0);
  gint64 note_id = api_path_id(&call, 1);
  const char *text = api_text(&call, "text");
  gint resolved = api_flag(&call, "resolved");
  return api_accept(&call, error) &&
                 works_change_note(&call.newsroom, id, note_id, text, resolved, error)
             ? answer_note(&call, id, note_id, 200, error)
             : NULL;
}

Response *api_story_note_remove(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  api_begin(&call, request, website);
  return works_remove_note(&call.newsroom, api_path_id(&call, 0), api_path_id(&call, 1), error)
             ? api_done()
             : NULL;
}

// ---- before it is published -------------------------------------------------------------------

Response *api_story_checks(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ApiRead) read = {0};
  g_auto(ApiAnswer) answer = {0};
  gboolean can = TRUE;
  api_begin(&call, request, website);
  if (!api_read_begin(&read, website, error)) {
    return NULL;
  }
  g_autoptr(Work) work = works_read(&call.newsroom, read.transaction, api_path_id(&call, 0), error);
  if (work == NULL) {
    return NULL;
  }
  g_autoptr(GPtrArray) checks = works_check(work);
  JsonWriter *json = api_answer(&answer);
  put_list(json, "items");
  for (guint i = 0; i < checks->len; i++) {
    const WorkCheck *check = g_ptr_array_index(checks, i);
    json_object(json);
    put_text(json, "level", check->is_error ? "error" : "warning");
    put_text(json, "code", check->code);
    put_text(json, "field", check->field);
    put_text(json, "says", check->says);
    json_end_object(json);
    can &= !check->is_error;
  }
  json_end_array(json);
  put_flag(json, "can_publish", can);
  return api_respond(&answer, 200);
}

// The first of them that says something.
static const char *first_of(const char *a, const char *b, const char *c) {
  return *a != '\0' ? a : *b != '\0' ? b : c;
}

static void put_share(JsonWriter *json, const char *name, const char *url, const char *title,
                      const char *description, const char *image) {
  put_object(json, name);
  put_text(json, "url", url);
  put_text(json, "title", title);
  put_text(json, "description", description);
  put_text(json, "image", image);
  json_end_object(json);
}

Response *api_story_preview(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ApiRead) read = {0};
  g_auto(ApiAnswer) answer = {0};
  api_begin(&call, request, website);
  if (!api_read_begin(&read, website, error)) {
    return NULL;
  }
  g_autoptr(Work) work = works_read(&call.newsroom, read.transaction, api_path_id(&call, 0), error);
  if (work == NULL) {
    return NULL;
  }
  const Story *story = work->story;
  g_autoptr(Document) document = markup_parse(slice_of(story->body), NULL);
  g_autofree char *words = document != NULL ? document_text(document) : g_strdup("");
  g_autofree char *begin = text_cut_at_word(words, 160);
  g_autofree char *path = address_story(story->section != NULL ? story->section->slug : NULL,
                                        *story->slug != '\0' ? story->slug : "story", story->id);
  g_autofree char *url = g_strconcat(read.site->base_url, path, NULL);
  const Image *image = story->share_image != NULL ? story->share_image : story->hero;
  g_autofree char *picture = image != NULL && image->hash != NULL
                                 ? address_image(&(ImageAddress){.image = image,
                                                                 .aspect = ASPECT_16X9,
                                                                 .format = image->format,
                                                                 .width = 1200},
                                                 read.site->image_key)
                                 : NULL;
  const char *title = first_of(story->seo_title, story->headline, "");
  const char *description = first_of(story->seo_description, story->standfirst, begin);
  JsonWriter *json = api_answer(&answer);
  put_share(json, "search", url, title, description, NULL);
  put_share(json, "share", url, first_of(story->share_title, title, ""),
            first_of(story->share_description, description, ""), picture);
  put_share(json, "mail", url, story->headline, first_of(story->standfirst, begin, ""), picture);
  return api_respond(&answer, 200);
}

Response *api_story_page(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ApiRead) read = {0};
  api_begin(&call, request, website);
  if (!api_read_begin(&read, website, error)) {
    return NULL;
  }
  g_autoptr(Work) work = works_read(&call.newsroom, read.transaction, api_path_id(&call, 0), error);
  if (work == NULL) {
    return NULL;
  }
  g_autoptr(GPtrArray) related =
      g_ptr_array_new_with_free_func((GDestroyNotify)teaser_free); // they aren't what is looked at
  Story *story = work->story;
  story->published_at =
      story->published_at != 0 ? story->published_at : clock_now(&website->newsroom->clock);
  g_autofree char *path = address_story(story->section != NULL ? story->section->slug : NULL,
                                        *story->slug != '\0' ? story->slug : "story", story->id);
  StoryPage page = {
      .context = {.site = read.site, .now = clock_now(&website->newsroom->clock), .path = path},
      .story = story,
      .related = related,
      .structured_data = "{}"};
  g_autoptr(GString) html = g_string_sized_new(65536);
  if (!page_story(website->press, &page, html, error)) {
    return NULL;
  }
  return api_document(g_steal_pointer(&html));
}

Response *api_markdown(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ApiAnswer) answer = {0};
  g_autoptr(GError) failure = NULL;
  if (!api_begin_json(&call, request, website, error)) {
    return NULL;
  }
  const char *body = api_need_text(&call, "body");
  g_autoptr(Document) document =
      api_accept(&call, error) ? markup_parse(slice_of(body), &failure) : NULL;
  if (document == NULL) {
    if (failure != NULL) {
      g_set_error(error, NEWSROOM_ERROR, NEWSROOM_ERROR_INVALID, "body: %s", failure->message);
    }
    return NULL;
  }
  g_autoptr(GString) html = g_string_new(NULL);
  MarkupHtmlOptions options = {.heading_shift = 1};
  markup_write_html(html, document, &options, NULL);
  guint words = document_word_count(document);
  JsonWriter *json = api_answer(&answer);
  put_text(json, "html", html->str);
  put_integer(json, "word_count", words);
  put_integer(json, "reading_minutes", MAX(1, (words + 110) / 220));
  return api_respond(&answer, 200);
}
