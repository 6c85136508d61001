// SPDX-License-Identifier: Apache-2.0
//
// Who may do what: one table of permissions and roles. Routes name a permission and are denied
// without it; use cases ask for those that depend on whose story it is (…_ANY). Pure; any thread.
#pragma once

#include "model/staff.h"

typedef enum Permission {
  PERMISSION_PUBLIC,  // anybody
  PERMISSION_SESSION, // whoever's password was right, before the second factor
  PERMISSION_ACCOUNT, // any person of the newsroom, on themselves
  PERMISSION_STAFF_READ,
  PERMISSION_STAFF_WRITE,
  PERMISSION_TOKEN_WRITE,
  PERMISSION_AUDIT_READ,
  PERMISSION_STORY_READ,
  PERMISSION_STORY_READ_ANY,
  PERMISSION_STORY_WRITE,
  PERMISSION_STORY_WRITE_ANY,
  PERMISSION_STORY_PUBLISH,
  PERMISSION_STORY_PUBLISH_ANY,
  PERMISSION_IMAGE_READ,
  PERMISSION_IMAGE_WRITE,
  PERMISSION_IMAGE_WRITE_ANY,
  PERMISSION_SECTION_WRITE,
  PERMISSION_TOPIC_WRITE,
  PERMISSION_AUTHOR_WRITE,
  PERMISSION_FRONT_READ,
  PERMISSION_FRONT_WRITE,
  PERMISSION_MAIL_READ,
  PERMISSION_MAIL_WRITE,
  PERMISSION_MAIL_SEND,
  PERMISSION_NEWSLETTER_WRITE,
  PERMISSION_SUBSCRIBER_READ,
  PERMISSION_SUBSCRIBER_WRITE,
  PERMISSION_SUBSCRIBER_EXPORT,
  PERMISSION_OUTBOX_READ,
  PERMISSION_NUMBERS_READ,
  PERMISSION_SETTINGS_READ,
  PERMISSION_SETTINGS_WRITE,
  PERMISSION_WEBHOOK_WRITE,
  PERMISSION_COUNT
} Permission;

typedef struct PermissionRow {
  const char *name; // "story.publish", as x-permission in the API's document
  const char *says;
  guint roles;       // a bit a StaffRole
  gboolean is_scope; // an API token may have it
} PermissionRow;
extern const PermissionRow PERMISSIONS[PERMISSION_COUNT];

gboolean permission_parse(const char *name, Permission *ret_permission);
gboolean permission_of_role(StaffRole role, Permission permission);

// Who asks, for the time of one request. Borrowed strings.
typedef struct Actor {
  gint64 staff_id;
  const char *name;
  StaffRole role;
  const char *via;    // "session", "token NAME"
  const char *scopes; // of a token: names joined by spaces; NULL: not limited
  const char *holder; // of locks: names the session or token
  gint64 author_id;   // the author that they sign as; 0: none
} Actor;
// NULL (the command line, the clock) may do everything.
gboolean actor_may(const Actor *actor, Permission permission);
