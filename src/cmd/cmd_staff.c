// SPDX-License-Identifier: Apache-2.0
//
// `broadsheet staff`: the newsroom's people, from the machine that runs it. Whoever can call it may
// everything: it is how an owner who lost every key comes back.
#include <stdio.h>
#include <string.h>

#include "cmd/post_command.h"
#include "newsroom/staff.h"
#include "store/staff_rows.h"

static gboolean find(Paper *paper, const char *who, gint64 *ret_id, GError **error) {
  g_autoptr(StoreTransaction) transaction = store_begin_read(paper->store, error);
  g_autoptr(GPtrArray) all = transaction != NULL ? staff_rows_list(transaction, error) : NULL;
  for (guint i = 0; all != NULL && i < all->len; i++) {
    const Staff *one = g_ptr_array_index(all, i);
    g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, one->id);
    if (strcmp(number, who) == 0 || g_ascii_strcasecmp(one->address, who) == 0) {
      *ret_id = one->id;
      return TRUE;
    }
  }
  if (all != NULL) {
    g_set_error(error, NEWSROOM_ERROR, NEWSROOM_ERROR_NOT_FOUND,
                "nobody in the newsroom has the number or address %s: `broadsheet staff list`",
                who);
  }
  return FALSE;
}

static gboolean list(Paper *paper, GError **error) {
  g_autoptr(StoreTransaction) transaction = store_begin_read(paper->store, error);
  g_autoptr(GPtrArray) all = transaction != NULL ? staff_rows_list(transaction, error) : NULL;
  for (guint i = 0; all != NULL && i < all->len; i++) {
    const Staff *one = g_ptr_array_index(all, i);
    printf("%4" G_GINT64_FORMAT "  %-11s %-8s %s <%s>\n", one->id, staff_role_name(one->role),
           staff_state_name(one->state), one->name, one->address);
  }
  return all != NULL;
}

static gboolean invite(Paper *paper, const Invocation *invocation, GError **error) {
  const char *role = invocation_value(invocation, "role");
  const char *name = invocation_value(invocation, "name");
  StaffRole wanted = ROLE_AUTHOR;
  if (role != NULL && !staff_role_parse(role, &wanted)) {
    g_set_error(error, NEWSROOM_ERROR, NEWSROOM_ERROR_INVALID,
                "role: owner, editor, author or contributor");
    return FALSE;
  }
  Staff staff = {.address = invocation->arguments[1],
                 .name = (char *)(name != NULL ? name : invocation->arguments[1]),
                 .role = wanted};
  if (staff_invite(&paper->newsroom, &staff, error) == 0) {
    return FALSE;
  }
  printf("Invited %s as %s; the link is in the mail.\n", staff.address, staff_role_name(wanted));
  return TRUE;
}

// One line from the terminal or a pipe.
static char *read_password(void) {
  char line[512];
  fputs("Password: ", stderr);
  if (fgets(line, sizeof line, stdin) == NULL) {
    return g_strdup("");
  }
  line[strcspn(line, "\r\n")] = '\0';
  return g_strdup(line);
}

static gboolean add(Paper *paper, const Invocation *invocation, GError **error) {
  const char *role = invocation_value(invocation, "role");
  const char *name = invocation_value(invocation, "name");
  StaffRole wanted = ROLE_OWNER;
  if (role != NULL && !staff_role_parse(role, &wanted)) {
    g_set_error(error, NEWSROOM_ERROR, NEWSROOM_ERROR_INVALID,
                "role: owner, editor, author or contributor");
    return FALSE;
  }
  g_autofree char *password = read_password();
  Staff staff = {.address = invocation->arguments[1],
                 .name = (char *)(name != NULL ? name : invocation->arguments[1]),
                 .role = wanted};
  if (staff_add(&paper->newsroom, &staff, password, error) == 0) {
    return FALSE;
  }
  printf("%s is %s and can log in.\n", staff.address, staff_role_name(wanted));
  return TRUE;
}

static gboolean reset(Paper *paper, const Invocation *invocation, GError **error) {
  gint64 id = 0;
  if (!find(paper, invocation->arguments[1], &id, error) ||
      !staff_reset(&paper->newsroom, id, invocation_has(invocation, "second-factors"), error)) {
    return FALSE;
  }
  puts("Their sessions have ended; a link for a new password is in the mail.");
  return TRUE;
}

static gboolean set_password(Paper *paper, const Invocation *invocation, GError **error) {
  gint64 id = 0;
  g_autofree char *password = read_password();
  if (!find(paper, invocation->arguments[1], &id, error) ||
      !staff_set_password(&paper->newsroom, id, password, error)) {
    return FALSE;
  }
  puts("The new password holds; their sessions have ended.");
  return TRUE;
}

static gboolean remove_one(Paper *paper, const Invocation *invocation, GError **error) {
  gint64 id = 0;
  if (!find(paper, invocation->arguments[1], &id, error) ||
      !staff_remove(&paper->newsroom, id, error)) {
    return FALSE;
  }
  puts("Removed; what they wrote stays.");
  return TRUE;
}

static int run_staff(const Invocation *invocation) {
  static const struct {
    const char *verb;
    gboolean (*run)(Paper *paper, const Invocation *invocation, GError **error);
  } VERBS[] = {{"add", add},
               {"invite", invite},
               {"reset", reset},
               {"password", set_password},
               {"remove", remove_one}};
  g_autoptr(GError) error = NULL;
  const char *verb = invocation->argument_count > 0 ? invocation->arguments[0] : "list";
  g_autoptr(Press) press = NULL;
  g_autoptr(Paper) paper = NULL; // freed before the press
  if (!post_command_open(invocation, &paper, &press, &error)) {
    return invocation_fail(invocation, error);
  }
  if (strcmp(verb, "list") == 0) {
    return list(paper, &error) ? COMMAND_DONE : invocation_fail(invocation, error);
  }
  for (gsize i = 0; i < G_N_ELEMENTS(VERBS); i++) {
    if (strcmp(verb, VERBS[i].verb) == 0) {
      if (invocation->argument_count != 2) {
        return invocation_misused(invocation, "`staff %s` wants one address", verb);
      }
      return VERBS[i].run(paper, invocation, &error) ? COMMAND_DONE
                                                     : invocation_fail(invocation, error);
    }
  }
  return invocation_misused(invocation, "'%s' is nothing that is done with people", verb);
}

static const CommandOption OPTIONS[] = {
    {0, "name", "NAME", "the person's name"},
    {0, "role", "ROLE", "owner, editor, author or contributor"},
    {0, "second-factors", NULL, "with reset: takes their second factors away, too"},
    {0, NULL, NULL, NULL},
};

const Command COMMAND_STAFF = {
    .name = "staff",
    .usage = "[list | add ADDRESS | invite ADDRESS | reset ADDRESS | password ADDRESS | remove "
             "ADDRESS] [--name NAME] [--role ROLE]",
    .summary = "the newsroom's people: invite, let in again, remove",
    .help =
        "`add` makes an account with a password that is read from the terminal (an owner, unless "
        "--role says otherwise); `invite` sends a link by mail. `reset` ends a person's sessions "
        "and mails a link for a new password; `password` sets one that is read from the "
        "terminal. What they wrote stays when people are removed.",
    .options = OPTIONS,
    .maximum_arguments = 2,
    .run = run_staff,
};
