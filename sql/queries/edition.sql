-- Editions, what stood in them, their files, pins and settings.

-- part: edition_columns
edition.day, edition.number, edition.state, edition.reason, edition.attempts, edition.due_at, edition.made_at,
  edition.public_at, edition.retry_at, edition.formats, edition.pages

-- name: edition_get
select @edition_columns@ from edition where day = $1;

-- The newest before a day that was made.
-- name: edition_before
select @edition_columns@ from edition where day < $1 and state in (1, 3) order by day desc limit 1;

-- name: edition_after
select @edition_columns@ from edition where day > $1 and state = 3 order by day limit 1;

-- A number is given once; whoever comes second finds the row.
-- name: edition_insert
insert into edition (day, number, state, due_at)
select cast($1 as integer), coalesce(max(number), 0) + 1, 0, cast($2 as bigint) from edition
where true
on conflict (day) do nothing;

-- Only one process makes an edition; one that died has had its time when claimed_until is past.
-- name: edition_claim
update edition set claimed_until = $2, attempts = attempts + 1
where day = $1 and claimed_until <= $3;

-- Whoever works on it holds it longer; nobody else's.
-- name: edition_renew
update edition set claimed_until = $3 where day = $1 and claimed_until = $2;

-- Ends the claim that was made until then; nobody else's.
-- name: edition_finish
update edition set state = $3, reason = $4, made_at = $5, public_at = $6, retry_at = $7, formats = $8, pages = $9,
  attempts = $10, claimed_until = 0
where day = $1 and claimed_until = $2;

-- name: edition_publish
update edition set state = 3, public_at = $2 where day = $1 and state = 1;

-- name: edition_due_public
select day from edition where state = 1 and public_at <= $1 order by day;

-- name: edition_next_public
select coalesce(min(public_at), 0) from edition where state = 1;

-- A state of -1 stands for all.
-- name: edition_list
select @edition_columns@ from edition where cast($1 as integer) = -1 or state = $1
order by day desc limit $2 offset $3;

-- name: edition_count
select count(*) from edition where state = 3;

-- name: edition_next_number
select coalesce(max(number), 0) + 1 from edition;

-- name: edition_stories
select story_id, weight, page from edition_story where day = $1 order by position;

-- name: edition_stories_clear
delete from edition_story where day = $1;

-- name: edition_story_insert
insert into edition_story (day, position, story_id, weight, page) values ($1, $2, $3, $4, $5);

-- Of the stories, those that an earlier edition has had.
-- name: edition_had_stories
select distinct edition_story.story_id from edition_story join edition on edition.day = edition_story.day
where edition_story.day < $1 and edition.state in (1, 3)
-- sqlite:
  and edition_story.story_id in (select value from json_each('[' || $2 || ']'));
-- postgres:
  and edition_story.story_id = any(cast(string_to_array($2, ',') as bigint[]));
-- both:

-- name: edition_pins
select story_id, page, place from edition_pin where day = $1 order by page, place, story_id;

-- name: edition_pin_put
insert into edition_pin (day, story_id, page, place) values ($1, $2, $3, $4)
on conflict (day, story_id) do update set page = excluded.page, place = excluded.place;

-- name: edition_pin_remove
delete from edition_pin where day = $1 and story_id = $2;

-- part: edition_file_columns
day, kind, format, page, width, height, media_type, hash, byte_count

-- name: edition_files
select @edition_file_columns@ from edition_file where day = $1 order by kind, format, page;

-- name: edition_file_by_hash
select @edition_file_columns@ from edition_file where day = $1 and hash = $2 order by kind, format, page limit 1;

-- Page 1 of each of the days, in the format that the web shows.
-- name: edition_covers
select @edition_file_columns@ from edition_file
where kind = 2 and page = 1
-- sqlite:
  and day in (select value from json_each('[' || $1 || ']'))
-- postgres:
  and day = any(cast(string_to_array($1, ',') as integer[]))
-- both:
order by day desc, format;

-- name: edition_files_clear
delete from edition_file where day = $1;

-- name: edition_file_insert
insert into edition_file (day, kind, format, page, width, height, media_type, hash, byte_count)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: edition_model_get
select model, score from edition_model where day = $1 and format = $2;

-- name: edition_models_clear
delete from edition_model where day = $1;

-- name: edition_model_insert
insert into edition_model (day, format, model, score) values ($1, $2, $3, $4);

-- name: edition_setting_get
select active, make_minute, days, zone_name, formats, pages, first_look_minutes, story_limit, attach_megabytes
from edition_setting where id = 1;

-- name: edition_setting_put
update edition_setting set active = $1, make_minute = $2, days = $3, zone_name = $4, formats = $5, pages = $6,
  first_look_minutes = $7, story_limit = $8, attach_megabytes = $9
where id = 1;

-- Corrections of stories that an edition has had, made after an instant, newest first.
-- name: edition_corrections
select correction.id, correction.story_id, correction.corrected_at, correction.wrong, correction."right",
  story.headline, story.slug, coalesce(section.slug, '')
from correction join story on story.id = correction.story_id left join section on section.id = story.section_id
where correction.corrected_at > $1 and correction.corrected_at <= $2 and story.status = 2
order by correction.corrected_at desc, correction.id desc limit $3;
