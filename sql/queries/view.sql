-- Page views: counts alone. Kinds: newsroom/views.h.

-- name: view_add
insert into view_count (kind, period, noun_id, referrer, views) values ($1, $2, $3, $4, $5)
on conflict (kind, period, noun_id, referrer) do update set views = view_count.views + excluded.views;

-- name: view_forget
delete from view_count where kind >= 10 and period < $1;

-- name: view_by_period
select period, sum(views) from view_count where kind = $1 and noun_id = $2 and period >= $3 and period <= $4
group by period order by period;

-- name: view_top_nouns
select noun_id, sum(views) from view_count where kind = $1 and period >= $2 and period <= $3
group by noun_id order by 2 desc, 1 limit $4;

-- name: view_top_referrers
select referrer, sum(views) from view_count where kind = $1 and noun_id = $2 and period >= $3 and period <= $4
group by referrer order by 2 desc, 1 limit $5;
