// SPDX-License-Identifier: Apache-2.0
//
// Implements the decisions of paragraph.h: Knuth and Plass's dynamic programming over the breaks
// that paragraph.c listed, with a state for each number of lines, fitness class and count of
// hyphens in a row, so that one pass tells the cost of every length. Two passes: the first keeps
// every rule (gaps, hyphens, ladders); only where no setting can, the second takes lines that
// aren't filled, and breaks words that are wider than the line. Integers throughout.
#include <string.h>

#include "edition/paragraph_parts.h"

#define MAX_HYPHENS 2 // in a row
#define CLASSES 3     // tight, normal, loose
#define LINE_SPREAD 4 // line counts kept on each side of the best at one break
#define NO_NODE G_MAXUINT32

#define GAP_TIGHT_PERMILLE 800
#define GAP_GOOD_PERMILLE 1480 // 1.5 and 2, less what rounding in a file may add
#define GAP_MAX_PERMILLE 1980
#define GAP_MAX_UNSPACED_PERMILLE 1820 // where letters can't help (Arabic): kerning adds to gaps
#define LETTERS_WIDER_PERMILLE 20      // of the size
#define LETTERS_TIGHTER_PERMILLE 12    // is good
#define LETTERS_TIGHTEST_PERMILLE 20

#define LINE_DEMERIT 10
#define CLASS_DEMERIT 6000
#define LADDER_DEMERIT 8000
#define LAST_HYPHEN_DEMERIT 8000
#define SHORT_LAST_DEMERIT 20000
#define LOOSE_DEMERIT 6000000 // a gap of more than 1.5: one line in twenty at most may need it
#define RAGGED_DEMERIT G_GINT64_CONSTANT(24000000)
#define EMERGENCY_DEMERIT G_GINT64_CONSTANT(54000000)
#define OVERFULL_DEMERIT G_GINT64_CONSTANT(1000000000000)

gint32 paragraph_line_measure(const ParagraphShape *shape, guint line) {
  gint32 measure = shape->measure;
  if (line == 0) {
    measure -= shape->indent;
  }
  if (line < shape->inset_lines) {
    measure -= shape->inset;
  }
  return MAX(measure, POINT);
}

// ---- one line ---------------------------------------------------------------------------------

static LineFill fill_wider(gint64 lack, Sums line, gint32 max_gap) {
  gint64 letters = line.letters * LETTERS_WIDER_PERMILLE / 1000;
  gint64 gaps = line.gaps * (GAP_GOOD_PERMILLE - 1000) / 1000;
  gint32 most = line.letters > 0 ? max_gap : MIN(max_gap, GAP_MAX_UNSPACED_PERMILLE);
  gint64 most_gaps = line.gaps * (MAX(most, 1000) - 1000) / 1000;
  gint64 good = letters + gaps + line.soft;
  LineFill fill = {.feasible = TRUE};
  if (lack <= good) {
    fill.ratio = good > 0 ? (gint32)(lack * 1000 / good) : 0;
    fill.letters = letters * fill.ratio / 1000;
    fill.soft = line.soft * fill.ratio / 1000;
    fill.gaps = lack - fill.letters - fill.soft;
  } else { // squares stretch further before words do
    gint64 more = lack - good;
    gint64 squares = MIN(line.soft * 2, more);
    fill.letters = letters;
    fill.soft = line.soft + squares;
    fill.gaps = lack - letters - fill.soft;
    fill.feasible = fill.gaps <= most_gaps;
    fill.ratio = (gint32)MIN(lack * 1000 / MAX(good, 1), 4000);
  }
  if (line.gaps == 0 && line.soft > 0) {
    fill.soft += fill.gaps;
    fill.gaps = 0;
  }
  return fill;
}

static LineFill fill_tighter(gint64 lack, Sums line) {
  gint64 letters = line.letters * LETTERS_TIGHTER_PERMILLE / 1000;
  gint64 tightest = line.letters * LETTERS_TIGHTEST_PERMILLE / 1000;
  gint64 gaps = line.gaps * (1000 - GAP_TIGHT_PERMILLE) / 1000;
  gint64 good = letters + gaps;
  LineFill fill = {.feasible = -lack <= tightest + gaps};
  fill.ratio = (gint32)MAX(lack * 1000 / MAX(good, 1), -4000);
  if (-lack <= good) {
    fill.letters = letters * fill.ratio / 1000;
  } else { // the gaps have given all they may
    fill.letters = MAX(lack + gaps, -tightest);
  }
  fill.gaps = lack - fill.letters;
  return fill;
}

LineFill line_fill(gint64 lack, Sums line, gint32 max_gap_permille) {
  LineFill fill = lack >= 0 ? fill_wider(lack, line, max_gap_permille) : fill_tighter(lack, line);
  gint64 ratio = MIN(ABS(fill.ratio), 4000);
  fill.badness = (gint32)MIN(ratio * ratio * ratio / 10000000, 10000);
  return fill;
}

static Sums sums_between(const Break *from, const Break *to) {
  return (Sums){.width = to->before.width - from->after.width - to->hang_before - from->hang_after,
                .gaps = to->before.gaps - from->after.gaps,
                .letters = to->before.letters - from->after.letters,
                .soft = to->before.soft - from->after.soft};
}

// ---- the search -------------------------------------------------------------------------------

typedef struct Node {
  gint64 cost;
  guint32 at;     // index of the break
  guint32 before; // node of the line before; NO_NODE at the beginning
  gint32 line;    // lines so far
  guint8 fitness, hyphens;
  gboolean ragged;
} Node;

typedef struct Search {
  const Paragraph *paragraph;
  const ParagraphShape *shape;
  const Break *breaks;
  guint begin, end; // indices of breaks
  gboolean emergency;
  gint32 max_gap;
  gint32 ideal; // width of a balanced line; 0: not wanted
  GArray *nodes;
  guint *first, *count; // of each break's nodes
} Search;

typedef struct LineCost {
  gboolean feasible, ragged;
  guint8 fitness;
  gint64 cost;
} LineCost;

static gint64 square(gint64 number) {
  return number * number;
}

static gint64 break_cost(const Search *search, const Break *to, gint32 badness) {
  gint64 cost = square(LINE_DEMERIT + badness) + square(to->penalty);
  if (to->emergency || (to->kind == LINE_END_HYPHEN && search->shape->no_hyphens)) {
    cost += EMERGENCY_DEMERIT;
  }
  return cost;
}

static LineCost last_line_cost(const Search *search, const Break *to, gint64 lack, Sums line) {
  LineCost cost = {.feasible = TRUE, .fitness = 1, .cost = square(LINE_DEMERIT)};
  if (lack < 0) {
    LineFill fill = line_fill(lack, line, search->max_gap);
    cost.feasible = fill.feasible;
    cost.cost = break_cost(search, to, fill.badness);
  } else if (line.width < search->shape->measure / 6) {
    cost.cost += SHORT_LAST_DEMERIT;
  }
  return cost;
}

static LineCost justified_cost(const Search *search, const Break *to, gint64 lack, Sums line) {
  LineFill fill = line_fill(lack, line, search->max_gap);
  LineCost cost = {.feasible = fill.feasible};
  cost.fitness = fill.ratio < -500 ? 0 : fill.ratio > 600 ? 2 : 1;
  cost.cost = break_cost(search, to, fill.badness) + (fill.ratio > 1000 ? LOOSE_DEMERIT : 0);
  if (!fill.feasible && search->emergency && lack >= 0) {
    gint64 short_of = lack * 1000 / MAX(search->shape->measure, 1);
    cost = (LineCost){.feasible = TRUE, .ragged = TRUE, .fitness = 1};
    cost.cost = break_cost(search, to, 0) + RAGGED_DEMERIT + square(short_of) * 4;
  }
  return cost;
}

static LineCost ragged_cost(const Search *search, const Break *to, gint64 lack, gint64 measure) {
  LineCost cost = {.feasible = lack >= 0, .fitness = 1};
  gint64 off = search->ideal > 0 ? lack - (measure - search->ideal) : lack;
  gint64 permille = ABS(off) * 1000 / MAX(measure, 1);
  gboolean last = to->forced && search->ideal == 0;
  cost.cost = break_cost(search, to, 0) + (last ? 0 : square(permille));
  if (to->kind == LINE_END_HYPHEN) {
    cost.cost += 60000;
  }
  return cost;
}

static LineCost line_cost(const Search *search, const Break *from, const Break *to,
                          gint64 measure) {
  Sums line = sums_between(from, to);
  if (search->shape->no_hanging) {
    line.width += to->hang_before + from->hang_after;
  }
  gint64 lack = measure - line.width;
  LineCost cost = search->shape->alignment != ALIGN_JUSTIFIED
                      ? ragged_cost(search, to, lack, measure)
                  : to->forced ? last_line_cost(search, to, lack, line)
                               : justified_cost(search, to, lack, line);
  if (!cost.feasible && search->emergency && to == from + 1) { // nothing smaller can be had
    cost = (LineCost){.feasible = TRUE, .ragged = TRUE, .fitness = 1, .cost = OVERFULL_DEMERIT};
  }
  return cost;
}

// Keeps the best node for each line count, fitness and number of hyphens at this break.
static void offer(Search *search, guint at, Node node) {
  for (guint i = search->first[at]; i < search->nodes->len; i++) {
    Node *other = &g_array_index(search->nodes, Node, i);
    if (other->line == node.line && other->fitness == node.fitness &&
        other->hyphens == node.hyphens) {
      if (node.cost < other->cost) {
        *other = node;
      }
      return;
    }
  }
  g_array_append_val(search->nodes, node);
}

static void extend_node(Search *search, guint32 index, guint at, LineCost line) {
  const Node *from = &g_array_index(search->nodes, Node, index);
  const Break *to = &search->breaks[at];
  gboolean hyphen = to->kind == LINE_END_HYPHEN;
  if (hyphen && !search->emergency && from->hyphens >= MAX_HYPHENS) {
    return;
  }
  Node node = {.cost = from->cost + line.cost,
               .at = at,
               .before = index,
               .line = from->line + 1,
               .fitness = line.fitness,
               .hyphens = hyphen ? (guint8)MIN(from->hyphens + 1, MAX_HYPHENS) : 0,
               .ragged = from->ragged || line.ragged};
  if (ABS((gint)line.fitness - (gint)from->fitness) > 1) {
    node.cost += CLASS_DEMERIT;
  }
  if (hyphen && from->hyphens > 0) {
    node.cost += from->hyphens < MAX_HYPHENS ? LADDER_DEMERIT : EMERGENCY_DEMERIT;
  }
  if (to->forced && from->hyphens > 0) {
    node.cost += LAST_HYPHEN_DEMERIT;
  }
  offer(search, at, node);
}

// All lines from `from` to `at`. FALSE: the line is too long, and so will be all later ones.
static gboolean extend(Search *search, guint from, guint at) {
  const Break *begin = &search->breaks[from];
  const Break *to = &search->breaks[at];
  gint32 usual = search->shape->measure;
  LineCost usual_cost = line_cost(search, begin, to, usual);
  guint end = search->first[from] + search->count[from];
  for (guint i = search->first[from]; i < end; i++) {
    gint32 line = g_array_index(search->nodes, Node, i).line;
    gint32 measure = paragraph_line_measure(search->shape, (guint)line);
    LineCost cost = measure == usual ? usual_cost : line_cost(search, begin, to, measure);
    if (cost.feasible) {
      extend_node(search, i, at, cost);
    }
  }
  gint64 width = to->before.width - begin->after.width;
  gint64 hyphen = to->kind == LINE_END_HYPHEN ? to->before.width - to->after.width : 0;
  return (width - MAX(hyphen, 0)) * 8 <= (gint64)usual * 10 || at == from + 1;
}

static gint compare_nodes(gconstpointer a, gconstpointer b) {
  const Node *one = a;
  const Node *other = b;
  if (one->cost != other->cost) {
    return one->cost < other->cost ? -1 : 1;
  }
  gint by_line = one->line - other->line;
  gint by_fitness = (gint)one->fitness - (gint)other->fitness;
  return by_line != 0      ? by_line
         : by_fitness != 0 ? by_fitness
                           : (gint)one->hyphens - (gint)other->hyphens;
}

// Long paragraphs have many possible line counts; only those near the best are of use.
static void prune(Search *search, guint at) {
  guint first = search->first[at];
  guint count = search->nodes->len - first;
  if (count <= CLASSES * (MAX_HYPHENS + 1)) {
    search->count[at] = count;
    return;
  }
  Node *nodes = &g_array_index(search->nodes, Node, first);
  qsort(nodes, count, sizeof *nodes, compare_nodes);
  guint kept = 0;
  for (guint i = 0; i < count; i++) {
    if (ABS(nodes[i].line - nodes[0].line) <= LINE_SPREAD) {
      nodes[kept++] = nodes[i];
    }
  }
  g_array_set_size(search->nodes, first + kept);
  search->count[at] = kept;
}

static gboolean is_allowed(const Search *search, const Break *at) {
  return search->emergency ||
         (!at->emergency && (at->kind != LINE_END_HYPHEN || !search->shape->no_hyphens));
}

static gboolean run(Search *search) {
  g_array_set_size(search->nodes, 0);
  Node begin = {.at = search->begin, .before = NO_NODE, .fitness = 1};
  search->first[search->begin] = 0;
  search->count[search->begin] = 1;
  g_array_append_val(search->nodes, begin);
  guint low = search->begin;
  for (guint at = search->begin + 1; at <= search->end; at++) {
    search->first[at] = search->nodes->len;
    search->count[at] = 0;
    if (!is_allowed(search, &search->breaks[at])) {
      continue;
    }
    gboolean dropping = TRUE;
    for (guint from = low; from < at; from++) {
      gboolean fits = search->count[from] > 0 && extend(search, from, at);
      if (dropping && !fits && from + 1 < at) {
        low = from + 1;
      } else if (search->count[from] > 0) {
        dropping = FALSE;
      }
    }
    prune(search, at);
    if (search->breaks[at].forced) {
      low = at;
    }
    if (search->count[at] == 0 && search->breaks[at].forced) {
      return FALSE;
    }
  }
  return search->count[search->end] > 0;
}

// ---- results ----------------------------------------------------------------------------------

static void keep_chain(const Search *search, Fit *fit, guint variant, guint32 index) {
  const Node *node = &g_array_index(search->nodes, Node, index);
  guint lines = (guint)node->line;
  guint32 *chain = g_new(guint32, lines + 1);
  fit->ragged[variant] = node->ragged;
  for (guint i = lines; index != NO_NODE; i--) {
    node = &g_array_index(search->nodes, Node, index);
    chain[i] = node->at;
    index = node->before;
  }
  g_free(fit->chains[variant]);
  fit->chains[variant] = chain;
  fit->counts[variant] = lines;
  fit->fit.cost[variant] = g_array_index(search->nodes, Node, search->first[search->end]).cost;
}

static void keep_results(const Search *search, Fit *fit) {
  guint32 best[FIT_VARIANTS];
  guint first = search->first[search->end];
  guint end = first + search->count[search->end];
  guint32 winner = first;
  for (guint32 i = first; i < end; i++) {
    const Node *node = &g_array_index(search->nodes, Node, i);
    winner = compare_nodes(node, &g_array_index(search->nodes, Node, winner)) < 0 ? i : winner;
  }
  gint32 lines = g_array_index(search->nodes, Node, winner).line;
  memset(best, 0xff, sizeof best);
  for (guint32 i = first; i < end; i++) {
    const Node *node = &g_array_index(search->nodes, Node, i);
    gint32 variant = node->line - lines + FIT_VARIANTS / 2;
    if (variant >= 0 && variant < FIT_VARIANTS &&
        (best[variant] == NO_NODE ||
         node->cost < g_array_index(search->nodes, Node, best[variant]).cost)) {
      best[variant] = i;
    }
  }
  fit->fit.lines = fit->fit.least = fit->fit.most = (guint)lines;
  for (guint variant = 0; variant < FIT_VARIANTS; variant++) {
    fit->fit.cost[variant] = G_MAXINT64;
    if (best[variant] != NO_NODE) {
      keep_chain(search, fit, variant, best[variant]);
      fit->fit.cost[variant] = g_array_index(search->nodes, Node, best[variant]).cost;
      fit->fit.least = MIN(fit->fit.least, fit->counts[variant]);
      fit->fit.most = MAX(fit->fit.most, fit->counts[variant]);
    }
  }
}

static guint find_begin(const Paragraph *paragraph, guint start) {
  guint low = 0;
  guint high = paragraph->breaks->len - 1;
  while (low < high) { // the last break whose next line begins at or before `start`
    guint middle = (low + high + 1) / 2;
    if (g_array_index(paragraph->breaks, Break, middle).next <= start) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  while (low > 0 && g_array_index(paragraph->breaks, Break, low - 1).next ==
                        g_array_index(paragraph->breaks, Break, low).next) {
    low--;
  }
  return low;
}

// A headline's lines should be as even as they can: the ideal width is the text over its least
// lines.
static void balance(Search *search) {
  guint lines = G_MAXUINT;
  guint first = search->first[search->end];
  for (guint i = first; i < first + search->count[search->end]; i++) {
    lines = MIN(lines, (guint)g_array_index(search->nodes, Node, i).line);
  }
  gint64 width =
      search->breaks[search->end].before.width - search->breaks[search->begin].after.width;
  search->ideal = (gint32)CLAMP(width / MAX(lines, 1), 1, search->shape->measure);
}

static void search_lines(Search *search) {
  if (!run(search)) {
    search->emergency = TRUE;
    if (!run(search)) { // can't be: a line to the next break is always taken
      g_assert_not_reached();
    }
  }
  if (search->shape->alignment == ALIGN_BALANCED && search->count[search->end] > 0) {
    balance(search);
    run(search);
  }
}

static gboolean shape_equal(const ParagraphShape *a, const ParagraphShape *b) {
  return a->measure == b->measure && a->indent == b->indent && a->inset_lines == b->inset_lines &&
         a->inset == b->inset && a->start == b->start && a->alignment == b->alignment &&
         a->no_hyphens == b->no_hyphens && a->no_hanging == b->no_hanging &&
         a->max_gap_permille == b->max_gap_permille;
}

static gint32 narrowest(const ParagraphShape *shape) {
  gint32 least = paragraph_line_measure(shape, 0);
  for (guint line = 1; line <= shape->inset_lines && line < 8; line++) {
    least = MIN(least, paragraph_line_measure(shape, line));
  }
  return MIN(least, MAX(shape->measure, POINT));
}

Fit *paragraph_find_fit(Paragraph *paragraph, const ParagraphShape *shape) {
  paragraph_prepare(paragraph);
  for (guint i = 0; i < paragraph->fits->len; i++) {
    Fit *fit = g_ptr_array_index(paragraph->fits, i);
    if (shape_equal(&fit->shape, shape)) {
      return fit;
    }
  }
  gint32 least = narrowest(shape);
  if (paragraph->widest > least && paragraph->split_above > least) {
    g_ptr_array_set_size(paragraph->fits, 0); // their chains name other breaks
    paragraph_make_breaks(paragraph, least);
  }
  Fit *fit = g_new0(Fit, 1);
  fit->shape = *shape;
  Search search = {.paragraph = paragraph,
                   .shape = shape,
                   .breaks = (const Break *)(gpointer)paragraph->breaks->data,
                   .begin = find_begin(paragraph, shape->start),
                   .end = paragraph->breaks->len - 1,
                   .max_gap =
                       shape->max_gap_permille > 0 ? shape->max_gap_permille : GAP_MAX_PERMILLE};
  if (search.begin < search.end && paragraph->text->len > 0) {
    search.nodes = g_array_new(FALSE, FALSE, sizeof(Node));
    search.first = g_new0(guint, search.end + 1);
    search.count = g_new0(guint, search.end + 1);
    search_lines(&search);
    keep_results(&search, fit);
    g_array_unref(search.nodes);
    g_free(search.first);
    g_free(search.count);
  }
  g_ptr_array_add(paragraph->fits, fit);
  return fit;
}

ParagraphFit paragraph_fit(Paragraph *paragraph, const ParagraphShape *shape) {
  return paragraph_find_fit(paragraph, shape)->fit;
}
