-- Opens and clicks, only of readers who agreed to their being counted.

-- name: activity_seen
update subscriber set active_at = $1 where id = $2 and tracking = 1;

-- name: activity_count
insert into mailing_activity (mailing_id, subscriber_id, kind, number, first_at, count)
values ($1, $2, $3, $4, $5, 1)
on conflict (mailing_id, subscriber_id, kind, number) do update set count = mailing_activity.count + 1;
