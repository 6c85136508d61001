// SPDX-License-Identifier: Apache-2.0
//
// Implements edition.h: measures the stories, plans and composes the front page, then, knowing what
// it leaves over, the inside pages; fetches the pictures; draws. If a picture can't be had,
// everything is composed again without it.
#include "edition/edition.h"

#include "edition/page_compose.h"
#include "edition/page_cover.h"
#include "edition/page_draw.h"

#define ROUNDS 3        // of composing, when pictures can't be had
#define TRIES 4         // of composing, when a text proves longer than it was reckoned
#define REST_ROUNDS 200 // of pages added for text that was left over

typedef struct Composed {
  GPtrArray *sheets;  // Sheet *
  GPtrArray *stories; // PageStory *
} Composed;

static void composed_clear(Composed *composed) {
  // What stands on the sheets was set from the stories' galleys.
  g_clear_pointer(&composed->sheets, g_ptr_array_unref);
  g_clear_pointer(&composed->stories, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Composed, composed_clear)

// failed: hashes of pictures that can't be had.
static gboolean measure_stories(const PageKit *kit, GHashTable *failed, GPtrArray *stories,
                                GError **error) {
  g_autoptr(GHashTable) unusable = g_hash_table_new(g_str_hash, g_str_equal);
  GHashTableIter iter;
  gpointer hash;
  g_hash_table_iter_init(&iter, failed);
  while (g_hash_table_iter_next(&iter, &hash, NULL)) {
    g_hash_table_add(unusable, hash);
  }
  for (guint i = 0; i < kit->content->stories->len; i++) {
    PageStory *story = page_story_new(kit, i, unusable, error);
    if (story == NULL) {
      return FALSE;
    }
    g_ptr_array_add(stories, story);
  }
  return TRUE;
}

// ---- the plan's wish --------------------------------------------------------------------------

typedef struct Wishing {
  PlanWish wish;
  LayoutBlock contents, corrections;
  PlanStory *stories;
  gint32 *left, *more; // by story; more: lines that a rest proved longer
} Wishing;

static void wishing_clear(Wishing *wishing) {
  g_free(wishing->stories);
  g_free(wishing->left);
  g_free(wishing->more);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Wishing, wishing_clear)

static void make_wish(const PageKit *kit, const GPtrArray *stories, guint pages, Wishing *wishing) {
  const PageTheme *theme = kit->theme;
  PlanWish *wish = &wishing->wish;
  wish->grid = (LayoutGrid){theme->columns, (gint16)(theme->rows - theme->head_rows)};
  gboolean planned = theme->masthead_rows > 0 && !page_has_cover(kit, stories);
  wish->front_rows = planned ? theme->rows - page_masthead_rows(kit) : 0;
  wish->pages = pages;
  wish->briefs = (LayoutBlock){.kind = BLOCK_BRIEFS, .weight = 2};
  for (gint wide = 1; wide <= theme->columns; wide++) {
    wish->briefs.head[LAYOUT_LEVELS - 1][wide] = 2;
    wish->briefs.lines[LAYOUT_LEVELS - 1][wide] = 1;
  }
  if (theme->contents && page_contents_block(kit, stories, &wishing->contents)) {
    wish->contents = &wishing->contents;
  }
  if (page_corrections_block(kit, &wishing->corrections)) {
    wish->corrections = &wishing->corrections;
  }
  wishing->stories = g_new0(PlanStory, stories->len + 1);
  wishing->left = g_new0(gint32, stories->len + 1);
  wishing->more = g_new0(gint32, stories->len + 1);
  for (guint i = 0; i < stories->len; i++) {
    wishing->stories[i] = ((const PageStory *)stories->pdata[i])->plan;
  }
}

// What still has to be placed. FALSE: nothing.
static gboolean count_left(const PageKit *kit, GPtrArray *stories, Wishing *wishing) {
  gboolean some = FALSE;
  for (guint i = 0; i < stories->len; i++) {
    PageStory *story = stories->pdata[i];
    wishing->left[i] = story->pieces->len == 0 ? -1
                       : galley_is_end(story->galley, story->next)
                           ? 0
                           : MAX(1, page_story_rest(kit, story)) + wishing->more[i];
    some = some || wishing->left[i] != 0;
  }
  return some;
}

// ---- pages ------------------------------------------------------------------------------------

static Sheet *add_sheet(Composer *composer, GPtrArray *sheets, gint32 section) {
  Sheet *sheet = sheet_new(sheets->len, section, page_section_name(composer->kit, section));
  g_ptr_array_add(sheets, sheet);
  return sheet;
}

static void compose_front(Composer *composer, Wishing *wishing, GPtrArray *sheets) {
  const PageKit *kit = composer->kit;
  g_autoptr(PlanPage) front = plan_front(&wishing->wish, wishing->stories, composer->stories->len);
  if (front == NULL) {
    return;
  }
  Sheet *sheet = add_sheet(composer, sheets, -1);
  gint rows = page_masthead_rows(kit);
  page_compose(composer, sheet, front, rows);
  if (composer->stories->len == 0) {
    PageRoom room = {page_x(kit->theme, 0), page_y(kit->theme, rows), kit->theme->columns,
                     kit->theme->rows - rows};
    page_put_nothing(kit, sheet, room);
  }
}

static void compose_inside(Composer *composer, Wishing *wishing, GPtrArray *sheets) {
  const PageKit *kit = composer->kit;
  g_autoptr(GPtrArray) pages =
      plan_inside(&wishing->wish, wishing->stories, composer->stories->len, wishing->left);
  for (guint i = 0; i < pages->len; i++) {
    const PlanPage *page = pages->pdata[i];
    Sheet *sheet = add_sheet(composer, sheets, page->section);
    page_put_head(kit, sheet);
    page_compose(composer, sheet, page, kit->theme->head_rows);
  }
}

// "Continued on page 4", now that it is known.
static void put_jumps(Composer *composer, GPtrArray *sheets) {
  const PageKit *kit = composer->kit;
  for (guint i = 0; i < composer->jumps->len; i++) {
    const PageJump *jump = &g_array_index(composer->jumps, PageJump, i);
    const PageStory *story = composer->stories->pdata[jump->story];
    if (jump->part + 1 >= story->pieces->len) {
      continue; // there was nothing left after all
    }
    const StoryPiece *to = &g_array_index(story->pieces, StoryPiece, jump->part + 1);
    g_autofree char *number = g_strdup_printf("%u", to->page + 1);
    g_autofree char *words = locale_fill(kit->locale, "edition_continued", "number", number);
    SetBlock *block = galley_set_text(kit->typesetter, kit->look, LOOK_NOTE, words, NULL,
                                      kit->content->site->language, jump->measure, ROLE_NOTE);
    Placement *placement =
        sheet_put(sheets->pdata[jump->page], block, jump->x, jump->y, jump->story);
    if (placement != NULL) {
      placement->target = (gint32)to->page;
      placement->target_y = to->y;
    }
  }
}

static guint add_cover(Composer *composer, GPtrArray *sheets) {
  const PageKit *kit = composer->kit;
  guint count =
      page_has_cover(kit, composer->stories) ? page_cover_sheets(kit, composer->stories) : 0;
  for (guint i = 0; i < count; i++) {
    add_sheet(composer, sheets, -1);
  }
  return count;
}

static void finish_sheets(Composer *composer, GPtrArray *sheets, guint cover) {
  const PageKit *kit = composer->kit;
  put_jumps(composer, sheets);
  if (cover > 0) {
    page_put_cover(kit, sheets, cover, composer->stories);
  }
  Sheet *first = sheets->pdata[0];
  if (composer->contents.rows > 0) {
    page_put_contents(kit, first, composer->contents, composer->stories);
  }
  if (first->section < 0) {
    PageNumbers numbers = {composer->stories->len, sheets->len};
    g_autoptr(Sheet) top = sheet_new(0, -1, "");
    page_put_masthead(kit, top, numbers);
    sheet_prepend(first, top);
  }
  page_put_colophon(kit, sheets->pdata[sheets->len - 1]);
}

// ---- going back -------------------------------------------------------------------------------

typedef struct Mark { // how far the composing was
  guint sheets, jumps, fillers;
  guint *pieces;     // by story
  GalleyPlace *next; // by story
} Mark;

static void mark_clear(Mark *mark) {
  g_free(mark->pieces);
  g_free(mark->next);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Mark, mark_clear)

static Mark mark_here(const Composer *composer, const GPtrArray *sheets) {
  Mark mark = {sheets->len, composer->jumps->len, composer->fillers, NULL, NULL};
  mark.pieces = g_new0(guint, composer->stories->len + 1);
  mark.next = g_new0(GalleyPlace, composer->stories->len + 1);
  for (guint i = 0; i < composer->stories->len; i++) {
    const PageStory *story = composer->stories->pdata[i];
    mark.pieces[i] = story->pieces->len;
    mark.next[i] = story->next;
  }
  return mark;
}

static void go_back(Composer *composer, GPtrArray *sheets, const Mark *mark) {
  g_ptr_array_set_size(sheets, (gint)mark->sheets);
  g_array_set_size(composer->jumps, mark->jumps);
  composer->fillers = mark->fillers;
  for (guint i = 0; i < composer->stories->len; i++) {
    PageStory *story = composer->stories->pdata[i];
    g_array_set_size(story->pieces, mark->pieces[i]);
    story->next = mark->next[i];
  }
}

// Stories that were to stand whole and left lines over are reckoned longer by these. FALSE: none.
static gboolean reckon_longer(const Composer *composer, Wishing *wishing, const Mark *mark) {
  gboolean some = FALSE;
  for (guint i = 0; i < composer->stories->len; i++) {
    const PageStory *story = composer->stories->pdata[i];
    gint32 left = wishing->left[i];
    if (left <= 0 || story->pieces->len == mark->pieces[i] || story->jumps) {
      continue;
    }
    gint32 more = MIN(left, 40) + 1;
    wishing->stories[i].whole.body += more;
    wishing->stories[i].brief_lines += wishing->stories[i].brief_lines > 0 ? more : 0;
    wishing->more[i] += more;
    some = TRUE;
  }
  return some;
}

static void compose_front_well(Composer *composer, Wishing *wishing, GPtrArray *sheets) {
  for (guint tries = 0; tries < TRIES; tries++) {
    g_auto(Mark) mark = mark_here(composer, sheets);
    compose_front(composer, wishing, sheets);
    gboolean more = count_left(composer->kit, composer->stories, wishing);
    if (!more || tries + 1 == TRIES || !reckon_longer(composer, wishing, &mark)) {
      return;
    }
    go_back(composer, sheets, &mark);
  }
}

static void compose_inside_well(Composer *composer, Wishing *wishing, GPtrArray *sheets) {
  for (guint tries = 0; tries < TRIES; tries++) {
    g_auto(Mark) mark = mark_here(composer, sheets);
    compose_inside(composer, wishing, sheets);
    gboolean more = count_left(composer->kit, composer->stories, wishing);
    if (!more || tries + 1 == TRIES || !reckon_longer(composer, wishing, &mark)) {
      return;
    }
    go_back(composer, sheets, &mark);
    count_left(composer->kit, composer->stories, wishing);
  }
}

static gboolean compose(const PageKit *kit, guint pages, GHashTable *unusable, Composed *composed,
                        GError **error) {
  composed->stories = g_ptr_array_new_with_free_func((GDestroyNotify)page_story_free);
  composed->sheets = g_ptr_array_new_with_free_func((GDestroyNotify)sheet_free);
  if (!measure_stories(kit, unusable, composed->stories, error)) {
    return FALSE;
  }
  g_auto(Wishing) wishing = {0};
  make_wish(kit, composed->stories, pages, &wishing);
  Composer composer = {.kit = kit,
                       .stories = composed->stories,
                       .jumps = g_array_new(FALSE, FALSE, sizeof(PageJump)),
                       .mirrored = language_is_right_to_left(kit->content->site->language)};
  guint cover = add_cover(&composer, composed->sheets);
  compose_front_well(&composer, &wishing, composed->sheets);
  gboolean more = count_left(kit, composed->stories, &wishing);
  for (guint round = 0; (more || round == 0) && round < REST_ROUNDS; round++) {
    compose_inside_well(&composer, &wishing, composed->sheets);
    wishing.wish.corrections = NULL;
    wishing.wish.pages = 0;
    more = count_left(kit, composed->stories, &wishing);
  }
  if (composed->sheets->len == 0) {
    Sheet *sheet = add_sheet(&composer, composed->sheets, 0);
    PageRoom room = {page_x(kit->theme, 0), page_y(kit->theme, 0), kit->theme->columns,
                     kit->theme->rows};
    page_put_nothing(kit, sheet, room);
  }
  finish_sheets(&composer, composed->sheets, cover);
  g_array_unref(composer.jumps);
  return TRUE;
}

// ---- the print --------------------------------------------------------------------------------

static void edition_sheet_free(gpointer data) {
  EditionSheet *sheet = data;
  g_free(sheet->label);
  g_free(sheet->section);
  g_array_unref(sheet->boxes);
  g_free(sheet);
}

static void tell_sheets(EditionPrint *print, const Composed *composed) {
  g_autofree gboolean *seen = g_new0(gboolean, composed->stories->len + 1);
  for (guint i = 0; i < composed->sheets->len; i++) {
    const Sheet *sheet = composed->sheets->pdata[i];
    EditionSheet *told = g_new0(EditionSheet, 1);
    told->label = g_strdup(sheet->label);
    told->section = g_strdup(sheet->section_name);
    told->boxes = g_array_ref(sheet->boxes);
    g_ptr_array_add(print->sheets, told);
    for (guint j = 0; j < sheet->boxes->len; j++) {
      guint story = g_array_index(sheet->boxes, EditionBox, j).story;
      if (!seen[story]) {
        seen[story] = TRUE;
        g_array_append_val(print->order, story);
      }
    }
  }
}

static void add_remarks(EditionPrint *print, const EditionJob *job, const Typefaces *typefaces) {
  const GPtrArray *others = typefaces_remarks(typefaces);
  for (guint i = 0; i < others->len; i++) {
    g_ptr_array_add(print->remarks, g_strdup(others->pdata[i]));
  }
  if (job->pages > 0 && (guint)job->pages != print->sheets->len) {
    g_ptr_array_add(print->remarks,
                    g_strdup_printf("the stories make %u pages, where %d were wished for; change "
                                    "the number of stories or of pages",
                                    print->sheets->len, job->pages));
  }
}

static EditionPrint *print_with(const PageKit *kit, const EditionJob *job, GError **error) {
  g_autoptr(EditionPrint) print = g_new0(EditionPrint, 1);
  print->width = kit->theme->width;
  print->height = kit->theme->height;
  print->sheets = g_ptr_array_new_with_free_func(edition_sheet_free);
  print->order = g_array_new(FALSE, FALSE, sizeof(guint));
  print->remarks = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GHashTable) unusable = g_hash_table_new(g_str_hash, g_str_equal);
  g_auto(Composed) composed = {0};
  g_autoptr(GHashTable) pictures = NULL;
  for (guint round = 0; round < ROUNDS; round++) {
    guint failed = g_hash_table_size(unusable);
    g_clear_pointer(&pictures, g_hash_table_unref);
    composed_clear(&composed);
    guint pages = job->pages > 0 ? (guint)job->pages : 0;
    if (!compose(kit, pages, unusable, &composed, error)) {
      return NULL;
    }
    pictures = page_pictures_fetch(kit, job, composed.sheets, unusable, print->remarks);
    if (g_hash_table_size(unusable) == failed) {
      break;
    }
  }
  print->pdf = page_draw(kit, composed.sheets, composed.stories, pictures, error);
  if (print->pdf == NULL) {
    return NULL;
  }
  tell_sheets(print, &composed);
  add_remarks(print, job, typesetter_typefaces(kit->typesetter));
  return g_steal_pointer(&print);
}

EditionPrint *edition_print(const EditionJob *job, GError **error) {
  g_autoptr(Look) look = look_new(job->theme, job->format, error);
  if (look == NULL) {
    return NULL;
  }
  g_autoptr(PageTheme) theme = page_theme_new(job->theme, job->format, look, error);
  g_autoptr(Typefaces) typefaces = theme != NULL ? typefaces_new(job->theme, error) : NULL;
  if (typefaces == NULL) {
    return NULL;
  }
  g_autoptr(Typesetter) typesetter = typesetter_new(typefaces);
  PageKit kit = {.content = job->content,
                 .locale = job->locale,
                 .theme = theme,
                 .look = look,
                 .typesetter = typesetter,
                 .pictures = job->picture != NULL};
  return print_with(&kit, job, error);
}

void edition_print_free(EditionPrint *print) {
  if (print == NULL) {
    return;
  }
  g_clear_pointer(&print->pdf, g_bytes_unref);
  g_clear_pointer(&print->sheets, g_ptr_array_unref);
  g_clear_pointer(&print->order, g_array_unref);
  g_clear_pointer(&print->remarks, g_ptr_array_unref);
  g_free(print);
}
