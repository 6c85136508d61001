-- Readers on their way out (store/subscriber_export_rows.c), in steps by id.

-- $1 status or -1, $2 after, $3 limit, $4 newsletter or 0, $5 sections and $6 newsletters as ",a,b,", $7 signed up
-- since, $8 before, $9 active since: the last five as in mailing.sql's recipient_rules.
-- name: subscriber_export
-- sqlite:
select id, address, name, language, zone_name, status, paused_until, created_at, confirmed_at, active_at, tracking,
  coalesce((select group_concat(newsletter.slug || ' ' || cast(subscription.status as text) || ' ' || cast(subscription.left_at as text), ',')
    from subscription join newsletter on newsletter.id = subscription.newsletter_id
    where subscription.subscriber_id = subscriber.id), ''),
  coalesce((select group_concat(section.slug, ',') from subscriber_section join section on section.id = subscriber_section.section_id
    where subscriber_section.subscriber_id = subscriber.id), '')
-- postgres:
select id, address, name, language, zone_name, status, paused_until, created_at, confirmed_at, active_at, tracking,
  coalesce((select string_agg(newsletter.slug || ' ' || cast(subscription.status as text) || ' ' || cast(subscription.left_at as text), ',')
    from subscription join newsletter on newsletter.id = subscription.newsletter_id
    where subscription.subscriber_id = subscriber.id), ''),
  coalesce((select string_agg(section.slug, ',') from subscriber_section join section on section.id = subscriber_section.section_id
    where subscriber_section.subscriber_id = subscriber.id), '')
-- both:
from subscriber
where id > $2 and (cast($1 as integer) = -1 or status = $1)
  and (cast($4 as bigint) = 0 or (status = 1 and exists (select 1 from subscription
    where subscription.newsletter_id = $4 and subscription.subscriber_id = subscriber.id and subscription.status = 1)))
  and confirmed_at >= $7 and confirmed_at < $8 and active_at >= $9
  and (cast($5 as text) = '' or exists (select 1 from subscriber_section
    join section on section.id = subscriber_section.section_id
    where subscriber_section.subscriber_id = subscriber.id and cast($5 as text) like '%,' || section.slug || ',%'))
  and (cast($6 as text) = '' or exists (select 1 from subscription as other
    join newsletter on newsletter.id = other.newsletter_id
    where other.subscriber_id = subscriber.id and other.status = 1 and cast($6 as text) like '%,' || newsletter.slug || ',%'))
order by id limit $3;
