// SPDX-License-Identifier: Apache-2.0
//
// Implements what stands around a working copy (works.h): its history, its lock, the notes on it,
// and what to look at before it is published.
#include <string.h>

#include "newsroom/merge.h"
#include "newsroom/work_story.h"
#include "press/markup.h"
#include "store/work_rows.h"

#define THIN_AFTER CLOCK_DAY
#define NOTE_CHARACTERS 10000

// ---- history ----------------------------------------------------------------------------------

gboolean works_prepare_history(Newsroom *newsroom, gint64 id, GError **error) {
  {
    g_autoptr(StoreTransaction) transaction = store_begin_read(newsroom->store, error);
    WorkState state;
    if (transaction == NULL || !works_may_read(newsroom, transaction, id, error) ||
        !work_rows_get_state(transaction, id, &state, error)) {
      return FALSE;
    }
    if (state.version != 0) {
      return TRUE;
    }
  }
  g_auto(WorkOpened) opened = {0};
  return work_open(&opened, newsroom, id, PERMISSION_STORY_READ, PERMISSION_STORY_READ_ANY,
                   error) &&
         change_commit(&opened.change, FALSE, error);
}

gboolean works_restore(Newsroom *newsroom, gint64 id, gint64 number, gint64 base_revision,
                       WorkOutcome *ret_outcome, GPtrArray *conflicts, GError **error) {
  g_auto(WorkOpened) opened = {0};
  if (!work_open(&opened, newsroom, id, PERMISSION_STORY_WRITE, PERMISSION_STORY_WRITE_ANY,
                 error) ||
      work_is_stale(&opened, base_revision, error)) {
    return FALSE;
  }
  g_autoptr(WorkContent) content =
      work_version_content(opened.change.transaction, id, number, error);
  if (content == NULL) {
    return FALSE;
  }
  g_autofree char *note = g_strdup_printf("revision %" G_GINT64_FORMAT, number);
  *ret_outcome = WORK_WAS_SAVED;
  if (!work_add_version(&opened, content, WORK_RESTORED, note, error)) {
    return FALSE;
  }
  if (opened.story->status == STORY_PUBLISHED) {
    opened.state.has_changes = number != opened.state.published_version;
    opened.state.stage = opened.state.has_changes ? STAGE_DRAFT : STAGE_PUBLISHED;
  }
  return work_sync(&opened, error) && work_put_state(&opened, error) &&
         change_commit(&opened.change, FALSE, error);
}

gint64 works_thin_history(Newsroom *newsroom, GError **error) {
  g_auto(Change) change = {0};
  if (!change_begin(&change, newsroom, error)) {
    return -1;
  }
  gint64 removed = work_version_rows_thin(change.transaction, change.now - THIN_AFTER, error);
  return removed >= 0 && change_commit(&change, FALSE, error) ? removed : -1;
}

// ---- the lock ---------------------------------------------------------------------------------

gboolean works_lock(Newsroom *newsroom, gint64 id, gboolean take_over, GError **error) {
  g_auto(WorkOpened) opened = {0};
  GError *failure = NULL;
  if (!work_open(&opened, newsroom, id, PERMISSION_STORY_WRITE, PERMISSION_STORY_WRITE_ANY,
                 error)) {
    return FALSE;
  }
  const Actor *actor = newsroom->actor;
  const char *holder = actor != NULL ? actor->holder : "command";
  g_autoptr(WorkLock) held =
      work_lock_rows_get(opened.change.transaction, id, opened.change.now, &failure);
  if (held == NULL && !change_is_absent(&failure)) {
    g_propagate_error(error, failure);
    return FALSE;
  }
  gboolean mine = held != NULL && strcmp(held->holder, holder) == 0;
  if (held != NULL && !mine && !take_over) {
    return change_refuse(error, NEWSROOM_ERROR_LOCKED, "someone else has the story open");
  }
  WorkLock lock = {.story_id = id,
                   .staff_id = actor != NULL ? actor->staff_id : 0,
                   .since = mine ? held->since : opened.change.now,
                   .expires_at = opened.change.now + WORK_LOCK_SECONDS * CLOCK_SECOND,
                   .holder = (char *)holder};
  return work_lock_rows_put(opened.change.transaction, &lock, error) &&
         change_commit(&opened.change, FALSE, error);
}

gboolean works_unlock(Newsroom *newsroom, gint64 id, GError **error) {
  g_auto(WorkOpened) opened = {0};
  return work_open(&opened, newsroom, id, PERMISSION_STORY_WRITE, PERMISSION_STORY_WRITE_ANY,
                   error) &&
         work_lock_rows_remove(opened.change.transaction, id,
                               newsroom->actor != NULL ? newsroom->actor->holder : "command",
                               error) &&
         change_commit(&opened.change, FALSE, error);
}

// ---- notes ------------------------------------------------------------------------------------

static gboolean check_note(const char *text, GError **error) {
  glong length = g_utf8_strlen(text, -1);
  return (length > 0 && length <= NOTE_CHARACTERS) ||
         change_refuse(error, NEWSROOM_ERROR_INVALID, "text: 1 to %d characters", NOTE_CHARACTERS);
}

gint64 works_add_note(Newsroom *newsroom, const WorkNote *given, GError **error) {
  g_auto(Change) change = {0};
  if (!check_note(given->body, error) || g_utf8_strlen(given->passage, -1) > NOTE_CHARACTERS ||
      g_utf8_strlen(given->prefix, -1) > 1000 || !change_begin(&change, newsroom, error)) {
    if (error != NULL && *error == NULL) {
      change_refuse(error, NEWSROOM_ERROR_INVALID, "passage: it is too long");
    }
    return 0;
  }
  if (!works_may_read(newsroom, change.transaction, given->story_id, error)) {
    return 0;
  }
  WorkState state;
  if (!work_rows_get_state(change.transaction, given->story_id, &state, error)) {
    return 0;
  }
  WorkNote note = *given;
  note.staff_id = newsroom->actor != NULL ? newsroom->actor->staff_id : 0;
  note.created_at = change.now;
  gint64 id = work_note_rows_insert(change.transaction, &note, error);
  return id != 0 && change_commit(&change, FALSE, error) ? id : 0;
}

static WorkNote *open_note(Change *change, Newsroom *newsroom, gint64 id, gint64 note_id,
                           GError **error) {
  GError *failure = NULL;
  if (!change_begin(change, newsroom, error) ||
      !works_may_read(newsroom, change->transaction, id, error)) {
    return NULL;
  }
  WorkNote *note = work_note_rows_get(change->transaction, id, note_id, &failure);
  if (note == NULL && change_is_absent(&failure)) {
    change_refuse(error, NEWSROOM_ERROR_NOT_FOUND, "there is no such note");
  } else if (note == NULL) {
    g_propagate_error(error, failure);
  }
  return note;
}

static gboolean is_theirs(const Newsroom *newsroom, const WorkNote *note, GError **error) {
  return newsroom->actor == NULL || newsroom->actor->staff_id == note->staff_id ||
         change_refuse(error, NEWSROOM_ERROR_FORBIDDEN, "these are someone else's words");
}

gboolean works_change_note(Newsroom *newsroom, gint64 id, gint64 note_id, const char *text,
                           gint resolved, GError **error) {
  g_auto(Change) change = {0};
  g_autoptr(WorkNote) note = open_note(&change, newsroom, id, note_id, error);
  if (note == NULL) {
    return FALSE;
  }
  if (text != NULL) {
    if (!is_theirs(newsroom, note, error) || !check_note(text, error)) {
      return FALSE;
    }
    g_free(note->body);
    note->body = g_strdup(text);
  }
  if (resolved >= 0) {
    note->resolved_at = resolved ? change.now : 0;
    note->resolved_by = resolved && newsroom->actor != NULL ? newsroom->actor->staff_id : 0;
  }
  return work_note_rows_update(change.transaction, note, error) &&
         change_commit(&change, FALSE, error);
}

gboolean works_remove_note(Newsroom *newsroom, gint64 id, gint64 note_id, GError **error) {
  g_auto(Change) change = {0};
  g_autoptr(WorkNote) note = open_note(&change, newsroom, id, note_id, error);
  return note != NULL && is_theirs(newsroom, note, error) &&
         work_note_rows_remove(change.transaction, note_id, error) &&
         change_commit(&change, FALSE, error);
}

// ---- before it is published -------------------------------------------------------------------

void work_check_free(WorkCheck *check) {
  if (check != NULL) {
    g_free(check->says);
    g_free(check);
  }
}

static void G_GNUC_PRINTF(5, 6) add(GPtrArray *checks, gboolean is_error, const char *code,
                                    const char *field, const char *format, ...) {
  va_list arguments;
  WorkCheck *check = g_new(WorkCheck, 1);
  va_start(arguments, format);
  *check = (WorkCheck){is_error, code, field, g_strdup_vprintf(format, arguments)};
  va_end(arguments);
  g_ptr_array_add(checks, check);
}

static gboolean is_blank(const char *text) {
  return text[strspn(text, " \t\r\n")] == '\0';
}

static void check_figures(const Node *node, GPtrArray *checks) {
  for (; node != NULL; node = node->next) {
    if ((node->type == NODE_FIGURE || node->type == NODE_IMAGE) &&
        (node->alt == NULL || is_blank(node->alt))) {
      add(checks, TRUE, "alt_missing", "body",
          "A picture in the text (line %u) has no alternative text: say what it shows for those "
          "who "
          "can't see it.",
          node->line);
    }
    check_figures(node->first_child, checks);
  }
}

static void check_body(const Work *work, GPtrArray *checks) {
  const char *body = work->content->texts[WORK_BODY];
  g_autoptr(Document) document = markup_parse(slice_of(body), NULL);
  if (is_blank(body)) {
    add(checks, FALSE, "body_empty", "body", "The story has no text.");
  }
  if (text_has_conflict(body)) {
    add(checks, TRUE, "conflict", "body",
        "Two texts stand between marks (⟪ … ⟫): decide which words stay, and take the marks away.");
  }
  if (document != NULL) {
    check_figures(document_root(document)->first_child, checks);
  }
}

GPtrArray *works_check(const Work *work) {
  GPtrArray *checks = g_ptr_array_new_with_free_func((GDestroyNotify)work_check_free);
  const WorkContent *content = work->content;
  glong headline = g_utf8_strlen(content->texts[WORK_HEADLINE], -1);
  if (is_blank(content->texts[WORK_HEADLINE])) {
    add(checks, TRUE, "headline_missing", "headline", "The story has no headline.");
  } else if (headline > WORK_HEADLINE_CHARACTERS) {
    add(checks, FALSE, "headline_long", "headline",
        "The headline has %ld characters; search results and cards cut after about %d.", headline,
        WORK_HEADLINE_CHARACTERS);
  }
  if (content->references[WORK_SECTION] == 0) {
    add(checks, TRUE, "section_missing", "section_id", "The story stands in no section.");
  }
  if (content->bylines->len == 0) {
    add(checks, FALSE, "byline_missing", "bylines", "Nobody signs the story.");
  }
  if (is_blank(content->texts[WORK_STANDFIRST])) {
    add(checks, FALSE, "standfirst_missing", "standfirst",
        "There is no standfirst: search results and mail will show the first words instead.");
  }
  const Image *hero = work->story->hero;
  if (hero == NULL) {
    add(checks, FALSE, "hero_missing", "hero_image_id", "The story has no picture.");
  } else if (is_blank(hero->alt)) {
    add(checks, TRUE, "alt_missing", "hero_image_id",
        "The picture has no alternative text: say what it shows for those who can't see it.");
  }
  if (hero != NULL && is_blank(content->texts[WORK_HERO_CREDIT]) && is_blank(hero->credit)) {
    add(checks, FALSE, "credit_missing", "hero_credit", "The picture has no credit.");
  }
  check_body(work, checks);
  return checks;
}
