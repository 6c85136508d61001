-- All rows of every table in a form that both engines write and read (store/dump.c), for backups. The
-- order of columns is that of the loads. Search is not among them: it is made anew. PostgreSQL's client
-- holds a whole result in memory, so there each dump_* is a cursor that postgres_dump_fetch reads piece by piece.

-- name: postgres_dump_fetch
-- postgres:
fetch forward 500 from dump;
-- both:

-- name: postgres_dump_close
-- postgres:
close dump;
-- both:

-- name: dump_setting
-- postgres:
declare dump no scroll cursor for
-- both:
select key, value from setting order by key;

-- name: load_setting
insert into setting (key, value) values ($1, $2);

-- name: empty_setting
delete from setting;

-- name: count_setting
select count(*) from setting;

-- name: dump_site_revision
-- postgres:
declare dump no scroll cursor for
-- both:
select id, revision, changed_at from site_revision order by id;

-- name: load_site_revision
insert into site_revision (id, revision, changed_at) values ($1, $2, $3);

-- name: empty_site_revision
delete from site_revision;

-- name: count_site_revision
select count(*) from site_revision;

-- name: dump_image
-- postgres:
declare dump no scroll cursor for
-- both:
select id, hash, format, width, height, byte_count, progressive, alt, caption, credit, rights,
  focal_x, focal_y, crop_16x9, crop_4x3, crop_3x2, crop_1x1, source_url, created_at from image order
  by id;

-- name: load_image
insert into image (id, hash, format, width, height, byte_count, progressive, alt, caption, credit,
  rights, focal_x, focal_y, crop_16x9, crop_4x3, crop_3x2, crop_1x1, source_url, created_at) values
  ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19);

-- name: empty_image
delete from image;

-- name: count_image
select count(*) from image;

-- name: restart_image
-- sqlite:
select 1;
-- postgres:
select setval(pg_get_serial_sequence('image', 'id'), coalesce((select max(id) from image), 0) + 1, false);
-- both:

-- name: dump_section
-- postgres:
declare dump no scroll cursor for
-- both:
select id, slug, name, description, position from section order by id;

-- name: load_section
insert into section (id, slug, name, description, position) values ($1, $2, $3, $4, $5);

-- name: empty_section
delete from section;

-- name: count_section
select count(*) from section;

-- name: restart_section
-- sqlite:
select 1;
-- postgres:
select setval(pg_get_serial_sequence('section', 'id'), coalesce((select max(id) from section), 0) + 1, false);
-- both:

-- name: dump_topic
-- postgres:
declare dump no scroll cursor for
-- both:
select id, slug, name, description from topic order by id;

-- name: load_topic
insert into topic (id, slug, name, description) values ($1, $2, $3, $4);

-- name: empty_topic
delete from topic;

-- name: count_topic
select count(*) from topic;

-- name: restart_topic
-- sqlite:
select 1;
-- postgres:
select setval(pg_get_serial_sequence('topic', 'id'), coalesce((select max(id) from topic), 0) + 1, false);
-- both:

-- name: dump_author
-- postgres:
declare dump no scroll cursor for
-- both:
select id, slug, name, role, bio, image_id from author order by id;

-- name: load_author
insert into author (id, slug, name, role, bio, image_id) values ($1, $2, $3, $4, $5, $6);

-- name: empty_author
delete from author;

-- name: count_author
select count(*) from author;

-- name: restart_author
-- sqlite:
select 1;
-- postgres:
select setval(pg_get_serial_sequence('author', 'id'), coalesce((select max(id) from author), 0) + 1, false);
-- both:

-- name: dump_story
-- postgres:
declare dump no scroll cursor for
-- both:
select id, slug, headline, standfirst, kicker, dateline, language, section_id, byline_names,
  hero_image_id, hero_caption, hero_credit, status, scheduled_for, published_at, updated_at,
  created_at, revision, word_count, seo_title, seo_description, source_key, content_hash, body from
  story order by id;

-- name: load_story
insert into story (id, slug, headline, standfirst, kicker, dateline, language, section_id,
  byline_names, hero_image_id, hero_caption, hero_credit, status, scheduled_for, published_at,
  updated_at, created_at, revision, word_count, seo_title, seo_description, source_key,
  content_hash, body) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
  $17, $18, $19, $20, $21, $22, $23, $24);

-- name: empty_story
delete from story;

-- name: count_story
select count(*) from story;

-- name: restart_story
-- sqlite:
select 1;
-- postgres:
select setval(pg_get_serial_sequence('story', 'id'), coalesce((select max(id) from story), 0) + 1, false);
-- both:

-- name: dump_story_revision
-- postgres:
declare dump no scroll cursor for
-- both:
select story_id, number, saved_at, headline, standfirst, body, note from story_revision order by
  story_id, number;

-- name: load_story_revision
insert into story_revision (story_id, number, saved_at, headline, standfirst, body, note) values
  ($1, $2, $3, $4, $5, $6, $7);

-- name: empty_story_revision
delete from story_revision;

-- name: count_story_revision
select count(*) from story_revision;

-- name: dump_story_byline
-- postgres:
declare dump no scroll cursor for
-- both:
select story_id, position, author_id, role from story_byline order by story_id, position;

-- name: load_story_byline
insert into story_byline (story_id, position, author_id, role) values ($1, $2, $3, $4);

-- name: empty_story_byline
delete from story_byline;

-- name: count_story_byline
select count(*) from story_byline;

-- name: dump_story_topic
-- postgres:
declare dump no scroll cursor for
-- both:
select story_id, position, topic_id from story_topic order by story_id, position;

-- name: load_story_topic
insert into story_topic (story_id, position, topic_id) values ($1, $2, $3);

-- name: empty_story_topic
delete from story_topic;

-- name: count_story_topic
select count(*) from story_topic;

-- name: dump_story_image
-- postgres:
declare dump no scroll cursor for
-- both:
select story_id, position, image_id from story_image order by story_id, position;

-- name: load_story_image
insert into story_image (story_id, position, image_id) values ($1, $2, $3);

-- name: empty_story_image
delete from story_image;

-- name: count_story_image
select count(*) from story_image;

-- name: dump_correction
-- postgres:
declare dump no scroll cursor for
-- both:
select id, story_id, corrected_at, wrong, "right" from correction order by id;

-- name: load_correction
insert into correction (id, story_id, corrected_at, wrong, "right") values ($1, $2, $3, $4, $5);

-- name: empty_correction
delete from correction;

-- name: count_correction
select count(*) from correction;

-- name: restart_correction
-- sqlite:
select 1;
-- postgres:
select setval(pg_get_serial_sequence('correction', 'id'), coalesce((select max(id) from correction), 0) + 1, false);
-- both:

-- name: dump_listing_entry
-- postgres:
declare dump no scroll cursor for
-- both:
select kind, list_id, day, published_at, story_id from listing_entry order by kind, list_id, day,
  published_at, story_id;

-- name: load_listing_entry
insert into listing_entry (kind, list_id, day, published_at, story_id) values ($1, $2, $3, $4, $5);

-- name: empty_listing_entry
delete from listing_entry;

-- name: count_listing_entry
select count(*) from listing_entry;

-- name: dump_listing_count
-- postgres:
declare dump no scroll cursor for
-- both:
select kind, list_id, period, stories from listing_count order by kind, list_id, period;

-- name: load_listing_count
insert into listing_count (kind, list_id, period, stories) values ($1, $2, $3, $4);

-- name: empty_listing_count
delete from listing_count;

-- name: count_listing_count
select count(*) from listing_count;

-- name: dump_front
-- postgres:
declare dump no scroll cursor for
-- both:
select section_id, updated_at from front order by section_id;

-- name: load_front
insert into front (section_id, updated_at) values ($1, $2);

-- name: empty_front
delete from front;

-- name: count_front
select count(*) from front;

-- name: dump_front_slot
-- postgres:
declare dump no scroll cursor for
-- both:
select section_id, position, story_id, weight from front_slot order by section_id, position;

-- name: load_front_slot
insert into front_slot (section_id, position, story_id, weight) values ($1, $2, $3, $4);

-- name: empty_front_slot
delete from front_slot;

-- name: count_front_slot
select count(*) from front_slot;

-- name: dump_redirect
-- postgres:
declare dump no scroll cursor for
-- both:
select path, target, status, created_at from redirect order by path;

-- name: load_redirect
insert into redirect (path, target, status, created_at) values ($1, $2, $3, $4);

-- name: empty_redirect
delete from redirect;

-- name: count_redirect
select count(*) from redirect;

-- name: empty_story_search
-- sqlite:
insert into story_search (story_search) values ('delete-all');
-- postgres:
delete from story_search;
-- both:

-- What doctor asks the engine about the soundness of its own file.
-- name: doctor_soundness
-- sqlite:
pragma quick_check(1);
-- postgres:
select 'ok';
-- both:

-- name: doctor_newest_change
select changed_at from site_revision where id = 1;

-- name: dump_originals
select hash, format from image where hash is not null order by hash;

-- name: count_originals
select count(*) from image where hash is not null;

-- What the database itself says it holds, with the number of each table's columns.
-- name: dump_known_tables
-- sqlite:
select m.name, (select count(*) from pragma_table_info(m.name)) from sqlite_master as m
where m.type = 'table' and m.name not like 'sqlite!_%' escape '!' and m.name not like 'story!_search%' escape '!'
  and m.name <> 'schema_migration'
order by m.name;
-- postgres:
select table_name, count(*) from information_schema.columns
where table_schema = current_schema() and table_name not in ('story_search', 'schema_migration')
group by table_name order by table_name;
-- both:
