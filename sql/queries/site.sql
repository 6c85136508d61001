-- Settings, the site revision, sections, redirects.
-- A statement begins with "-- name: NAME" and is called by QUERY_NAME. $1, $2 … are its
-- parameters on both engines. Where the engines differ, "-- sqlite:" and "-- postgres:" stand together.

-- name: setting_all
select key, value from setting order by key;

-- name: setting_get
select value from setting where key = $1;

-- name: setting_put
insert into setting (key, value) values ($1, $2)
on conflict (key) do update set value = excluded.value;

-- name: site_revision_get
select revision, changed_at from site_revision where id = 1;

-- name: site_revision_bump
-- sqlite:
update site_revision set revision = revision + 1, changed_at = $1 where id = 1 returning revision;
-- postgres:
update site_revision set revision = revision + 1, changed_at = $1 where id = 1
returning revision, pg_notify('broadsheet_change', '');
-- both:

-- name: section_list
select id, slug, name, description, position from section order by position, name, id;

-- name: section_put
insert into section (slug, name, description, position) values ($1, $2, $3, $4)
on conflict (slug) do update set name = excluded.name, position = excluded.position,
  description = case when excluded.description = '' then section.description else excluded.description end
returning id;

-- name: redirect_get
select path, target, status from redirect where path = $1;

-- name: redirect_put
insert into redirect (path, target, status, created_at) values ($1, $2, $3, $4)
on conflict (path) do update set target = excluded.target, status = excluded.status;

-- name: section_remove
delete from section where id = $1;

-- name: section_count_stories
select count(*) from (select 1 from story where section_id = $1 limit 1) as found;
