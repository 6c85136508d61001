-- Readers as the newsroom looks at them: lists by keys, counts by day. A million answer like a hundred.

-- name: look_subscribers
select @subscriber_columns@ from subscriber
where id < $2 and (cast($1 as integer) = -1 or status = $1) order by id desc limit $3;

-- name: look_subscribers_of_status
select @subscriber_columns@ from subscriber where status = $1 and id < $2 order by id desc limit $3;

-- name: look_subscribers_of_newsletter
select @subscriber_columns@ from subscriber where id in (
  select subscriber_id from subscription where newsletter_id = $1 and status = 1 and subscriber_id < $2
  order by subscriber_id desc limit $3)
order by id desc;

-- An address by its beginning, in the order of addresses.
-- name: look_subscribers_by_address
select @subscriber_columns@ from subscriber
where address_key >= $1 and address_key < $2 and address_key > $3 order by address_key limit $4;

-- A name by its beginning; in the order of bytes, as the range is made.
-- name: look_subscribers_by_name
-- sqlite:
select @subscriber_columns@ from subscriber
where name <> '' and lower(name) >= $1 and lower(name) < $2 order by lower(name), id limit $3;
-- postgres:
select @subscriber_columns@ from subscriber
where name <> '' and lower(name) collate "C" >= $1 and lower(name) collate "C" < $2
order by lower(name) collate "C", id limit $3;
-- both:

-- name: look_joined
select confirmed_at / 86400000000, count(*) from subscriber where confirmed_at >= $1 group by 1 order by 1;

-- name: look_left
select left_at / 86400000000, count(distinct subscriber_id) from subscription
where left_at >= $1 and left_at <> 0 and (cast($2 as bigint) = 0 or newsletter_id = $2) group by 1 order by 1;

-- name: look_joined_newsletter
select since / 86400000000, count(*) from subscription
where newsletter_id = $2 and since >= $1 and status <> 0 group by 1 order by 1;

-- name: look_suppressed
select at / 86400000000, count(*) from suppression where at >= $1 group by 1 order by 1;

-- name: look_suppression
select reason, at, note from suppression where address_hash = $1;
