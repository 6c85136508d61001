-- Mailings, their stories, their frozen content, and whom they reach.

-- part: mailing_columns
mailing.id, mailing.public_id, mailing.newsletter_id, mailing.occasion, mailing.state, mailing.state_reason,
  mailing.lane, mailing.uncertain, mailing.subject, mailing.preheader, mailing.introduction, mailing.segment_id,
  mailing.requested_by, mailing.approved_by, mailing.created_at, mailing.due_at, mailing.latest_at,
  mailing.frozen_at, mailing.finished_at, mailing.frozen_through, mailing.planned, mailing.audience

-- name: mailing_get
select @mailing_columns@ from mailing where id = $1;

-- name: mailing_get_by_public_id
select @mailing_columns@ from mailing where public_id = $1;

-- name: mailing_get_by_occasion
select @mailing_columns@ from mailing where occasion = $1;

-- name: mailing_insert
insert into mailing (public_id, newsletter_id, occasion, state, state_reason, lane, uncertain, subject, preheader,
  introduction, segment_id, requested_by, approved_by, created_at, due_at, latest_at, frozen_at, finished_at,
  frozen_through, planned, audience)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
returning id;

-- name: mailing_update
update mailing set state = $2, state_reason = $3, lane = $4, uncertain = $5, subject = $6, preheader = $7,
  introduction = $8, segment_id = $9, requested_by = $10, approved_by = $11, due_at = $12, latest_at = $13,
  frozen_at = $14, finished_at = $15
where id = $1 and state = $16
-- postgres:
returning pg_notify('broadsheet_change', '')
-- both:
;

-- A state of -1 and a newsletter of 0 stand for all.
-- name: mailing_list
select @mailing_columns@ from mailing
where (cast($1 as bigint) = 0 or newsletter_id = $1) and (cast($2 as integer) = -1 or state = $2)
order by created_at desc, id desc limit $3 offset $4;

-- name: mailing_due
select @mailing_columns@ from mailing where state = 2 and due_at <= $1 order by due_at, id;

-- name: mailing_next_due
select coalesce(min(due_at), 0) from mailing where state = 2;

-- Ready, or begun, whatever became of it but cancelled.
-- name: mailing_count_since
select count(*) from mailing where newsletter_id = $1 and state in (2, 3, 4, 5, 6) and created_at >= $2;

-- name: mailing_archive
select @mailing_columns@ from mailing
where state in (3, 4, 6) and frozen_at > 0 and audience <= 1 and (cast($1 as bigint) = 0 or newsletter_id = $1)
order by due_at desc, id desc limit $2 offset $3;

-- Held until the transaction ends, so that counts and states of one mailing are moved by one at a time.
-- name: mailing_lock
-- sqlite:
select newsletter_id, state, uncertain from mailing where id = $1;
-- postgres:
select newsletter_id, state, uncertain from mailing where id = $1 for no key update;
-- both:

-- What dispatch has to look after: being sent; cancelled, with something that was still leased then.
-- name: mailing_active
select @mailing_columns@ from mailing
where state = 3 or (state = 7 and exists (select 1 from mailing_count
  where mailing_count.mailing_id = mailing.id and mailing_count.state in (0, 1, 4) and mailing_count.count > 0))
order by lane desc, due_at, id;

-- Done when all is frozen and nothing is left that could still be sent.
-- name: mailing_finish
update mailing set state = 6, finished_at = $2, state_reason = ''
where id = $1 and state = 3 and frozen_through = -1
  and not exists (select 1 from mailing_count
    where mailing_count.mailing_id = $1 and mailing_count.state in (0, 1, 2, 4) and mailing_count.count > 0);

-- name: mailing_stop
update mailing set state = 5, state_reason = $2 where id = $1 and state = 3;

-- name: mailing_stories_clear
delete from mailing_story where mailing_id = $1;

-- name: mailing_story_insert
insert into mailing_story (mailing_id, position, newsletter_id, story_id)
select id, cast($2 as integer), newsletter_id, cast($3 as bigint) from mailing where id = $1;

-- name: mailing_stories
select story_id from mailing_story where mailing_id = $1 order by position;

-- name: mailing_sent_stories
select distinct mailing_story.story_id from mailing_story join mailing on mailing.id = mailing_story.mailing_id
where mailing_story.newsletter_id = $1 and mailing.state not in (7, 8)
  and (mailing.segment_id is null or mailing.segment_id = $3)
-- sqlite:
  and mailing_story.story_id in (select value from json_each('[' || $2 || ']'));
-- postgres:
  and mailing_story.story_id = any(cast(string_to_array($2, ',') as bigint[]));
-- both:

-- When the stories of the newest one to these readers were chosen.
-- name: mailing_last_composed
select coalesce(max(created_at), 0) from mailing
where newsletter_id = $1 and state not in (7, 8) and (segment_id is null or segment_id = $2);

-- name: mailing_content_put
insert into mailing_content (mailing_id, form, page, envelope_sender) values ($1, $2, $3, $4)
on conflict (mailing_id) do update set form = excluded.form, page = excluded.page,
  envelope_sender = excluded.envelope_sender;

-- name: mailing_content_get
select form, page, envelope_sender from mailing_content where mailing_id = $1;

-- name: mailing_links_clear
delete from mailing_link where mailing_id = $1;

-- name: mailing_link_insert
insert into mailing_link (mailing_id, number, url) values ($1, $2, $3);

-- name: mailing_link_get
select url from mailing_link where mailing_id = $1 and number = $2;

-- $1 newsletter, $2 now, $3 sections and $4 newsletters as ",a,b,", $5 signed up since, $6 before, $7 active since.
-- part: recipient_joins
subscription join subscriber on subscriber.id = subscription.subscriber_id

-- part: recipient_rules
subscription.newsletter_id = $1 and subscription.status = 1 and subscriber.status = 1
  and subscriber.paused_until <= $2 and subscription.since <= $2
  and subscriber.confirmed_at >= $5 and subscriber.confirmed_at < $6 and subscriber.active_at >= $7
  and (cast($3 as text) = '' or exists (select 1 from subscriber_section
    join section on section.id = subscriber_section.section_id
    where subscriber_section.subscriber_id = subscription.subscriber_id
      and cast($3 as text) like '%,' || section.slug || ',%'))
  and (cast($4 as text) = '' or exists (select 1 from subscription as other
    join newsletter on newsletter.id = other.newsletter_id
    where other.subscriber_id = subscription.subscriber_id and other.status = 1
      and cast($4 as text) like '%,' || newsletter.slug || ',%'))

-- name: mailing_count_recipients
select count(*) from @recipient_joins@ where @recipient_rules@
  and (cast($8 as integer) = 0 or subscription.attachment = $8 - 1);

-- $8 mailing, $9 due, $10 with names, $11 zones as a JSON object of instants, $12 after, $13 limit,
-- $14 audience.
-- name: mailing_freeze
-- sqlite:
with zone (name, due_at) as materialized (select key, value from json_each($11))
insert into delivery (mailing_id, subscriber_id, state, due_at, name)
select cast($8 as bigint), subscription.subscriber_id, 0, coalesce(zone.due_at, $9),
  case when $10 = 1 then subscriber.name else '' end
from @recipient_joins@ left join zone on zone.name = subscriber.zone_name
where subscription.subscriber_id > $12 and @recipient_rules@
  and (cast($14 as integer) = 0 or subscription.attachment = $14 - 1)
order by subscription.subscriber_id limit $13;
-- postgres:
with zone (name, due_at) as materialized
  (select key, cast(value as bigint) from json_each_text(cast($11 as json)))
insert into delivery (mailing_id, subscriber_id, state, due_at, name)
select cast($8 as bigint), subscription.subscriber_id, 0, coalesce(zone.due_at, $9),
  case when cast($10 as integer) = 1 then subscriber.name else '' end
from @recipient_joins@ left join zone on zone.name = subscriber.zone_name
where subscription.subscriber_id > $12 and @recipient_rules@
  and (cast($14 as integer) = 0 or subscription.attachment = $14 - 1)
order by subscription.subscriber_id limit $13;
-- both:

-- name: mailing_newest_recipient
select coalesce(max(subscriber_id), 0) from delivery where mailing_id = $1;

-- name: mailing_frozen_through
select frozen_through from mailing where id = $1;

-- name: mailing_freeze_note
update mailing set frozen_through = $2, planned = planned + $3 where id = $1
-- postgres:
returning pg_notify('broadsheet_change', '')
-- both:
;

-- name: mailing_zones
select distinct subscriber.zone_name from @recipient_joins@
where subscription.newsletter_id = $1 and subscription.status = 1 and subscriber.status = 1
  and subscriber.zone_name <> ''
order by 1;

-- name: mailing_counts
select state, count from mailing_count where mailing_id = $1;

-- name: mailing_planned
select planned from mailing where id = $1;

-- name: mailing_count_add
insert into mailing_count (mailing_id, state, count) values ($1, $2, $3)
on conflict (mailing_id, state) do update set count = mailing_count.count + excluded.count;
