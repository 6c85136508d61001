// SPDX-License-Identifier: Apache-2.0
//
// Frees what has been set (setting.h). Lines own their runs, runs their glyphs.
#include "edition/setting.h"

void set_line_clear(SetLine *line) {
  for (guint i = 0; i < line->run_count; i++) {
    g_free((gpointer)line->runs[i].glyphs);
  }
  g_free((gpointer)line->runs);
  g_free((gpointer)line->text);
  *line = (SetLine){0};
}

void set_block_free(SetBlock *block) {
  if (block == NULL) {
    return;
  }
  for (guint i = 0; i < block->line_count; i++) {
    set_line_clear((SetLine *)&block->lines[i]);
  }
  for (guint i = 0; i < block->child_count; i++) {
    set_block_free(block->children[i]);
  }
  g_free((gpointer)block->cells);
  g_free((gpointer)block->lines);
  g_free((gpointer)block->rules);
  g_free((gpointer)block->picture);
  g_free((gpointer)block->children);
  g_free(block);
}
