-- Opens and clicks, only of readers who agreed to their being counted.

-- name: activity_seen
update subscriber set active_at = $1 where id = $2 and tracking = 1;

-- name: activity_count
insert into mailing_activity (mailing_id, subscriber_id, kind, number, first_at, count)
values ($1, $2, $3, $4, $5, 1)
on conflict (mailing_id, subscriber_id, kind, number) do update set count = mailing_activity.count + 1;

-- One row. Opens are of kind 0, clicks of kind 1; a click without a counted open is one, too.
-- name: activity_results
select
  (select count(*) from bounce where mailing_id = $1 and kind in (0, 1)),
  (select count(*) from bounce where mailing_id = $1 and kind = 2),
  (select count(*) from subscription where newsletter_id = $2 and left_at >= $3 and left_at < $4),
  (select count(*) from delivery join subscriber on subscriber.id = delivery.subscriber_id
    where delivery.mailing_id = $1 and delivery.state = 3 and subscriber.tracking = 1),
  (select count(distinct subscriber_id) from mailing_activity where mailing_id = $1),
  (select count(distinct subscriber_id) from mailing_activity where mailing_id = $1 and kind = 1);

-- name: activity_links
select mailing_link.url, count(mailing_activity.subscriber_id), coalesce(sum(mailing_activity.count), 0)
from mailing_link left join mailing_activity on mailing_activity.mailing_id = mailing_link.mailing_id
  and mailing_activity.number = mailing_link.number and mailing_activity.kind = 1
where mailing_link.mailing_id = $1
group by mailing_link.number, mailing_link.url order by 2 desc, mailing_link.number limit 100;
