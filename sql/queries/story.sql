-- Stories and all that hangs on them. Sets of ids come as one text: "3,14,15".

-- part: story_columns
story.id, story.slug, story.headline, story.standfirst, story.kicker, story.dateline, story.language,
  story.hero_caption, story.hero_credit, story.status, story.scheduled_for, story.published_at,
  story.updated_at, story.created_at, story.revision, story.word_count, story.seo_title,
  story.seo_description, story.source_key, story.content_hash,
  section.id, section.slug, section.name, section.description, section.position

-- part: story_joins
from story left join section on section.id = story.section_id left join image on image.id = story.hero_image_id

-- name: story_get
select @story_columns@, story.body, @image_columns@ @story_joins@ where story.id = $1;

-- name: story_get_by_source
select @story_columns@, story.body, @image_columns@ @story_joins@ where story.source_key = $1;

-- name: story_get_many
-- sqlite:
select @story_columns@, story.body, @image_columns@ @story_joins@
where story.id in (select value from json_each('[' || $1 || ']'));
-- postgres:
select @story_columns@, story.body, @image_columns@ @story_joins@
where story.id = any(cast(string_to_array($1, ',') as bigint[]));
-- both:

-- What hangs on stories, of many and of one: a set would cost a page a temporary table for each.
-- part: story_bylines_from
select story_byline.story_id, story_byline.role, @author_columns@, @image_columns@
from story_byline join author on author.id = story_byline.author_id
  left join image on image.id = author.image_id

-- part: story_topics_from
select story_topic.story_id, topic.id, topic.slug, topic.name, topic.description
from story_topic join topic on topic.id = story_topic.topic_id

-- part: story_images_from
select story_image.story_id, @image_columns@
from story_image join image on image.id = story_image.image_id

-- part: story_corrections_from
select story_id, id, corrected_at, wrong, "right" from correction

-- name: story_bylines
@story_bylines_from@
-- sqlite:
where story_byline.story_id in (select value from json_each('[' || $1 || ']'))
-- postgres:
where story_byline.story_id = any(cast(string_to_array($1, ',') as bigint[]))
-- both:
order by story_byline.story_id, story_byline.position;

-- name: story_bylines_of
@story_bylines_from@ where story_byline.story_id = $1 order by story_byline.position;

-- name: story_topics
@story_topics_from@
-- sqlite:
where story_topic.story_id in (select value from json_each('[' || $1 || ']'))
-- postgres:
where story_topic.story_id = any(cast(string_to_array($1, ',') as bigint[]))
-- both:
order by story_topic.story_id, story_topic.position;

-- name: story_topics_of
@story_topics_from@ where story_topic.story_id = $1 order by story_topic.position;

-- name: story_images
@story_images_from@
-- sqlite:
where story_image.story_id in (select value from json_each('[' || $1 || ']'))
-- postgres:
where story_image.story_id = any(cast(string_to_array($1, ',') as bigint[]))
-- both:
order by story_image.story_id, story_image.position;

-- name: story_images_of
@story_images_from@ where story_image.story_id = $1 order by story_image.position;

-- name: story_corrections
@story_corrections_from@
-- sqlite:
where story_id in (select value from json_each('[' || $1 || ']'))
-- postgres:
where story_id = any(cast(string_to_array($1, ',') as bigint[]))
-- both:
order by story_id, corrected_at desc, id desc;

-- name: story_corrections_of
@story_corrections_from@ where story_id = $1 order by corrected_at desc, id desc;

-- name: story_share
select story.share_title, story.share_description, @image_columns@
from story left join image on image.id = story.share_image_id where story.id = $1;

-- name: story_get_address
select story.id, story.status, story.slug, story.published_at, section.id, section.slug, section.name
from story left join section on section.id = story.section_id where story.id = $1;

-- name: story_insert
insert into story (slug, headline, standfirst, kicker, dateline, language, section_id, byline_names,
  hero_image_id, hero_caption, hero_credit, status, scheduled_for, published_at, updated_at, revision,
  word_count, seo_title, seo_description, source_key, content_hash, body, created_at, share_title,
  share_description, share_image_id, stage, saved_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
  $24, $25, $26, case when $12 = 2 then 3 else 0 end, $23);

-- The id that the insert before it made. Not "returning id": on SQLite that opens a savepoint for each
-- statement, at which FTS5 writes out all that it has gathered, and a bulk import slows to a fifth.
-- name: story_inserted_id
-- sqlite:
select last_insert_rowid();
-- postgres:
select lastval();
-- both:

-- name: story_update
update story set slug = $1, headline = $2, standfirst = $3, kicker = $4, dateline = $5, language = $6,
  section_id = $7, byline_names = $8, hero_image_id = $9, hero_caption = $10, hero_credit = $11,
  status = $12, scheduled_for = $13, published_at = $14, updated_at = $15, revision = $16,
  word_count = $17, seo_title = $18, seo_description = $19, source_key = $20, content_hash = $21, body = $22,
  share_title = $24, share_description = $25, share_image_id = $26,
  stage = case when has_changes = 1 then stage when $12 = 2 then 3 when stage = 3 then 0 else stage end
where id = $23;

-- What an update must know of the story that it replaces; nobody else changes it meanwhile.
-- name: story_lock
-- sqlite:
select status, revision, language, headline, standfirst, body from story where id = $1;
-- postgres:
select status, revision, language, headline, standfirst, body from story where id = $1 for update;
-- both:

-- name: story_revision_insert
insert into story_revision (story_id, number, saved_at, headline, standfirst, body, note)
values ($1, $2, $3, $4, $5, $6, $7);

-- name: story_revision_newest
select number, headline, standfirst, body from story_revision where story_id = $1 order by number desc limit 1;

-- name: story_revision_list
select number, saved_at, headline, standfirst, body, note from story_revision
where story_id = $1 order by number desc;

-- name: story_byline_insert
insert into story_byline (story_id, position, author_id, role) values ($1, $2, $3, $4);

-- name: story_byline_clear
delete from story_byline where story_id = $1;

-- name: story_topic_insert
insert into story_topic (story_id, position, topic_id) values ($1, $2, $3);

-- name: story_topic_clear
delete from story_topic where story_id = $1;

-- name: story_image_insert
insert into story_image (story_id, position, image_id) values ($1, $2, $3);

-- name: story_image_clear
delete from story_image where story_id = $1;

-- name: correction_insert
insert into correction (story_id, corrected_at, wrong, "right") values ($1, $2, $3, $4) returning id;

-- name: correction_list
select correction.id, correction.corrected_at, correction.wrong, correction."right", @teaser_columns@
from correction join story on story.id = correction.story_id
  left join section on section.id = story.section_id
  left join image on image.id = story.hero_image_id
where story.status = 2
order by correction.corrected_at desc, correction.id desc limit $1 offset $2;

-- An embargo that was set after the hour holds the story back.
-- name: story_due
select id from story where status = 1 and scheduled_for <= $1 and embargo_until <= $1 order by scheduled_for, id;

-- name: story_next_due
-- sqlite:
select coalesce(min(max(scheduled_for, embargo_until)), 0) from story where status = 1;
-- postgres:
select coalesce(min(greatest(scheduled_for, embargo_until)), 0) from story where status = 1;
-- both:

-- name: story_sitemap
select story.id, story.published_at, story.updated_at, story.slug, section.slug, story.headline, story.language
from story left join section on section.id = story.section_id
where story.id >= $1 and story.id < $2 and story.status = 2
order by story.id limit $3;

-- name: story_max_id
select coalesce(max(id), 0) from story;

-- name: story_list_any
select @story_columns@, @image_columns@ @story_joins@
where $1 = '' or section.slug = $1
order by story.created_at desc, story.id desc limit $2 offset $3;

-- name: story_list_any_status
select @story_columns@, @image_columns@ @story_joins@
where ($1 = '' or section.slug = $1) and story.status = $4
order by story.created_at desc, story.id desc limit $2 offset $3;
