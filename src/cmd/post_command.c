// SPDX-License-Identifier: Apache-2.0
//
// Implements post_command.h.
#include "cmd/post_command.h"

gboolean post_command_open(const Invocation *invocation, Paper **ret_paper, Press **ret_press,
                           GError **error) {
  g_autoptr(Paper) paper = paper_open(invocation->folder, PAPER_EXISTING, error);
  if (paper == NULL) {
    return FALSE;
  }
  const char *theme = paper->config->theme;
  Press *press = press_new(*theme != '\0' ? theme : NULL, error);
  if (press == NULL) {
    return FALSE;
  }
  paper->newsroom.press = press;
  *ret_press = press;
  *ret_paper = g_steal_pointer(&paper);
  return TRUE;
}

const char *post_command_person(void) {
  return g_get_user_name();
}
