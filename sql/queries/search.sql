-- Readers' words. $1 is made by store/search_rows.c from words alone; nothing of the engines' query
-- languages comes through from the reader.

-- name: search_put
-- sqlite:
insert into story_search (rowid, headline, standfirst, body) values ($1, $2, $3, $4);
-- postgres:
insert into story_search (story_id, words) values ($1,
  setweight(to_tsvector(cast(cast($5 as text) as regconfig), $2), 'A') ||
  setweight(to_tsvector(cast(cast($5 as text) as regconfig), $3), 'B') ||
  setweight(to_tsvector(cast(cast($5 as text) as regconfig), $4), 'C'))
on conflict (story_id) do update set words = excluded.words;
-- both:

-- name: sqlite_search_remove
-- sqlite:
insert into story_search (story_search, rowid, headline, standfirst, body) values ('delete', $1, $2, $3, $4);
-- both:

-- name: postgres_search_remove
-- postgres:
delete from story_search where story_id = $1;
-- both:

-- name: search_count
-- sqlite:
select count(*) from (select 1 from story_search where story_search match $1 limit $2);
-- postgres:
select count(*) from (
  select 1 from story_search
  where words @@ (to_tsquery(cast(cast($3 as text) as regconfig), $1) || to_tsquery('simple', $1)) limit $2) as found;
-- both:

-- The newest $2 that match, the best of them first, newest of equal rank first.
-- name: search_page
-- sqlite:
select story_id from (
  select rowid as story_id, story_rank(story_search) as score
  from story_search where story_search match $1 order by rowid desc limit $2)
order by score desc, story_id desc limit $3 offset $4;
-- postgres:
select story_id from (
  select story_id, round(cast(ts_rank(words, query) as numeric), 2) as score
  from story_search, (select to_tsquery(cast(cast($5 as text) as regconfig), $1) || to_tsquery('simple', $1) as query) as asked
  where words @@ query order by story_id desc limit $2) as found
order by score desc, story_id desc limit $3 offset $4;
-- both:
