-- Settings, the site revision, redirects.
-- A statement begins with "-- name: NAME" and is called by QUERY_NAME. $1, $2 … are its
-- parameters on both engines. Where the engines differ, "-- sqlite:" and "-- postgres:" stand together.

-- name: setting_all
select key, value from setting order by key;

-- name: setting_put
insert into setting (key, value) values ($1, $2)
on conflict (key) do update set value = excluded.value;

-- name: site_revision_get
select revision, changed_at from site_revision where id = 1;

-- name: site_revision_bump
update site_revision set revision = revision + 1, changed_at = $1 where id = 1 returning revision;
