-- What came of mailings, counted once and kept: a million deliveries are not counted for each look.

-- name: mailing_result_put
insert into mailing_result (mailing_id, computed_at, bounced, complained, left_count, counted, opened, clicked)
values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (mailing_id) do update set computed_at = excluded.computed_at, bounced = excluded.bounced,
  complained = excluded.complained, left_count = excluded.left_count, counted = excluded.counted,
  opened = excluded.opened, clicked = excluded.clicked;

-- part: mailing_result_columns
mailing.id, mailing.newsletter_id, mailing.subject, mailing.frozen_at, mailing.planned,
  coalesce(mailing_result.computed_at, 0), coalesce(mailing_result.bounced, 0),
  coalesce(mailing_result.complained, 0), coalesce(mailing_result.left_count, 0),
  coalesce(mailing_result.counted, 0), coalesce(mailing_result.opened, 0), coalesce(mailing_result.clicked, 0),
  coalesce((select sum(count) from mailing_count where mailing_id = mailing.id and state = 3), 0),
  coalesce((select sum(count) from mailing_count where mailing_id = mailing.id and state = 5), 0),
  coalesce((select sum(count) from mailing_count where mailing_id = mailing.id and state in (0, 1, 2, 4, 6, 8)), 0)

-- Newest first; a newsletter of 0 stands for all.
-- name: mailing_result_list
select @mailing_result_columns@
from mailing left join mailing_result on mailing_result.mailing_id = mailing.id
where mailing.frozen_at > 0 order by mailing.frozen_at desc, mailing.id desc limit $1;

-- name: mailing_result_list_of
select @mailing_result_columns@
from mailing left join mailing_result on mailing_result.mailing_id = mailing.id
where mailing.newsletter_id = $1 and mailing.frozen_at > 0
order by mailing.frozen_at desc, mailing.id desc limit $2;

-- name: mailing_result_since
select @mailing_result_columns@
from mailing left join mailing_result on mailing_result.mailing_id = mailing.id
where mailing.frozen_at > $1 order by mailing.frozen_at desc, mailing.id desc limit 2000;
