-- Readers, what they signed up for, the proof of their consent, policies, suppression, limits, bounces.

-- part: subscriber_columns
id, address, address_key, name, language, zone_name, status, paused_until, created_at, confirmed_at, active_at,
  tracking, soft_bounces, soft_since

-- name: subscriber_get
select @subscriber_columns@ from subscriber where id = $1;

-- name: subscriber_get_by_key
select @subscriber_columns@ from subscriber where address_key = $1;

-- name: subscriber_insert
insert into subscriber (address, address_key, name, language, zone_name, status, paused_until, created_at,
  confirmed_at, active_at, tracking, soft_bounces, soft_since)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) returning id;

-- name: subscriber_update
update subscriber set address = $2, name = $3, language = $4, zone_name = $5, status = $6, paused_until = $7,
  confirmed_at = $8, active_at = $9, tracking = $10, soft_bounces = $11, soft_since = $12
where id = $1;

-- Everything that hangs on it goes by "on delete cascade".
-- name: subscriber_erase
delete from subscriber where id = $1;

-- name: subscriber_erase_notices
delete from notice where subscriber_id = $1 and subscriber_id <> 0;

-- name: subscriber_erase_activity
delete from mailing_activity where subscriber_id = $1;

-- name: subscriber_erase_bounces
update bounce set subscriber_id = 0, address_hash = '', reason = '' where subscriber_id = $1 and subscriber_id <> 0;

-- name: subscriber_erase_names
update delivery set name = '', reason = ''
where subscriber_id = $1 and mailing_id in (select id from mailing) and (name <> '' or reason <> '');

-- name: subscriber_list
select @subscriber_columns@ from subscriber
where id > $2 and (cast($1 as integer) = -1 or status = $1) order by id limit $3;

-- A prefix of the key goes by the index; anything else looks at all.
-- name: subscriber_find_prefix
select @subscriber_columns@ from subscriber
where address_key >= $1 and address_key < $2 and (cast($3 as integer) = -1 or status = $3) and id > $4
order by id limit $5;

-- name: subscriber_find
select @subscriber_columns@ from subscriber
where (address_key like $1 escape '!' or name like $1 escape '!') and (cast($2 as integer) = -1 or status = $2)
  and id > $3 order by id limit $4;

-- name: subscriber_count
select count(*) from subscriber where cast($1 as integer) = -1 or status = $1;

-- name: subscription_put
insert into subscription (newsletter_id, subscriber_id, status, since, left_at) values ($1, $2, $3, $4, $5)
on conflict (newsletter_id, subscriber_id) do update set
  since = case when subscription.status = 1 and excluded.status = 1 then subscription.since else excluded.since end,
  status = excluded.status, left_at = excluded.left_at;

-- name: subscription_of
select newsletter_id, subscriber_id, status, since, left_at, attachment from subscription where subscriber_id = $1
order by newsletter_id;

-- name: subscription_set_attachment
update subscription set attachment = $3 where newsletter_id = $1 and subscriber_id = $2;

-- name: subscription_count
select count(*) from subscription join subscriber on subscriber.id = subscription.subscriber_id
where subscription.newsletter_id = $1 and subscription.status = 1 and subscriber.status = 1;

-- name: subscriber_section_clear
delete from subscriber_section where subscriber_id = $1;

-- name: subscriber_section_insert
insert into subscriber_section (subscriber_id, section_id)
select cast($1 as bigint), section.id from section where section.id = $2
on conflict (subscriber_id, section_id) do nothing;

-- name: subscriber_section_of
select section_id from subscriber_section where subscriber_id = $1 order by section_id;

-- name: consent_wording_put
insert into consent_wording (hash, wording) values ($1, $2)
on conflict (hash) do update set hash = excluded.hash returning id;

-- name: consent_insert
insert into consent (subscriber_id, kind, at, newsletters, wording_id, terms_version, privacy_version, page, network_hash)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id;

-- name: consent_of
select consent.id, consent.subscriber_id, consent.kind, consent.at, consent.newsletters,
  coalesce(consent_wording.wording, ''), consent.page, consent.network_hash, consent.terms_version,
  consent.privacy_version
from consent left join consent_wording on consent_wording.id = consent.wording_id
where consent.subscriber_id = $1 order by consent.id;

-- name: policy_get
select kind, version, title, body, published_at from policy
where kind = $1 and (cast($2 as integer) = 0 or version = $2) order by version desc limit 1;

-- name: policy_list
select kind, version, title, body, published_at from policy where kind = $1 order by version desc;

-- name: policy_insert
insert into policy (kind, version, title, body, published_at) values ($1, $2, $3, $4, $5);

-- name: subscriber_lift
update subscriber set status = case when confirmed_at <> 0 then 1 else 0 end, soft_bounces = 0, soft_since = 0
where id = $1 and status = 2;

-- $3: 1 begins a new row of failures.
-- name: subscriber_count_soft
update subscriber set
  soft_since = case when cast($3 as integer) = 1 or soft_bounces = 0 then cast($2 as bigint) else soft_since end,
  soft_bounces = case when cast($3 as integer) = 1 then 1 else soft_bounces + 1 end
where id = $1 returning soft_bounces, soft_since;

-- Complaints (1), erasure (2) and what people decided (3) are stronger than a bounce (0) or an import (4).
-- name: subscriber_suppress
update subscriber set status = 2 where id = $1 returning address_key;

-- Erased stands over complained, that over a person's decision, that over bounced, that over imported.
-- part: suppression_is_stronger
case excluded.reason when 2 then 4 when 1 then 3 when 3 then 2 when 0 then 1 else 0 end
  >= case suppression.reason when 2 then 4 when 1 then 3 when 3 then 2 when 0 then 1 else 0 end

-- name: suppression_put
insert into suppression (address_hash, reason, at, note) values ($1, $2, $3, $4)
on conflict (address_hash) do update set reason = excluded.reason, at = excluded.at, note = excluded.note
where @suppression_is_stronger@;

-- name: suppression_get
select reason from suppression where address_hash = $1;

-- name: suppression_remove
delete from suppression where address_hash = $1;

-- name: suppression_all
select address_hash, reason, at, note from suppression order by address_hash;

-- name: rate_count
insert into rate_count (scope, key, period, count) values ($1, $2, $3, 1)
on conflict (scope, key, period) do update set count = rate_count.count + 1 returning count;

-- name: rate_get
select count from rate_count where scope = $1 and key = $2 and period = $3;

-- name: rate_forget
delete from rate_count where period < $1;

-- name: bounce_insert
insert into bounce (digest, received_at, way, kind, mailing_id, subscriber_id, address_hash, status, reason)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (digest) do nothing;

-- name: bounce_list
select id, digest, received_at, way, kind, mailing_id, subscriber_id, address_hash, status, reason from bounce
where cast($1 as bigint) = 0 or subscriber_id = $1 order by received_at desc, id desc limit $2 offset $3;

-- name: bounce_has
select count(*) from bounce where subscriber_id = $1 and subscriber_id <> 0 and mailing_id = $2 and kind = $3;

-- Between the mailing that came back softly before $2, and $2.
-- name: bounce_got_through
select count(*) from (
  select delivery.mailing_id from mailing
    join delivery on delivery.mailing_id = mailing.id and delivery.subscriber_id = $1
  where mailing.id > (select coalesce(max(mailing_id), $2) from bounce
      where subscriber_id = $1 and subscriber_id <> 0 and kind = 1 and mailing_id < $2 and mailing_id <> 0)
    and mailing.id < $2 and delivery.state = 3
  limit 1) as through;

-- name: suppression_detail
select reason, at, note from suppression where address_hash = $1;
