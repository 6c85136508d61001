// SPDX-License-Identifier: Apache-2.0
//
// Implements permissions.h. A new permission is a row here; whoever is not named in it may not.
#include "newsroom/permissions.h"

#include <string.h>

#define CONTRIBUTOR (1u << ROLE_CONTRIBUTOR)
#define AUTHOR (1u << ROLE_AUTHOR)
#define EDITOR (1u << ROLE_EDITOR)
#define OWNER (1u << ROLE_OWNER)
#define FROM_EDITOR (EDITOR | OWNER)
#define FROM_AUTHOR (AUTHOR | FROM_EDITOR)
#define ALL (CONTRIBUTOR | FROM_AUTHOR)

const PermissionRow PERMISSIONS[PERMISSION_COUNT] = {
    [PERMISSION_PUBLIC] = {"public", "what anybody may", ALL, FALSE},
    [PERMISSION_SESSION] = {"session", "to end a log-in, or go on with it", ALL, FALSE},
    [PERMISSION_ACCOUNT] = {"account", "to see and change oneself", ALL, FALSE},
    [PERMISSION_STAFF_READ] = {"staff.read", "to see who is in the newsroom", FROM_EDITOR, TRUE},
    [PERMISSION_STAFF_WRITE] = {"staff.write", "to invite, change and remove people", OWNER, FALSE},
    [PERMISSION_TOKEN_WRITE] = {"token.write", "to give keys to programs", OWNER, FALSE},
    [PERMISSION_AUDIT_READ] = {"audit.read", "to see who did what", FROM_EDITOR, TRUE},
    [PERMISSION_STORY_READ] = {"story.read", "to see one's own stories", ALL, TRUE},
    [PERMISSION_STORY_READ_ANY] = {"story.read_any", "to see everybody's stories", FROM_AUTHOR,
                                   TRUE},
    [PERMISSION_STORY_WRITE] = {"story.write", "to write stories", ALL, TRUE},
    [PERMISSION_STORY_WRITE_ANY] = {"story.write_any", "to write in everybody's stories",
                                    FROM_EDITOR, TRUE},
    [PERMISSION_STORY_PUBLISH] = {"story.publish",
                                  "to publish, schedule, correct and withdraw one's own stories",
                                  FROM_AUTHOR, TRUE},
    [PERMISSION_STORY_PUBLISH_ANY] = {"story.publish_any", "… everybody's stories", FROM_EDITOR,
                                      TRUE},
    [PERMISSION_IMAGE_READ] = {"image.read", "to see the library of pictures", ALL, TRUE},
    [PERMISSION_IMAGE_WRITE] = {"image.write", "to bring in pictures, and change one's own", ALL,
                                TRUE},
    [PERMISSION_IMAGE_WRITE_ANY] = {"image.write_any", "to change everybody's pictures",
                                    FROM_AUTHOR, TRUE},
    [PERMISSION_SECTION_WRITE] = {"section.write", "to make and change sections", FROM_EDITOR,
                                  TRUE},
    [PERMISSION_TOPIC_WRITE] = {"topic.write", "to make and change topics", FROM_AUTHOR, TRUE},
    [PERMISSION_AUTHOR_WRITE] = {"author.write", "to make and change authors", FROM_EDITOR, TRUE},
    [PERMISSION_FRONT_READ] = {"front.read", "to see fronts as they are planned", FROM_AUTHOR,
                               TRUE},
    [PERMISSION_FRONT_WRITE] = {"front.write", "to curate fronts", FROM_EDITOR, TRUE},
    [PERMISSION_MAIL_READ] = {"mail.read", "to see newsletters and mailings", FROM_EDITOR, TRUE},
    [PERMISSION_MAIL_WRITE] = {"mail.write", "to compose mailings", FROM_EDITOR, TRUE},
    [PERMISSION_MAIL_SEND] = {"mail.send", "to approve, send, pause and cancel mailings",
                              FROM_EDITOR, TRUE},
    [PERMISSION_NEWSLETTER_WRITE] = {"newsletter.write", "to make and change newsletters", OWNER,
                                     TRUE},
    [PERMISSION_SUBSCRIBER_READ] = {"subscriber.read", "to see readers", FROM_EDITOR, TRUE},
    [PERMISSION_SUBSCRIBER_WRITE] = {"subscriber.write", "to add, change and erase readers",
                                     FROM_EDITOR, TRUE},
    [PERMISSION_SUBSCRIBER_EXPORT] = {"subscriber.export", "to take all readers' addresses along",
                                      OWNER, TRUE},
    [PERMISSION_OUTBOX_READ] = {"outbox.read", "to read letters that stayed here", OWNER, FALSE},
    [PERMISSION_NUMBERS_READ] = {"numbers.read", "to see page views", FROM_AUTHOR, TRUE},
    [PERMISSION_SETTINGS_READ] = {"settings.read", "to see the newspaper's settings", FROM_EDITOR,
                                  TRUE},
    [PERMISSION_SETTINGS_WRITE] = {"settings.write", "to change them", OWNER, TRUE},
    [PERMISSION_WEBHOOK_WRITE] = {"webhook.write", "to tell other systems", OWNER, FALSE},
};

gboolean permission_parse(const char *name, Permission *ret_permission) {
  for (guint i = 0; i < PERMISSION_COUNT; i++) {
    if (strcmp(name, PERMISSIONS[i].name) == 0) {
      *ret_permission = (Permission)i;
      return TRUE;
    }
  }
  return FALSE;
}

gboolean permission_of_role(StaffRole role, Permission permission) {
  return permission < PERMISSION_COUNT && (PERMISSIONS[permission].roles & (1u << role)) != 0;
}

static gboolean has_scope(const char *scopes, const char *name) {
  g_auto(GStrv) words = g_strsplit(scopes, " ", -1);
  return g_strv_contains((const char *const *)words, name);
}

gboolean actor_may(const Actor *actor, Permission permission) {
  if (actor == NULL) {
    return TRUE;
  }
  return permission_of_role(actor->role, permission) &&
         (actor->scopes == NULL || (PERMISSIONS[permission].is_scope &&
                                    has_scope(actor->scopes, PERMISSIONS[permission].name)));
}
