-- Taking over many readers at once (store/subscriber_load_rows.c). `known`: 0 new here; 1 + the status of who is here;
-- -1 left out, for the address is suppressed; -2 left out, for the reader has left everything. `wanted`, `unwanted`,
-- `sections`: a bit each. `suppress`: 0 no, 1 the address bounced, 2 its reader complained.

-- Nobody signs up or confirms meanwhile; what only reads goes on.
-- name: postgres_subscriber_load_lock
-- postgres:
lock table subscriber in share row exclusive mode;
-- both:

-- name: subscriber_load_clear
-- sqlite:
delete from subscriber_load;
-- postgres:
truncate subscriber_load;
-- both:

-- SQLite's numbers are given by the writer, PostgreSQL's by the sequence.
-- name: sqlite_subscriber_sequence
-- sqlite:
select coalesce((select seq from sqlite_sequence where name = 'subscriber'), 0);
-- both:

-- name: subscriber_load_row
-- sqlite:
insert into subscriber_load (line, address_key, address, name, language, zone_name, address_hash, confirmed_at, paused_until,
  wanted, unwanted, sections, left_at, suppress, wanted_slugs, unwanted_slugs, subscriber_id)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17);
-- postgres:
copy subscriber_load (line, address_key, address, name, language, zone_name, address_hash, confirmed_at, paused_until,
  wanted, unwanted, sections, left_at, suppress, wanted_slugs, unwanted_slugs) from stdin;
-- both:

-- name: suppression_any
select count(*) from (select 1 from suppression limit 1) as one;

-- name: subscriber_load_any_known
select count(*) from (select 1 from subscriber where address_key >= $1 and address_key <= $2 limit 1) as one;

-- name: subscriber_load_find_suppressed
update subscriber_load set known = -1
where suppress = 0 and exists (select 1 from suppression where suppression.address_hash = subscriber_load.address_hash);

-- name: subscriber_load_find_known
update subscriber_load set subscriber_id = one.id,
  known = case when suppress = 0 and (known = -1 or one.status = 2) then -1 else 1 + one.status end
from subscriber as one
where one.address_key >= $1 and one.address_key <= $2 and one.address_key = subscriber_load.address_key;

-- name: subscriber_load_find_left
update subscriber_load set known = -2
where known > 0 and wanted <> 0 and suppress = 0
  and exists (select 1 from subscription as one where one.subscriber_id = subscriber_load.subscriber_id and one.status = 2)
  and not exists (select 1 from subscription as one where one.subscriber_id = subscriber_load.subscriber_id and one.status <> 2);

-- Who is here keeps what they said; what is empty is filled in.
-- name: subscriber_load_fill_in
update subscriber set
  name = case when subscriber.name = '' then load.name else subscriber.name end,
  language = case when subscriber.language = '' then load.language else subscriber.language end,
  zone_name = case when subscriber.zone_name = '' then load.zone_name else subscriber.zone_name end,
  confirmed_at = case when subscriber.confirmed_at = 0 then load.confirmed_at else subscriber.confirmed_at end,
  status = case when subscriber.status = 0 then 1 else subscriber.status end
from subscriber_load as load
where load.known > 0 and load.wanted <> 0 and load.suppress = 0 and subscriber.id = load.subscriber_id
  and ((subscriber.name = '' and load.name <> '') or (subscriber.language = '' and load.language <> '')
    or (subscriber.zone_name = '' and load.zone_name <> '') or subscriber.status = 0);

-- name: subscriber_load_close_known
update subscriber set status = 2
from subscriber_load as load where load.known > 0 and load.suppress > 0 and subscriber.id = load.subscriber_id;

-- name: subscriber_load_insert
insert into subscriber (id, address, address_key, name, language, zone_name, status, paused_until, created_at, confirmed_at)
select subscriber_id, address, address_key, name, language, zone_name, 1, paused_until, $1, confirmed_at
from subscriber_load where known = 0 and suppress = 0 and (wanted <> 0 or unwanted <> 0) order by address_key;

-- $1 newsletter, $2 its bit, $3 now. Who left it stays away.
-- name: subscriber_load_subscribe
insert into subscription (newsletter_id, subscriber_id, status, since, left_at)
select cast($1 as bigint), subscriber_id, 1, cast($3 as bigint), 0
from subscriber_load where known >= 0 and suppress = 0 and (wanted & cast($2 as bigint)) <> 0 order by address_key
on conflict (newsletter_id, subscriber_id) do update set status = 1, since = excluded.since
where subscription.status = 0;

-- An unsubscription that is older than the reader's own decision changes nothing.
-- name: subscriber_load_unsubscribe
insert into subscription (newsletter_id, subscriber_id, status, since, left_at)
select cast($1 as bigint), subscriber_id, 2, cast($3 as bigint), left_at
from subscriber_load where known >= 0 and suppress = 0 and (unwanted & cast($2 as bigint)) <> 0 order by address_key
on conflict (newsletter_id, subscriber_id) do update set status = 2, since = excluded.since, left_at = excluded.left_at
where subscription.status <> 2 and subscription.since <= excluded.left_at;

-- $1 section, $2 its bit.
-- name: subscriber_load_section
insert into subscriber_section (subscriber_id, section_id)
select subscriber_id, cast($1 as bigint)
from subscriber_load where known >= 0 and suppress = 0 and wanted <> 0 and (sections & cast($2 as bigint)) <> 0
order by address_key
on conflict (subscriber_id, section_id) do nothing;

-- $1 now, $2 where it came from, $3 the wording's id. Those who are here: only if something was added.
-- name: subscriber_load_consent
insert into consent (subscriber_id, kind, at, newsletters, wording_id, page)
select subscriber_id, 2, cast($1 as bigint), wanted_slugs, cast($3 as bigint), $2
from subscriber_load where wanted <> 0 and suppress = 0 and (known = 0 or (known > 0 and exists (
  select 1 from subscription as one where one.subscriber_id = subscriber_load.subscriber_id
    and one.since = cast($1 as bigint) and one.status = 1)))
order by address_key;

-- name: subscriber_load_withdrawal
insert into consent (subscriber_id, kind, at, newsletters, page)
select subscriber_id, 4, cast($1 as bigint), unwanted_slugs, $2
from subscriber_load where unwanted <> 0 and suppress = 0 and known >= 0 and exists (
  select 1 from subscription as one where one.subscriber_id = subscriber_load.subscriber_id
    and one.since = cast($1 as bigint) and one.status = 2)
order by address_key;

-- $1 now, $2 the note. Stronger reasons stay, as in suppression_put.
-- name: subscriber_load_suppress
insert into suppression (address_hash, reason, at, note)
select address_hash, suppress - 1, cast($1 as bigint), $2 from subscriber_load where suppress > 0
on conflict (address_hash) do update set reason = excluded.reason, at = excluded.at, note = excluded.note
where @suppression_is_stronger@;

-- name: subscriber_load_report
select count(*) filter (where known = 0 and suppress = 0 and wanted <> 0),
  count(*) filter (where known > 0 and suppress = 0 and wanted <> 0),
  count(*) filter (where known >= 0 and suppress = 0 and wanted = 0 and unwanted <> 0),
  count(*) filter (where suppress > 0),
  count(*) filter (where known < 0 and wanted <> 0)
from subscriber_load;

-- name: subscriber_load_left_out
select line, address, known from subscriber_load where known < 0 and wanted <> 0 order by line;
