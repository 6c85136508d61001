-- Newsletters and segments.

-- part: newsletter_columns
id, slug, name, description, kind, position, offered, sender_name, sender_address, reply_to, language, zone_name,
  send_minute, send_days, local_hour, approval, template, introduction, story_limit, section_ids, daily_cap,
  uncertain, lateness_minutes, tracking, active, created_at

-- name: newsletter_get
select @newsletter_columns@ from newsletter where id = $1;

-- name: newsletter_get_by_slug
select @newsletter_columns@ from newsletter where slug = $1;

-- name: newsletter_list
select @newsletter_columns@ from newsletter order by position, id;

-- name: newsletter_put
insert into newsletter (slug, name, description, kind, position, offered, sender_name, sender_address, reply_to,
  language, zone_name, send_minute, send_days, local_hour, approval, template, introduction, story_limit,
  section_ids, daily_cap, uncertain, lateness_minutes, tracking, active, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25)
on conflict (slug) do update set name = excluded.name, description = excluded.description, kind = excluded.kind,
  position = excluded.position, offered = excluded.offered, sender_name = excluded.sender_name,
  sender_address = excluded.sender_address, reply_to = excluded.reply_to, language = excluded.language,
  zone_name = excluded.zone_name, send_minute = excluded.send_minute, send_days = excluded.send_days,
  local_hour = excluded.local_hour, approval = excluded.approval, template = excluded.template,
  introduction = excluded.introduction, story_limit = excluded.story_limit, section_ids = excluded.section_ids,
  daily_cap = excluded.daily_cap, uncertain = excluded.uncertain, lateness_minutes = excluded.lateness_minutes,
  tracking = excluded.tracking, active = excluded.active, created_at = excluded.created_at
returning id;

-- part: segment_columns
id, slug, name, rules, created_at

-- name: segment_get
select @segment_columns@ from segment where id = $1;

-- name: segment_get_by_slug
select @segment_columns@ from segment where slug = $1;

-- name: segment_list
select @segment_columns@ from segment order by name, id;

-- name: segment_put
insert into segment (slug, name, rules, created_at) values ($1, $2, $3, $4)
on conflict (slug) do update set name = excluded.name, rules = excluded.rules returning id;

-- name: segment_forget
update mailing set segment_id = null where segment_id = $1 and (frozen_through = -1 or state in (6, 7, 8));

-- name: segment_remove
delete from segment where id = $1;

-- name: newsletter_offered
select count(*) from newsletter where active = 1 and offered = 1;
