// SPDX-License-Identifier: Apache-2.0
//
// The newsroom's interface, a row an operation: method, pattern, permission, body limit, handler.
// The same rows stand in docs/api/openapi.json (tools/api_document/operations.py); tests compare
// them.
#include "web/api_handlers.h"

#define JSON_BYTES ((gsize)1 << 20)
#define PICTURE_BYTES ((gsize)64 << 20)
#define STORY_BYTES ((gsize)4 << 20)

#define GET(path, permission, handler)                                                             \
  { HTTP_GET, path, PERMISSION_##permission, 0, handler, BODY_ANY, FALSE, TRUE }
// The same for everyone: kept with the site's revision.
#define SHARED(path, handler)                                                                      \
  { HTTP_GET, path, PERMISSION_PUBLIC, 0, handler, BODY_ANY, FALSE, FALSE }
#define POST(path, permission, handler)                                                            \
  { HTTP_POST, path, PERMISSION_##permission, JSON_BYTES, handler, BODY_ANY, FALSE, TRUE }
#define PATCH(path, permission, handler)                                                           \
  { HTTP_PATCH, path, PERMISSION_##permission, JSON_BYTES, handler, BODY_ANY, FALSE, TRUE }
#define DELETE(path, permission, handler)                                                          \
  { HTTP_DELETE, path, PERMISSION_##permission, JSON_BYTES, handler, BODY_ANY, FALSE, TRUE }
// With a story's text in it.
#define WRITE(method, path, permission, handler)                                                   \
  { HTTP_##method, path, PERMISSION_##permission, STORY_BYTES, handler, BODY_ANY, FALSE, TRUE }
#define PUT(path, permission, handler)                                                             \
  { HTTP_PUT, path, PERMISSION_##permission, JSON_BYTES, handler, BODY_ANY, FALSE, TRUE }
// A file; it waits for a decoder.
#define PICTURE(path, permission, handler)                                                         \
  { HTTP_POST, path, PERMISSION_##permission, PICTURE_BYTES, handler, BODY_ANY, TRUE, TRUE }
// Passwords take long on purpose: in threads of their own.
#define SLOW_POST(path, permission, handler)                                                       \
  { HTTP_POST, path, PERMISSION_##permission, JSON_BYTES, handler, BODY_ANY, TRUE, TRUE }

const Route API_ROUTES[] = {
    SHARED("/newsroom/assets/:name", newsroom_asset),
    GET("/newsroom", PUBLIC, newsroom_page),
    GET("/newsroom/*", PUBLIC, newsroom_page),
    SHARED("/api/openapi.json", api_document_get),
    GET("/api/session", PUBLIC, api_session_get),
    SLOW_POST("/api/session", PUBLIC, api_session_post),
    DELETE("/api/session", SESSION, api_session_delete),
    POST("/api/session/totp", SESSION, api_session_code),
    POST("/api/session/recovery-code", SESSION, api_session_recovery_code),
    POST("/api/session/passkey/options", SESSION, api_session_passkey_options),
    POST("/api/session/passkey", SESSION, api_session_passkey),
    GET("/api/set-up", PUBLIC, api_set_up_get),
    SLOW_POST("/api/set-up", PUBLIC, api_set_up_post),
    POST("/api/password-reset", PUBLIC, api_password_ask),
    SLOW_POST("/api/password-reset/confirm", PUBLIC, api_password_reset),
    GET("/api/invitations/:token", PUBLIC, api_invitation_get),
    SLOW_POST("/api/invitations/:token", PUBLIC, api_invitation_post),
    GET("/api/account", ACCOUNT, api_account_get),
    PATCH("/api/account", ACCOUNT, api_account_patch),
    SLOW_POST("/api/account/password", ACCOUNT, api_account_password),
    GET("/api/account/sessions", ACCOUNT, api_account_sessions),
    DELETE("/api/account/sessions", ACCOUNT, api_account_sessions_delete),
    DELETE("/api/account/sessions/:id", ACCOUNT, api_account_session_delete),
    SLOW_POST("/api/account/totp", ACCOUNT, api_account_totp),
    POST("/api/account/totp/confirm", ACCOUNT, api_account_totp_confirm),
    SLOW_POST("/api/account/totp/remove", ACCOUNT, api_account_totp_remove),
    GET("/api/account/passkeys", ACCOUNT, api_account_passkeys),
    SLOW_POST("/api/account/passkeys/options", ACCOUNT, api_account_passkey_options),
    POST("/api/account/passkeys", ACCOUNT, api_account_passkey_add),
    SLOW_POST("/api/account/passkeys/:id/remove", ACCOUNT, api_account_passkey_remove),
    SLOW_POST("/api/account/recovery-codes", ACCOUNT, api_account_recovery_codes),
    GET("/api/permissions", ACCOUNT, api_permissions),
    GET("/api/staff", STAFF_READ, api_staff_list),
    POST("/api/staff", STAFF_WRITE, api_staff_invite),
    GET("/api/staff/:id", STAFF_READ, api_staff_get),
    PATCH("/api/staff/:id", STAFF_WRITE, api_staff_patch),
    DELETE("/api/staff/:id", STAFF_WRITE, api_staff_delete),
    POST("/api/staff/:id/invite", STAFF_WRITE, api_staff_invite_again),
    POST("/api/staff/:id/reset", STAFF_WRITE, api_staff_reset),
    GET("/api/tokens", TOKEN_WRITE, api_tokens),
    POST("/api/tokens", TOKEN_WRITE, api_token_make),
    DELETE("/api/tokens/:id", TOKEN_WRITE, api_token_delete),
    GET("/api/audit", AUDIT_READ, api_audit),
    GET("/api/stories", STORY_READ, api_story_list),
    WRITE(POST, "/api/stories", STORY_WRITE, api_story_post),
    GET("/api/stories/board", STORY_READ, api_story_board),
    GET("/api/stories/:id", STORY_READ, api_story_get),
    WRITE(PATCH, "/api/stories/:id", STORY_WRITE, api_story_patch),
    DELETE("/api/stories/:id", STORY_WRITE, api_story_delete),
    POST("/api/stories/:id/stage", STORY_WRITE, api_story_stage),
    POST("/api/stories/:id/publish", STORY_PUBLISH, api_story_publish),
    POST("/api/stories/:id/schedule", STORY_PUBLISH, api_story_schedule),
    POST("/api/stories/:id/unschedule", STORY_PUBLISH, api_story_unschedule),
    POST("/api/stories/:id/withdraw", STORY_PUBLISH, api_story_withdraw),
    POST("/api/stories/:id/discard", STORY_WRITE, api_story_discard),
    GET("/api/stories/:id/corrections", STORY_READ, api_story_corrections),
    POST("/api/stories/:id/corrections", STORY_PUBLISH, api_story_correct),
    GET("/api/corrections", STORY_READ, api_corrections),
    GET("/api/stories/:id/revisions", STORY_READ, api_story_revisions),
    GET("/api/stories/:id/revisions/:number", STORY_READ, api_story_revision),
    GET("/api/stories/:id/revisions/:number/diff", STORY_READ, api_story_diff),
    POST("/api/stories/:id/revisions/:number/restore", STORY_WRITE, api_story_restore),
    POST("/api/stories/:id/lock", STORY_WRITE, api_story_lock),
    DELETE("/api/stories/:id/lock", STORY_WRITE, api_story_unlock),
    GET("/api/stories/:id/notes", STORY_READ, api_story_notes),
    POST("/api/stories/:id/notes", STORY_READ, api_story_note_add),
    PATCH("/api/stories/:id/notes/:note", STORY_READ, api_story_note_change),
    DELETE("/api/stories/:id/notes/:note", STORY_READ, api_story_note_remove),
    GET("/api/stories/:id/checks", STORY_READ, api_story_checks),
    GET("/api/stories/:id/preview", STORY_READ, api_story_preview),
    GET("/api/stories/:id/page", STORY_READ, api_story_page),
    WRITE(POST, "/api/markdown", ACCOUNT, api_markdown),
    GET("/api/images", IMAGE_READ, api_image_list),
    PICTURE("/api/images", IMAGE_WRITE, api_image_post),
    GET("/api/images/:id", IMAGE_READ, api_image_get),
    PATCH("/api/images/:id", IMAGE_WRITE, api_image_patch),
    DELETE("/api/images/:id", IMAGE_WRITE, api_image_delete),
    PICTURE("/api/images/:id/replace", IMAGE_WRITE, api_image_replace),
    GET("/api/images/:id/uses", IMAGE_READ, api_image_uses),
    GET("/api/sections", ACCOUNT, api_section_list),
    POST("/api/sections", SECTION_WRITE, api_section_add),
    PATCH("/api/sections/:id", SECTION_WRITE, api_section_change),
    DELETE("/api/sections/:id", SECTION_WRITE, api_section_remove),
    GET("/api/topics", ACCOUNT, api_topic_list),
    POST("/api/topics", TOPIC_WRITE, api_topic_add),
    PATCH("/api/topics/:id", TOPIC_WRITE, api_topic_change),
    GET("/api/authors", ACCOUNT, api_author_list),
    POST("/api/authors", AUTHOR_WRITE, api_author_add),
    PATCH("/api/authors/:id", AUTHOR_WRITE, api_author_change),
    GET("/api/find", ACCOUNT, api_find),
    GET("/api/fronts", FRONT_READ, api_front_list),
    GET("/api/fronts/:section", FRONT_READ, api_front_get),
    PUT("/api/fronts/:section", FRONT_WRITE, api_front_put),
    POST("/api/fronts/:section/preview", FRONT_READ, api_front_preview),
    POST("/api/fronts/:section/undo", FRONT_WRITE, api_front_undo),
    GET("/api/fronts/:section/history", FRONT_READ, api_front_history),
    POST("/api/fronts/:section/plans", FRONT_WRITE, api_front_plan_make),
    GET("/api/fronts/:section/plans/:id", FRONT_READ, api_front_plan_get),
    PATCH("/api/fronts/:section/plans/:id", FRONT_WRITE, api_front_plan_change),
    DELETE("/api/fronts/:section/plans/:id", FRONT_WRITE, api_front_plan_remove),
    POST("/api/fronts/:section/plans/:id/publish", FRONT_WRITE, api_front_plan_publish),
    GET("/api/settings", SETTINGS_READ, api_settings_get),
    PATCH("/api/settings", SETTINGS_WRITE, api_settings_change),
    GET("/api/policies", SETTINGS_READ, api_policy_list),
    POST("/api/policies", SETTINGS_WRITE, api_policy_add),
};
const guint API_ROUTE_COUNT = G_N_ELEMENTS(API_ROUTES);
