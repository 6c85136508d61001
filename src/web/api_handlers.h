// SPDX-License-Identifier: Apache-2.0
//
// Every handler of the newsroom's interface, by the file it stands in. For api_routes.c and
// src/web/api_*.c only. What each takes and answers: docs/api/openapi.json.
#pragma once

#include "web/api.h"

// api_session.c
API_HANDLER(api_document_get);
API_HANDLER(api_session_get);
API_HANDLER(api_session_post);
API_HANDLER(api_session_delete);
API_HANDLER(api_session_code);
API_HANDLER(api_session_recovery_code);
API_HANDLER(api_session_passkey_options);
API_HANDLER(api_session_passkey);
API_HANDLER(api_set_up_get);
API_HANDLER(api_set_up_post);
API_HANDLER(api_password_ask);
API_HANDLER(api_password_reset);
API_HANDLER(api_invitation_get);
API_HANDLER(api_invitation_post);
// api_account.c
API_HANDLER(api_account_get);
API_HANDLER(api_account_patch);
API_HANDLER(api_account_password);
API_HANDLER(api_account_sessions);
API_HANDLER(api_account_sessions_delete);
API_HANDLER(api_account_session_delete);
API_HANDLER(api_account_totp);
API_HANDLER(api_account_totp_confirm);
API_HANDLER(api_account_totp_remove);
API_HANDLER(api_account_passkeys);
API_HANDLER(api_account_passkey_options);
API_HANDLER(api_account_passkey_add);
API_HANDLER(api_account_passkey_remove);
API_HANDLER(api_account_recovery_codes);
// api_staff.c
API_HANDLER(api_permissions);
API_HANDLER(api_staff_list);
API_HANDLER(api_staff_invite);
API_HANDLER(api_staff_get);
API_HANDLER(api_staff_patch);
API_HANDLER(api_staff_delete);
API_HANDLER(api_staff_invite_again);
API_HANDLER(api_staff_reset);
API_HANDLER(api_tokens);
API_HANDLER(api_token_make);
API_HANDLER(api_token_delete);
API_HANDLER(api_audit);

// api_stories.c
API_HANDLER(api_story_list);
API_HANDLER(api_story_board);
API_HANDLER(api_story_post);
API_HANDLER(api_story_get);
API_HANDLER(api_story_patch);
API_HANDLER(api_story_delete);
API_HANDLER(api_story_stage);
API_HANDLER(api_story_publish);
API_HANDLER(api_story_schedule);
API_HANDLER(api_story_unschedule);
API_HANDLER(api_story_withdraw);
API_HANDLER(api_story_discard);
// api_story_history.c
API_HANDLER(api_story_corrections);
API_HANDLER(api_story_correct);
API_HANDLER(api_corrections);
API_HANDLER(api_story_revisions);
API_HANDLER(api_story_revision);
API_HANDLER(api_story_diff);
API_HANDLER(api_story_restore);
API_HANDLER(api_story_lock);
API_HANDLER(api_story_unlock);
API_HANDLER(api_story_notes);
API_HANDLER(api_story_note_add);
API_HANDLER(api_story_note_change);
API_HANDLER(api_story_note_remove);
API_HANDLER(api_story_checks);
API_HANDLER(api_story_preview);
API_HANDLER(api_story_page);
API_HANDLER(api_markdown);
// api_images.c
API_HANDLER(api_image_list);
API_HANDLER(api_image_post);
API_HANDLER(api_image_get);
API_HANDLER(api_image_patch);
API_HANDLER(api_image_delete);
API_HANDLER(api_image_replace);
API_HANDLER(api_image_uses);
// api_fronts.c
API_HANDLER(api_front_list);
API_HANDLER(api_front_get);
API_HANDLER(api_front_put);
API_HANDLER(api_front_preview);
API_HANDLER(api_front_undo);
API_HANDLER(api_front_history);
API_HANDLER(api_front_plan_make);
API_HANDLER(api_front_plan_get);
API_HANDLER(api_front_plan_change);
API_HANDLER(api_front_plan_remove);
API_HANDLER(api_front_plan_publish);
// api_taxonomy.c
API_HANDLER(api_section_list);
API_HANDLER(api_section_add);
API_HANDLER(api_section_change);
API_HANDLER(api_section_remove);
API_HANDLER(api_topic_list);
API_HANDLER(api_topic_add);
API_HANDLER(api_topic_change);
API_HANDLER(api_author_list);
API_HANDLER(api_author_add);
API_HANDLER(api_author_change);
API_HANDLER(api_find);
API_HANDLER(api_settings_get);
API_HANDLER(api_settings_change);
API_HANDLER(api_policy_list);
API_HANDLER(api_policy_add);
// api_mailings.c, api_mailing_watch.c, api_newsletters.c
API_HANDLER(api_newsletter_get);
API_HANDLER(api_mailing_get);
API_HANDLER(api_mailing_preview);
API_HANDLER(api_mailing_html);
API_HANDLER(api_mailing_preflight);
API_HANDLER(api_mailing_approve);
// api_newsletters.c
API_HANDLER(api_newsletters);
API_HANDLER(api_newsletter_make);
API_HANDLER(api_newsletter_patch);
API_HANDLER(api_segments);
API_HANDLER(api_segment_make);
API_HANDLER(api_segment_patch);
API_HANDLER(api_segment_delete);
API_HANDLER(api_segment_count);
// api_mailings.c
API_HANDLER(api_mail_state);
API_HANDLER(api_mail_resume);
API_HANDLER(api_mailings);
API_HANDLER(api_mailing_make);
API_HANDLER(api_mailing_patch);
API_HANDLER(api_mailing_test);
API_HANDLER(api_mailing_schedule);
API_HANDLER(api_mailing_send);
API_HANDLER(api_mailing_pause);
API_HANDLER(api_mailing_resume);
API_HANDLER(api_mailing_cancel);
API_HANDLER(api_mailing_retry);
API_HANDLER(api_mailing_resolve);
API_HANDLER(api_mailing_progress);
API_HANDLER(api_mailing_events);
API_HANDLER(api_mailing_deliveries);
API_HANDLER(api_alert_plan);
API_HANDLER(api_alert_send);
// api_subscribers.c
API_HANDLER(api_subscriber_counts);
API_HANDLER(api_subscriber_get);
API_HANDLER(api_subscriber_leave);
API_HANDLER(api_subscriber_history);
// api_mailing_watch.c
API_HANDLER(api_mailing_results);
// api_subscribers.c
API_HANDLER(api_subscribers);
API_HANDLER(api_subscriber_make);
API_HANDLER(api_subscriber_growth);
API_HANDLER(api_subscriber_patch);
API_HANDLER(api_subscriber_delete);
API_HANDLER(api_suppression_get);
API_HANDLER(api_suppression_add);
API_HANDLER(api_suppression_remove);
API_HANDLER(api_bounces);
// api_reader_files.c
API_HANDLER(api_reader_imports);
API_HANDLER(api_reader_import_add);
API_HANDLER(api_reader_import_get);
API_HANDLER(api_reader_import_start);
API_HANDLER(api_reader_import_cancel);
API_HANDLER(api_reader_import_refused);
API_HANDLER(api_reader_export);
// api_outbox.c
API_HANDLER(api_outbox);
API_HANDLER(api_outbox_get);
API_HANDLER(api_outbox_html);
API_HANDLER(api_outbox_raw);
// api_content.c
API_HANDLER(api_content_stories);
API_HANDLER(api_content_story);
API_HANDLER(api_content_sections);
API_HANDLER(api_content_authors);
API_HANDLER(api_content_author);
API_HANDLER(api_content_topics);
API_HANDLER(api_content_front);
// api_hooks.c
API_HANDLER(api_hook_list);
API_HANDLER(api_hook_add);
API_HANDLER(api_hook_change);
API_HANDLER(api_hook_remove);
API_HANDLER(api_hook_secret);
API_HANDLER(api_hook_test);
API_HANDLER(api_hook_deliveries);
API_HANDLER(api_hook_again);
// api_numbers.c
API_HANDLER(api_beacon);
API_HANDLER(api_numbers_live);
API_HANDLER(api_numbers_days);
API_HANDLER(api_numbers_stories);
API_HANDLER(api_numbers_referrers);
API_HANDLER(api_numbers_sections);
API_HANDLER(api_story_numbers);
// api_newsletter_numbers.c
API_HANDLER(api_numbers_newsletters);
// api_overview.c
API_HANDLER(api_overview);
API_HANDLER(api_content_image);

// newsroom_assets.c
API_HANDLER(newsroom_asset);
API_HANDLER(newsroom_page);

// Shared encoders.
void put_account(JsonWriter *json, const char *name, StoreTransaction *transaction,
                 const Staff *staff); // NULL: null
void put_newspaper(JsonWriter *json, const Site *site);
// `secret` NULL: the visitor's own stays. Sets the cookie if it is new.
Response *api_session_answer(const Request *request, Website *website, const char *secret,
                             GError **error);
