-- All rows of every table in a form that both engines write and read (store/dump.c), for backups. The
-- order of columns is that of the loads. Search is not among them: it is made anew. PostgreSQL's client
-- holds a whole result in memory, so there each dump_* is a cursor that postgres_dump_fetch reads piece by piece.

-- name: postgres_dump_fetch
-- postgres:
fetch forward 500 from dump;
-- both:

-- name: postgres_dump_close
-- postgres:
close dump;
-- both:

-- name: dump_setting
-- postgres:
declare dump no scroll cursor for
-- both:
select key, value from setting order by key;

-- name: load_setting
insert into setting (key, value) values ($1, $2);

-- name: empty_setting
delete from setting;

-- name: count_setting
select count(*) from setting;

-- name: dump_site_revision
-- postgres:
declare dump no scroll cursor for
-- both:
select id, revision, changed_at from site_revision order by id;

-- name: load_site_revision
insert into site_revision (id, revision, changed_at) values ($1, $2, $3);

-- name: empty_site_revision
delete from site_revision;

-- name: count_site_revision
select count(*) from site_revision;

-- name: dump_image
-- postgres:
declare dump no scroll cursor for
-- both:
select id, hash, format, width, height, byte_count, progressive, alt, caption, credit, rights,
  focal_x, focal_y, crop_16x9, crop_4x3, crop_3x2, crop_1x1, source_url, created_at, uploaded_by from image order
  by id;

-- name: load_image
insert into image (id, hash, format, width, height, byte_count, progressive, alt, caption, credit,
  rights, focal_x, focal_y, crop_16x9, crop_4x3, crop_3x2, crop_1x1, source_url, created_at, uploaded_by) values
  ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20);

-- name: empty_image
delete from image;

-- name: count_image
select count(*) from image;

-- name: restart_image
-- sqlite:
select 1;
-- postgres:
select setval(pg_get_serial_sequence('image', 'id'), coalesce((select max(id) from image), 0) + 1, false);
-- both:

-- name: dump_section
-- postgres:
declare dump no scroll cursor for
-- both:
select id, slug, name, description, position from section order by id;

-- name: load_section
insert into section (id, slug, name, description, position) values ($1, $2, $3, $4, $5);

-- name: empty_section
delete from section;

-- name: count_section
select count(*) from section;

-- name: restart_section
-- sqlite:
select 1;
-- postgres:
select setval(pg_get_serial_sequence('section', 'id'), coalesce((select max(id) from section), 0) + 1, false);
-- both:

-- name: dump_topic
-- postgres:
declare dump no scroll cursor for
-- both:
select id, slug, name, description from topic order by id;

-- name: load_topic
insert into topic (id, slug, name, description) values ($1, $2, $3, $4);

-- name: empty_topic
delete from topic;

-- name: count_topic
select count(*) from topic;

-- name: restart_topic
-- sqlite:
select 1;
-- postgres:
select setval(pg_get_serial_sequence('topic', 'id'), coalesce((select max(id) from topic), 0) + 1, false);
-- both:

-- name: dump_author
-- postgres:
declare dump no scroll cursor for
-- both:
select id, slug, name, role, bio, image_id from author order by id;

-- name: load_author
insert into author (id, slug, name, role, bio, image_id) values ($1, $2, $3, $4, $5, $6);

-- name: empty_author
delete from author;

-- name: count_author
select count(*) from author;

-- name: restart_author
-- sqlite:
select 1;
-- postgres:
select setval(pg_get_serial_sequence('author', 'id'), coalesce((select max(id) from author), 0) + 1, false);
-- both:

-- name: dump_story
-- postgres:
declare dump no scroll cursor for
-- both:
select id, slug, headline, standfirst, kicker, dateline, language, section_id, byline_names,
  hero_image_id, hero_caption, hero_credit, status, scheduled_for, published_at, updated_at,
  created_at, revision, word_count, seo_title, seo_description, source_key, content_hash, body, stage,
  has_changes, saved_at, saved_by, owner_id, embargo_until, version, published_version,
  seen_revision, share_title, share_description, share_image_id from story order by id;

-- name: load_story
insert into story (id, slug, headline, standfirst, kicker, dateline, language, section_id,
  byline_names, hero_image_id, hero_caption, hero_credit, status, scheduled_for, published_at,
  updated_at, created_at, revision, word_count, seo_title, seo_description, source_key,
  content_hash, body, stage, has_changes, saved_at, saved_by, owner_id, embargo_until, version,
  published_version, seen_revision, share_title, share_description, share_image_id) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
  $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36);

-- name: empty_story
delete from story;

-- name: count_story
select count(*) from story;

-- name: restart_story
-- sqlite:
select 1;
-- postgres:
select setval(pg_get_serial_sequence('story', 'id'), coalesce((select max(id) from story), 0) + 1, false);
-- both:

-- name: dump_story_revision
-- postgres:
declare dump no scroll cursor for
-- both:
select story_id, number, saved_at, headline, standfirst, body, note from story_revision order by
  story_id, number;

-- name: load_story_revision
insert into story_revision (story_id, number, saved_at, headline, standfirst, body, note) values
  ($1, $2, $3, $4, $5, $6, $7);

-- name: empty_story_revision
delete from story_revision;

-- name: count_story_revision
select count(*) from story_revision;

-- name: dump_story_byline
-- postgres:
declare dump no scroll cursor for
-- both:
select story_id, position, author_id, role from story_byline order by story_id, position;

-- name: load_story_byline
insert into story_byline (story_id, position, author_id, role) values ($1, $2, $3, $4);

-- name: empty_story_byline
delete from story_byline;

-- name: count_story_byline
select count(*) from story_byline;

-- name: dump_story_topic
-- postgres:
declare dump no scroll cursor for
-- both:
select story_id, position, topic_id from story_topic order by story_id, position;

-- name: load_story_topic
insert into story_topic (story_id, position, topic_id) values ($1, $2, $3);

-- name: empty_story_topic
delete from story_topic;

-- name: count_story_topic
select count(*) from story_topic;

-- name: dump_story_image
-- postgres:
declare dump no scroll cursor for
-- both:
select story_id, position, image_id from story_image order by story_id, position;

-- name: load_story_image
insert into story_image (story_id, position, image_id) values ($1, $2, $3);

-- name: empty_story_image
delete from story_image;

-- name: count_story_image
select count(*) from story_image;

-- name: dump_correction
-- postgres:
declare dump no scroll cursor for
-- both:
select id, story_id, corrected_at, wrong, "right" from correction order by id;

-- name: load_correction
insert into correction (id, story_id, corrected_at, wrong, "right") values ($1, $2, $3, $4, $5);

-- name: empty_correction
delete from correction;

-- name: count_correction
select count(*) from correction;

-- name: restart_correction
-- sqlite:
select 1;
-- postgres:
select setval(pg_get_serial_sequence('correction', 'id'), coalesce((select max(id) from correction), 0) + 1, false);
-- both:

-- name: dump_listing_entry
-- postgres:
declare dump no scroll cursor for
-- both:
select kind, list_id, day, published_at, story_id from listing_entry order by kind, list_id, day,
  published_at, story_id;

-- name: load_listing_entry
insert into listing_entry (kind, list_id, day, published_at, story_id) values ($1, $2, $3, $4, $5);

-- name: empty_listing_entry
delete from listing_entry;

-- name: count_listing_entry
select count(*) from listing_entry;

-- name: dump_listing_count
-- postgres:
declare dump no scroll cursor for
-- both:
select kind, list_id, period, stories from listing_count order by kind, list_id, period;

-- name: load_listing_count
insert into listing_count (kind, list_id, period, stories) values ($1, $2, $3, $4);

-- name: empty_listing_count
delete from listing_count;

-- name: count_listing_count
select count(*) from listing_count;

-- name: dump_front
-- postgres:
declare dump no scroll cursor for
-- both:
select section_id, updated_at, version, updated_by from front order by section_id;

-- name: load_front
insert into front (section_id, updated_at, version, updated_by) values ($1, $2, $3, $4);

-- name: empty_front
delete from front;

-- name: count_front
select count(*) from front;

-- name: dump_front_slot
-- postgres:
declare dump no scroll cursor for
-- both:
select section_id, position, story_id, weight from front_slot order by section_id, position;

-- name: load_front_slot
insert into front_slot (section_id, position, story_id, weight) values ($1, $2, $3, $4);

-- name: empty_front_slot
delete from front_slot;

-- name: count_front_slot
select count(*) from front_slot;

-- name: dump_redirect
-- postgres:
declare dump no scroll cursor for
-- both:
select path, target, status, created_at from redirect order by path;

-- name: load_redirect
insert into redirect (path, target, status, created_at) values ($1, $2, $3, $4);

-- name: empty_redirect
delete from redirect;

-- name: count_redirect
select count(*) from redirect;

-- name: dump_subscriber
-- postgres:
declare dump no scroll cursor for
-- both:
select id, address, address_key, name, language, zone_name, status, paused_until, created_at,
  confirmed_at, active_at, tracking, soft_bounces, soft_since from subscriber order by id;

-- name: load_subscriber
insert into subscriber (id, address, address_key, name, language, zone_name, status, paused_until,
  created_at, confirmed_at, active_at, tracking, soft_bounces, soft_since) values ($1, $2, $3, $4,
  $5, $6, $7, $8, $9, $10, $11, $12, $13, $14);

-- name: empty_subscriber
delete from subscriber;

-- name: count_subscriber
select count(*) from subscriber;

-- name: restart_subscriber
-- sqlite:
select 1;
-- postgres:
select setval(pg_get_serial_sequence('subscriber', 'id'), coalesce((select max(id) from subscriber), 0) + 1, false);
-- both:

-- name: dump_newsletter
-- postgres:
declare dump no scroll cursor for
-- both:
select id, slug, name, description, kind, position, offered, sender_name, sender_address, reply_to,
  language, zone_name, send_minute, send_days, local_hour, approval, template, introduction,
  story_limit, section_ids, daily_cap, uncertain, lateness_minutes, tracking, active, created_at
  from newsletter order by id;

-- name: load_newsletter
insert into newsletter (id, slug, name, description, kind, position, offered, sender_name,
  sender_address, reply_to, language, zone_name, send_minute, send_days, local_hour, approval,
  template, introduction, story_limit, section_ids, daily_cap, uncertain, lateness_minutes,
  tracking, active, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14,
  $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26);

-- name: empty_newsletter
delete from newsletter;

-- name: count_newsletter
select count(*) from newsletter;

-- name: restart_newsletter
-- sqlite:
select 1;
-- postgres:
select setval(pg_get_serial_sequence('newsletter', 'id'), coalesce((select max(id) from newsletter), 0) + 1, false);
-- both:

-- name: dump_subscription
-- postgres:
declare dump no scroll cursor for
-- both:
select newsletter_id, subscriber_id, status, since, left_at, attachment from subscription order by
  newsletter_id, subscriber_id;

-- name: load_subscription
insert into subscription (newsletter_id, subscriber_id, status, since, left_at, attachment) values
  ($1, $2, $3, $4, $5, $6);

-- name: empty_subscription
delete from subscription;

-- name: count_subscription
select count(*) from subscription;

-- name: dump_subscriber_section
-- postgres:
declare dump no scroll cursor for
-- both:
select subscriber_id, section_id from subscriber_section order by subscriber_id, section_id;

-- name: load_subscriber_section
insert into subscriber_section (subscriber_id, section_id) values ($1, $2);

-- name: empty_subscriber_section
delete from subscriber_section;

-- name: count_subscriber_section
select count(*) from subscriber_section;

-- name: dump_consent_wording
-- postgres:
declare dump no scroll cursor for
-- both:
select id, hash, wording from consent_wording order by id;

-- name: load_consent_wording
insert into consent_wording (id, hash, wording) values ($1, $2, $3);

-- name: empty_consent_wording
delete from consent_wording;

-- name: count_consent_wording
select count(*) from consent_wording;

-- name: restart_consent_wording
-- sqlite:
select 1;
-- postgres:
select setval(pg_get_serial_sequence('consent_wording', 'id'), coalesce((select max(id) from consent_wording), 0) + 1, false);
-- both:

-- name: dump_consent
-- postgres:
declare dump no scroll cursor for
-- both:
select id, subscriber_id, kind, at, newsletters, wording_id, terms_version, privacy_version, page,
  network_hash from consent order by id;

-- name: load_consent
insert into consent (id, subscriber_id, kind, at, newsletters, wording_id, terms_version,
  privacy_version, page, network_hash) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: empty_consent
delete from consent;

-- name: count_consent
select count(*) from consent;

-- name: restart_consent
-- sqlite:
select 1;
-- postgres:
select setval(pg_get_serial_sequence('consent', 'id'), coalesce((select max(id) from consent), 0) + 1, false);
-- both:

-- name: dump_policy
-- postgres:
declare dump no scroll cursor for
-- both:
select kind, version, title, body, published_at from policy order by kind, version;

-- name: load_policy
insert into policy (kind, version, title, body, published_at) values ($1, $2, $3, $4, $5);

-- name: empty_policy
delete from policy;

-- name: count_policy
select count(*) from policy;

-- name: dump_suppression
-- postgres:
declare dump no scroll cursor for
-- both:
select address_hash, reason, at, note from suppression order by address_hash;

-- name: load_suppression
insert into suppression (address_hash, reason, at, note) values ($1, $2, $3, $4);

-- name: empty_suppression
delete from suppression;

-- name: count_suppression
select count(*) from suppression;

-- name: dump_rate_count
-- postgres:
declare dump no scroll cursor for
-- both:
select scope, key, period, count from rate_count order by scope, key, period;

-- name: load_rate_count
insert into rate_count (scope, key, period, count) values ($1, $2, $3, $4);

-- name: empty_rate_count
delete from rate_count;

-- name: count_rate_count
select count(*) from rate_count;

-- name: dump_segment
-- postgres:
declare dump no scroll cursor for
-- both:
select id, slug, name, rules, created_at from segment order by id;

-- name: load_segment
insert into segment (id, slug, name, rules, created_at) values ($1, $2, $3, $4, $5);

-- name: empty_segment
delete from segment;

-- name: count_segment
select count(*) from segment;

-- name: restart_segment
-- sqlite:
select 1;
-- postgres:
select setval(pg_get_serial_sequence('segment', 'id'), coalesce((select max(id) from segment), 0) + 1, false);
-- both:

-- name: dump_mailing
-- postgres:
declare dump no scroll cursor for
-- both:
select id, public_id, newsletter_id, occasion, state, state_reason, lane, uncertain, subject,
  preheader, introduction, segment_id, requested_by, approved_by, created_at, due_at, latest_at,
  frozen_at, finished_at, frozen_through, planned, audience from mailing order by id;

-- name: load_mailing
insert into mailing (id, public_id, newsletter_id, occasion, state, state_reason, lane, uncertain,
  subject, preheader, introduction, segment_id, requested_by, approved_by, created_at, due_at,
  latest_at, frozen_at, finished_at, frozen_through, planned, audience) values ($1, $2, $3, $4, $5,
  $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22);

-- name: empty_mailing
delete from mailing;

-- name: count_mailing
select count(*) from mailing;

-- name: restart_mailing
-- sqlite:
select 1;
-- postgres:
select setval(pg_get_serial_sequence('mailing', 'id'), coalesce((select max(id) from mailing), 0) + 1, false);
-- both:

-- name: dump_mailing_story
-- postgres:
declare dump no scroll cursor for
-- both:
select mailing_id, position, newsletter_id, story_id from mailing_story order by mailing_id,
  position;

-- name: load_mailing_story
insert into mailing_story (mailing_id, position, newsletter_id, story_id) values ($1, $2, $3, $4);

-- name: empty_mailing_story
delete from mailing_story;

-- name: count_mailing_story
select count(*) from mailing_story;

-- name: dump_mailing_content
-- postgres:
declare dump no scroll cursor for
-- both:
select mailing_id, form, page, envelope_sender from mailing_content order by mailing_id;

-- name: load_mailing_content
insert into mailing_content (mailing_id, form, page, envelope_sender) values ($1, $2, $3, $4);

-- name: empty_mailing_content
delete from mailing_content;

-- name: count_mailing_content
select count(*) from mailing_content;

-- name: dump_mailing_link
-- postgres:
declare dump no scroll cursor for
-- both:
select mailing_id, number, url from mailing_link order by mailing_id, number;

-- name: load_mailing_link
insert into mailing_link (mailing_id, number, url) values ($1, $2, $3);

-- name: empty_mailing_link
delete from mailing_link;

-- name: count_mailing_link
select count(*) from mailing_link;

-- name: dump_mailing_count
-- postgres:
declare dump no scroll cursor for
-- both:
select mailing_id, state, count from mailing_count order by mailing_id, state;

-- name: load_mailing_count
insert into mailing_count (mailing_id, state, count) values ($1, $2, $3);

-- name: empty_mailing_count
delete from mailing_count;

-- name: count_mailing_count
select count(*) from mailing_count;

-- name: dump_delivery
-- postgres:
declare dump no scroll cursor for
-- both:
select mailing_id, subscriber_id, state, due_at, attempts, owner, name, relay, code, status, reason,
  changed_at, tried_at from delivery order by mailing_id, subscriber_id;

-- name: load_delivery
insert into delivery (mailing_id, subscriber_id, state, due_at, attempts, owner, name, relay, code,
  status, reason, changed_at, tried_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13);

-- name: empty_delivery
delete from delivery;

-- name: count_delivery
select count(*) from delivery;

-- name: dump_notice
-- postgres:
declare dump no scroll cursor for
-- both:
select id, kind, subscriber_id, address, form, envelope_sender, state, due_at, expires_at, attempts,
  owner, relay, code, status, reason, created_at, changed_at from notice order by id;

-- name: load_notice
insert into notice (id, kind, subscriber_id, address, form, envelope_sender, state, due_at,
  expires_at, attempts, owner, relay, code, status, reason, created_at, changed_at) values ($1, $2,
  $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17);

-- name: empty_notice
delete from notice;

-- name: count_notice
select count(*) from notice;

-- name: restart_notice
-- sqlite:
select 1;
-- postgres:
select setval(pg_get_serial_sequence('notice', 'id'), coalesce((select max(id) from notice), 0) + 1, false);
-- both:

-- name: dump_dispatcher
-- postgres:
declare dump no scroll cursor for
-- both:
select id, identity, started_at, heartbeat_at from dispatcher order by id;

-- name: load_dispatcher
insert into dispatcher (id, identity, started_at, heartbeat_at) values ($1, $2, $3, $4);

-- name: empty_dispatcher
delete from dispatcher;

-- name: count_dispatcher
select count(*) from dispatcher;

-- name: restart_dispatcher
-- sqlite:
select 1;
-- postgres:
select setval(pg_get_serial_sequence('dispatcher', 'id'), coalesce((select max(id) from dispatcher), 0) + 1, false);
-- both:

-- name: dump_dispatch_epoch
-- postgres:
declare dump no scroll cursor for
-- both:
select id, sequence, at, stopped from dispatch_epoch order by id;

-- name: load_dispatch_epoch
insert into dispatch_epoch (id, sequence, at, stopped) values ($1, $2, $3, $4);

-- name: empty_dispatch_epoch
delete from dispatch_epoch;

-- name: count_dispatch_epoch
select count(*) from dispatch_epoch;

-- name: dump_bounce
-- postgres:
declare dump no scroll cursor for
-- both:
select id, digest, received_at, way, kind, mailing_id, subscriber_id, address_hash, status, reason
  from bounce order by id;

-- name: load_bounce
insert into bounce (id, digest, received_at, way, kind, mailing_id, subscriber_id, address_hash,
  status, reason) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: empty_bounce
delete from bounce;

-- name: count_bounce
select count(*) from bounce;

-- name: restart_bounce
-- sqlite:
select 1;
-- postgres:
select setval(pg_get_serial_sequence('bounce', 'id'), coalesce((select max(id) from bounce), 0) + 1, false);
-- both:

-- name: dump_mailing_activity
-- postgres:
declare dump no scroll cursor for
-- both:
select mailing_id, subscriber_id, kind, number, first_at, count from mailing_activity order by
  mailing_id, subscriber_id, kind, number;

-- name: load_mailing_activity
insert into mailing_activity (mailing_id, subscriber_id, kind, number, first_at, count) values ($1,
  $2, $3, $4, $5, $6);

-- name: empty_mailing_activity
delete from mailing_activity;

-- name: count_mailing_activity
select count(*) from mailing_activity;

-- name: dump_staff
-- postgres:
declare dump no scroll cursor for
-- both:
select id, address, address_key, name, role, state, author_id, password_hash, language,
  preferences, totp_secret, totp_confirmed, totp_step, created_at, active_at from staff order by
  id;

-- name: load_staff
insert into staff (id, address, address_key, name, role, state, author_id, password_hash,
  language, preferences, totp_secret, totp_confirmed, totp_step, created_at, active_at) values
  ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15);

-- name: empty_staff
delete from staff;

-- name: count_staff
select count(*) from staff;

-- name: restart_staff
-- sqlite:
select 1;
-- postgres:
select setval(pg_get_serial_sequence('staff', 'id'), coalesce((select max(id) from staff), 0) + 1, false);
-- both:

-- name: dump_staff_link
-- postgres:
declare dump no scroll cursor for
-- both:
select token_hash, kind, staff_id, created_at, expires_at from staff_link order by token_hash;

-- name: load_staff_link
insert into staff_link (token_hash, kind, staff_id, created_at, expires_at) values ($1, $2, $3,
  $4, $5);

-- name: empty_staff_link
delete from staff_link;

-- name: count_staff_link
select count(*) from staff_link;

-- name: dump_staff_request
-- postgres:
declare dump no scroll cursor for
-- both:
select id, address_key, requested_at from staff_request order by id;

-- name: load_staff_request
insert into staff_request (id, address_key, requested_at) values ($1, $2, $3);

-- name: empty_staff_request
delete from staff_request;

-- name: count_staff_request
select count(*) from staff_request;

-- name: restart_staff_request
-- sqlite:
select 1;
-- postgres:
select setval(pg_get_serial_sequence('staff_request', 'id'), coalesce((select max(id) from staff_request), 0) + 1, false);
-- both:

-- name: dump_staff_session
-- postgres:
declare dump no scroll cursor for
-- both:
select id, token_hash, staff_id, state, second_factor, challenge, attempts, browser, created_at,
  active_at, expires_at from staff_session order by id;

-- name: load_staff_session
insert into staff_session (id, token_hash, staff_id, state, second_factor, challenge, attempts,
  browser, created_at, active_at, expires_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10,
  $11);

-- name: empty_staff_session
delete from staff_session;

-- name: count_staff_session
select count(*) from staff_session;

-- name: restart_staff_session
-- sqlite:
select 1;
-- postgres:
select setval(pg_get_serial_sequence('staff_session', 'id'), coalesce((select max(id) from staff_session), 0) + 1, false);
-- both:

-- name: dump_passkey
-- postgres:
declare dump no scroll cursor for
-- both:
select id, staff_id, credential, public_key, algorithm, counter, name, created_at, used_at from
  passkey order by id;

-- name: load_passkey
insert into passkey (id, staff_id, credential, public_key, algorithm, counter, name, created_at,
  used_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: empty_passkey
delete from passkey;

-- name: count_passkey
select count(*) from passkey;

-- name: restart_passkey
-- sqlite:
select 1;
-- postgres:
select setval(pg_get_serial_sequence('passkey', 'id'), coalesce((select max(id) from passkey), 0) + 1, false);
-- both:

-- name: dump_recovery_code
-- postgres:
declare dump no scroll cursor for
-- both:
select staff_id, code_hash from recovery_code order by staff_id, code_hash;

-- name: load_recovery_code
insert into recovery_code (staff_id, code_hash) values ($1, $2);

-- name: empty_recovery_code
delete from recovery_code;

-- name: count_recovery_code
select count(*) from recovery_code;

-- name: dump_api_token
-- postgres:
declare dump no scroll cursor for
-- both:
select id, token_hash, prefix, name, scopes, staff_id, created_at, expires_at, used_at from
  api_token order by id;

-- name: load_api_token
insert into api_token (id, token_hash, prefix, name, scopes, staff_id, created_at, expires_at,
  used_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: empty_api_token
delete from api_token;

-- name: count_api_token
select count(*) from api_token;

-- name: restart_api_token
-- sqlite:
select 1;
-- postgres:
select setval(pg_get_serial_sequence('api_token', 'id'), coalesce((select max(id) from api_token), 0) + 1, false);
-- both:

-- name: dump_audit
-- postgres:
declare dump no scroll cursor for
-- both:
select id, at, staff_id, staff_name, via, action, noun, noun_id, says from audit order by id;

-- name: load_audit
insert into audit (id, at, staff_id, staff_name, via, action, noun, noun_id, says) values ($1, $2,
  $3, $4, $5, $6, $7, $8, $9);

-- name: empty_audit
delete from audit;

-- name: count_audit
select count(*) from audit;

-- name: restart_audit
-- sqlite:
select 1;
-- postgres:
select setval(pg_get_serial_sequence('audit', 'id'), coalesce((select max(id) from audit), 0) + 1, false);
-- both:

-- name: dump_story_version
-- postgres:
declare dump no scroll cursor for
-- both:
select story_id, number, kind, saved_at, staff_id, note, headline, word_count, words_added,
  words_removed, was_published, content from story_version order by story_id, number;

-- name: load_story_version
insert into story_version (story_id, number, kind, saved_at, staff_id, note, headline, word_count,
  words_added, words_removed, was_published, content) values ($1, $2, $3, $4, $5, $6, $7, $8, $9,
  $10, $11, $12);

-- name: empty_story_version
delete from story_version;

-- name: count_story_version
select count(*) from story_version;

-- name: dump_story_lock
-- postgres:
declare dump no scroll cursor for
-- both:
select story_id, staff_id, holder, since, expires_at from story_lock order by story_id;

-- name: load_story_lock
insert into story_lock (story_id, staff_id, holder, since, expires_at) values ($1, $2, $3, $4,
  $5);

-- name: empty_story_lock
delete from story_lock;

-- name: count_story_lock
select count(*) from story_lock;

-- name: dump_story_note
-- postgres:
declare dump no scroll cursor for
-- both:
select id, story_id, staff_id, created_at, body, passage, prefix, reply_to, resolved_by,
  resolved_at from story_note order by id;

-- name: load_story_note
insert into story_note (id, story_id, staff_id, created_at, body, passage, prefix, reply_to,
  resolved_by, resolved_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: empty_story_note
delete from story_note;

-- name: count_story_note
select count(*) from story_note;

-- name: restart_story_note
-- sqlite:
select 1;
-- postgres:
select setval(pg_get_serial_sequence('story_note', 'id'), coalesce((select max(id) from story_note), 0) + 1, false);
-- both:

-- name: dump_front_plan
-- postgres:
declare dump no scroll cursor for
-- both:
select id, section_id, name, goes_live_at, slots, updated_at, updated_by from front_plan order by
  id;

-- name: load_front_plan
insert into front_plan (id, section_id, name, goes_live_at, slots, updated_at, updated_by) values
  ($1, $2, $3, $4, $5, $6, $7);

-- name: empty_front_plan
delete from front_plan;

-- name: count_front_plan
select count(*) from front_plan;

-- name: restart_front_plan
-- sqlite:
select 1;
-- postgres:
select setval(pg_get_serial_sequence('front_plan', 'id'), coalesce((select max(id) from front_plan), 0) + 1, false);
-- both:

-- name: dump_front_past
-- postgres:
declare dump no scroll cursor for
-- both:
select section_id, version, replaced_at, staff_id, slots from front_past order by section_id,
  version;

-- name: load_front_past
insert into front_past (section_id, version, replaced_at, staff_id, slots) values ($1, $2, $3, $4,
  $5);

-- name: empty_front_past
delete from front_past;

-- name: count_front_past
select count(*) from front_past;

-- name: dump_view_count
-- postgres:
declare dump no scroll cursor for
-- both:
select kind, period, noun_id, referrer, views from view_count order by kind, period, noun_id,
  referrer;

-- name: load_view_count
insert into view_count (kind, period, noun_id, referrer, views) values ($1, $2, $3, $4, $5);

-- name: empty_view_count
delete from view_count;

-- name: count_view_count
select count(*) from view_count;

-- name: dump_subscriber_import
-- postgres:
declare dump no scroll cursor for
-- both:
select id, state, file, newsletters, consent, columns, dry_run, bytes, done_bytes, row_count, created,
  known, subscribed, left_count, repeated, suppressed, refused, refusals, reason, staff_id, started_at, finished_at from subscriber_import
  order by id;

-- name: load_subscriber_import
insert into subscriber_import (id, state, file, newsletters, consent, columns, dry_run, bytes,
  done_bytes, row_count, created, known, subscribed, left_count, repeated, suppressed, refused,
  refusals, reason, staff_id, started_at, finished_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10,
  $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22);

-- name: empty_subscriber_import
delete from subscriber_import;

-- name: count_subscriber_import
select count(*) from subscriber_import;

-- name: restart_subscriber_import
-- sqlite:
select 1;
-- postgres:
select setval(pg_get_serial_sequence('subscriber_import', 'id'), coalesce((select max(id) from subscriber_import), 0) + 1, false);
-- both:

-- name: dump_mailing_result
-- postgres:
declare dump no scroll cursor for
-- both:
select mailing_id, computed_at, bounced, complained, left_count, counted, opened, clicked from
  mailing_result order by mailing_id;

-- name: load_mailing_result
insert into mailing_result (mailing_id, computed_at, bounced, complained, left_count, counted, opened, clicked)
  values ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: empty_mailing_result
delete from mailing_result;

-- name: count_mailing_result
select count(*) from mailing_result;

-- name: dump_webhook
-- postgres:
declare dump no scroll cursor for
-- both:
select id, url, events, secret, active, created_at, last_status, last_at, failing_since from
  webhook order by id;

-- name: load_webhook
insert into webhook (id, url, events, secret, active, created_at, last_status, last_at,
  failing_since) values ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: empty_webhook
delete from webhook;

-- name: count_webhook
select count(*) from webhook;

-- name: restart_webhook
-- sqlite:
select 1;
-- postgres:
select setval(pg_get_serial_sequence('webhook', 'id'), coalesce((select max(id) from webhook), 0) + 1, false);
-- both:

-- name: dump_webhook_delivery
-- postgres:
declare dump no scroll cursor for
-- both:
select id, webhook_id, event, body, created_at, attempts, state, status, next_at, reason from
  webhook_delivery order by id;

-- name: load_webhook_delivery
insert into webhook_delivery (id, webhook_id, event, body, created_at, attempts, state, status,
  next_at, reason) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: empty_webhook_delivery
delete from webhook_delivery;

-- name: count_webhook_delivery
select count(*) from webhook_delivery;

-- name: restart_webhook_delivery
-- sqlite:
select 1;
-- postgres:
select setval(pg_get_serial_sequence('webhook_delivery', 'id'), coalesce((select max(id) from webhook_delivery), 0) + 1, false);
-- both:

-- A restored copy knows nothing of what was sent after it was made.
-- name: dump_stop_sending
update dispatch_epoch set stopped = $1 where id = 1;

-- name: empty_story_search
-- sqlite:
insert into story_search (story_search) values ('delete-all');
-- postgres:
delete from story_search;
-- both:

-- name: dump_edition_setting
-- postgres:
declare dump no scroll cursor for
-- both:
select id, active, make_minute, days, zone_name, formats, pages, first_look_minutes, story_limit,
  attach_megabytes from edition_setting order by id;

-- name: load_edition_setting
insert into edition_setting (id, active, make_minute, days, zone_name, formats, pages,
  first_look_minutes, story_limit, attach_megabytes) values ($1, $2, $3, $4, $5, $6, $7, $8, $9,
  $10);

-- name: empty_edition_setting
delete from edition_setting;

-- name: count_edition_setting
select count(*) from edition_setting;

-- name: dump_edition
-- postgres:
declare dump no scroll cursor for
-- both:
select day, number, state, reason, attempts, due_at, made_at, public_at, retry_at, formats, pages,
  claimed_until from edition order by day;

-- name: load_edition
insert into edition (day, number, state, reason, attempts, due_at, made_at, public_at, retry_at,
  formats, pages, claimed_until) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12);

-- name: empty_edition
delete from edition;

-- name: count_edition
select count(*) from edition;

-- name: dump_edition_story
-- postgres:
declare dump no scroll cursor for
-- both:
select day, position, story_id, weight, page from edition_story order by day, position;

-- name: load_edition_story
insert into edition_story (day, position, story_id, weight, page) values ($1, $2, $3, $4, $5);

-- name: empty_edition_story
delete from edition_story;

-- name: count_edition_story
select count(*) from edition_story;

-- name: dump_edition_pin
-- postgres:
declare dump no scroll cursor for
-- both:
select day, story_id, page, place from edition_pin order by day, story_id;

-- name: load_edition_pin
insert into edition_pin (day, story_id, page, place) values ($1, $2, $3, $4);

-- name: empty_edition_pin
delete from edition_pin;

-- name: count_edition_pin
select count(*) from edition_pin;

-- name: dump_edition_file
-- postgres:
declare dump no scroll cursor for
-- both:
select day, kind, format, page, width, height, media_type, hash, byte_count from edition_file order
  by day, kind, format, page;

-- name: load_edition_file
insert into edition_file (day, kind, format, page, width, height, media_type, hash, byte_count)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: empty_edition_file
delete from edition_file;

-- name: count_edition_file
select count(*) from edition_file;

-- name: dump_edition_model
-- postgres:
declare dump no scroll cursor for
-- both:
select day, format, model, score from edition_model order by day, format;

-- name: load_edition_model
insert into edition_model (day, format, model, score) values ($1, $2, $3, $4);

-- name: empty_edition_model
delete from edition_model;

-- name: count_edition_model
select count(*) from edition_model;

-- What doctor asks the engine about the soundness of its own file.
-- name: doctor_soundness
-- sqlite:
pragma quick_check(1);
-- postgres:
select 'ok';
-- both:

-- name: doctor_newest_change
select changed_at from site_revision where id = 1;

-- name: dump_originals
select hash, format from image where hash is not null order by hash;

-- name: dump_edition_files
select distinct hash, media_type from edition_file order by hash;

-- name: count_edition_files
select count(distinct hash) from edition_file;

-- name: count_originals
select count(*) from image where hash is not null;

-- What the database itself says it holds, with the number of each table's columns.
-- name: dump_known_tables
-- sqlite:
select m.name, (select count(*) from pragma_table_info(m.name)) from sqlite_master as m
where m.type = 'table' and m.name not like 'sqlite!_%' escape '!' and m.name not like 'story!_search%' escape '!'
  and m.name <> 'schema_migration'
order by m.name;
-- postgres:
select table_name, count(*) from information_schema.columns
where table_schema = current_schema() and table_name not in ('story_search', 'schema_migration', 'subscriber_load')
group by table_name order by table_name;
-- both:
