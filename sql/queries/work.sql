-- Stories as the newsroom works on them.

-- part: work_state_columns
story.stage, story.has_changes, story.saved_at, story.saved_by, story.owner_id, story.embargo_until,
  story.version, story.published_version, story.seen_revision

-- part: work_summary_columns
story.id, story.headline, story.slug, story.kicker, story.byline_names, story.status, story.scheduled_for,
  story.published_at, story.created_at, story.word_count, coalesce(section.id, 0), section.slug, section.name,
  coalesce(story_lock.staff_id, 0), story_lock.since, story_lock.expires_at, story_lock.holder,
  (select count(*) from story_note where story_note.story_id = story.id and story_note.resolved_at = 0),
  @work_state_columns@, @image_columns@

-- part: work_joins
left join section on section.id = story.section_id left join image on image.id = story.hero_image_id
  left join story_lock on story_lock.story_id = story.id

-- What every list also filters by: $4 stage or -1, $5 status or -1, $6 section or 0, $7 owner or 0, $8 changed or 0,
-- $9 the reader's own person and $10 author, or 0 for everybody's.
-- part: work_filter
(story.saved_at < $1 or (story.saved_at = $1 and story.id < $2))
  and ($4 < 0 or story.stage = $4) and ($5 < 0 or story.status = $5)
  and ($6 = 0 or story.section_id = $6) and ($7 = 0 or story.owner_id = $7) and ($8 = 0 or story.has_changes = 1)
  and ($9 = 0 or story.owner_id = $9 or exists (select 1 from story_byline
    where story_byline.story_id = story.id and story_byline.author_id = $10))

-- name: work_state
select @work_state_columns@ from story where story.id = $1;

-- name: work_state_put
update story set stage = $1, has_changes = $2, saved_at = $3, saved_by = $4, owner_id = $5, embargo_until = $6,
  version = $7, published_version = $8, seen_revision = $9 where id = $10;

-- The indexes' orders are given, so that no engine sorts a million.
-- name: work_list
select @work_summary_columns@ from story @work_joins@
where story.saved_at <= $1 and @work_filter@
order by story.saved_at desc, story.id desc limit $3;

-- name: work_list_stage
select @work_summary_columns@ from story @work_joins@
where story.stage = $11 and story.saved_at <= $1 and @work_filter@
order by story.saved_at desc, story.id desc limit $3;

-- name: work_list_status
select @work_summary_columns@ from story @work_joins@
where story.status = $11 and story.saved_at <= $1 and @work_filter@
order by story.saved_at desc, story.id desc limit $3;

-- name: work_list_section
select @work_summary_columns@ from story @work_joins@
where story.section_id = $11 and story.saved_at <= $1 and @work_filter@
order by story.saved_at desc, story.id desc limit $3;

-- name: work_list_owner
select @work_summary_columns@ from story @work_joins@
where story.owner_id = $11 and story.saved_at <= $1 and @work_filter@
order by story.saved_at desc, story.id desc limit $3;

-- name: work_list_changed
select @work_summary_columns@ from story @work_joins@
where story.has_changes = 1 and story.saved_at <= $1 and @work_filter@
order by story.saved_at desc, story.id desc limit $3;

-- An author's stories, newest first, by the index of bylines. $1 is not looked at; $2 the id to go on before.
-- name: work_list_author
select @work_summary_columns@ from (
  select distinct story_id from story_byline where author_id = $11 and story_id < $2
  order by story_id desc limit 5000) as found
join story on story.id = found.story_id @work_joins@
where (cast($1 as bigint) >= 0) and ($4 < 0 or story.stage = $4) and ($5 < 0 or story.status = $5)
  and ($6 = 0 or story.section_id = $6) and ($7 = 0 or story.owner_id = $7) and ($8 = 0 or story.has_changes = 1)
  and ($9 = 0 or $10 >= 0)
order by story.id desc limit $3;

-- What is one's own: owned, or signed.
-- name: work_list_own
select @work_summary_columns@ from (
  select id as story_id from story where owner_id = $9
  union select story_id from story_byline where author_id = $10) as found
join story on story.id = found.story_id @work_joins@
where @work_filter@
order by story.saved_at desc, story.id desc limit $3;

-- name: work_list_ids
select @work_summary_columns@ from story @work_joins@
-- sqlite:
where story.id in (select value from json_each('[' || $1 || ']'));
-- postgres:
where story.id = any(cast(string_to_array($1, ',') as bigint[]));
-- both:

-- Unpublished stories are few, and in no search index.
-- name: work_find
-- sqlite:
select id from story where status in (0, 1, 3) and lower(headline) like $1 escape '!' order by saved_at desc limit $2;
-- postgres:
select id from story where status in (0, 1, 3) and lower(headline) like $1 escape '!' order by saved_at desc limit $2;
-- both:

-- name: work_is_own
select count(*) from story where id = $1 and (owner_id = $2 or exists (
  select 1 from story_byline where story_byline.story_id = story.id and story_byline.author_id = $3));

-- name: work_count_stage
select count(*) from (select 1 from story where stage = $1 limit 10000) as counted;

-- name: work_scheduled
select @work_summary_columns@ from story @work_joins@
where story.status = 1 order by story.scheduled_for, story.id limit $1;

-- name: work_version_insert
insert into story_version (story_id, number, kind, saved_at, staff_id, note, headline, word_count, words_added,
  words_removed, was_published, content) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12);

-- part: work_version_columns
story_id, number, kind, saved_at, staff_id, note, headline, word_count, words_added, words_removed, was_published

-- name: work_version_get
select @work_version_columns@, content from story_version where story_id = $1 and number = $2;

-- name: work_version_list
select @work_version_columns@ from story_version where story_id = $1 and number < $2 order by number desc limit $3;

-- name: work_version_mark
update story_version set was_published = 1 where story_id = $1 and number = $2;

-- Autosaves that are older than $1, but not the newest of a story nor one of an hour's end: thinned.
-- name: work_version_thin
delete from story_version where kind = 3 and saved_at < $1 and was_published = 0
  and number < (select version from story where story.id = story_version.story_id)
  and exists (select 1 from story_version as later where later.story_id = story_version.story_id
    and later.number > story_version.number and later.staff_id = story_version.staff_id
    and later.saved_at < story_version.saved_at + 3600000000);

-- name: work_lock_get
select story_id, staff_id, since, expires_at, holder from story_lock where story_id = $1 and expires_at > $2;

-- name: work_lock_put
insert into story_lock (story_id, staff_id, since, expires_at, holder) values ($1, $2, $3, $4, $5)
on conflict (story_id) do update set staff_id = excluded.staff_id, since = excluded.since,
  expires_at = excluded.expires_at, holder = excluded.holder;

-- name: work_lock_remove
delete from story_lock where story_id = $1 and holder = $2;

-- name: work_note_insert
insert into story_note (story_id, staff_id, created_at, body, passage, prefix, reply_to)
values ($1, $2, $3, $4, $5, $6, $7) returning id;

-- part: work_note_columns
id, story_id, staff_id, created_at, body, passage, prefix, reply_to, resolved_by, resolved_at

-- name: work_note_list
select @work_note_columns@ from story_note where story_id = $1 order by id limit 1000;

-- name: work_note_get
select @work_note_columns@ from story_note where story_id = $1 and id = $2;

-- name: work_note_update
update story_note set body = $1, resolved_by = $2, resolved_at = $3 where id = $4;

-- name: work_note_remove
delete from story_note where id = $1 or reply_to = $1;

-- name: work_note_open
select count(*) from story_note where story_id = $1 and resolved_at = 0;

-- name: work_remove_story
delete from story where id = $1 and status in (0, 1) and published_at = 0;

-- name: work_mailings
select distinct mailing_id from mailing_story where story_id = $1 order by mailing_id desc limit 50;

-- name: story_topic_by_ids
-- sqlite:
select id, slug, name, description from topic where id in (select value from json_each('[' || $1 || ']'));
-- postgres:
select id, slug, name, description from topic where id = any(cast(string_to_array($1, ',') as bigint[]));
-- both:
