-- The paper: stories and all that readers see. Forward only; one transaction.
-- @id@ becomes each engine's own generated key; lines between "-- sqlite:" or "-- postgres:"
-- and "-- both:" are that engine's alone. Instants are microseconds since 1970 (UTC), 0 for none.

create table setting (
  key text primary key,
  value text not null
);

-- One row. Goes up in the same transaction as every change that readers can see.
create table site_revision (
  id integer primary key check (id = 1),
  revision bigint not null,
  changed_at bigint not null
);
insert into site_revision (id, revision, changed_at) values (1, 1, 0);

create table image (
  id @id@,
  hash text unique,                 -- null while the picture can't be had
  format integer not null default 0,
  width integer not null default 0,
  height integer not null default 0,
  byte_count bigint not null default 0,
  progressive integer not null default 0,
  alt text not null default '',
  caption text not null default '',
  credit text not null default '',
  rights text not null default '',
  focal_x integer not null default 5000,
  focal_y integer not null default 5000,
  crop_16x9 text not null default '',   -- x0y0w1280h720, '' for around the focal point
  crop_4x3 text not null default '',
  crop_3x2 text not null default '',
  crop_1x1 text not null default '',
  source_url text unique,
  created_at bigint not null
);

create table section (
  id @id@,
  slug text not null unique,
  name text not null,
  description text not null default '',
  position integer not null default 0
);

create table topic (
  id @id@,
  slug text not null unique,
  name text not null,
  description text not null default ''
);

create table author (
  id @id@,
  slug text not null unique,
  name text not null,
  role text not null default '',
  bio text not null default '',
  image_id bigint references image (id)
);

create table story (
  id @id@,
  slug text not null,
  headline text not null,
  standfirst text not null default '',
  kicker text not null default '',
  dateline text not null default '',
  language text not null default '',
  section_id bigint references section (id),
  byline_names text not null default '',   -- joined by newlines, kept with story_byline for lists
  hero_image_id bigint references image (id),
  hero_caption text not null default '',
  hero_credit text not null default '',
  status integer not null default 0,       -- model/story.h: StoryStatus
  scheduled_for bigint not null default 0,
  published_at bigint not null default 0,
  updated_at bigint not null default 0,
  created_at bigint not null,
  revision bigint not null default 1,
  word_count integer not null default 0,
  seo_title text not null default '',
  seo_description text not null default '',
  source_key text unique,
  content_hash text,
  body text not null default ''             -- last: lists never read past it into overflow pages
);
create index story_scheduled on story (scheduled_for) where status = 1;
create index story_status on story (status, created_at desc, id desc);
create index story_hero on story (hero_image_id) where hero_image_id is not null;
create index story_created on story (created_at desc, id desc);

create table story_revision (
  story_id bigint not null references story (id) on delete cascade,
  number bigint not null,
  saved_at bigint not null,
  headline text not null,
  standfirst text not null,
  body text not null,
  note text not null default '',
  primary key (story_id, number)
);

create table story_byline (
  story_id bigint not null references story (id) on delete cascade,
  position integer not null,
  author_id bigint not null references author (id),
  role text not null default '',
  primary key (story_id, position)
);
create index story_byline_author on story_byline (author_id);

create table story_topic (
  story_id bigint not null references story (id) on delete cascade,
  position integer not null,
  topic_id bigint not null references topic (id),
  primary key (story_id, position)
);
create index story_topic_topic on story_topic (topic_id);

create table story_image (
  story_id bigint not null references story (id) on delete cascade,
  position integer not null,
  image_id bigint not null references image (id),
  primary key (story_id, position)
);
create index story_image_image on story_image (image_id);

create table correction (
  id @id@,
  story_id bigint not null references story (id) on delete cascade,
  corrected_at bigint not null,
  wrong text not null,
  "right" text not null
);
create index correction_story on correction (story_id, corrected_at desc);
create index correction_time on correction (corrected_at desc, id desc);

-- Every published story in every list that it stands in (model/story.h: ListingKind), by its day in the
-- newspaper's zone. The day is kept, so that leaving a list takes from the day that was counted.
create table listing_entry (
  kind integer not null,
  list_id bigint not null,
  day integer not null,                              -- 20261123
  published_at bigint not null,
  story_id bigint not null references story (id) on delete cascade,
  primary key (kind, list_id, day, published_at, story_id)
-- sqlite:
) without rowid;
-- postgres:
);
-- both:
create index listing_entry_story on listing_entry (story_id);

-- How many stories a list has in a period: 20261123 a day, 202611 a month, 0 all. What makes
-- page 10,000 as fast as page 1, and the archive.
create table listing_count (
  kind integer not null,
  list_id bigint not null,
  period integer not null,
  stories bigint not null,
  primary key (kind, list_id, period)
-- sqlite:
) without rowid;
-- postgres:
);
-- both:

create table front (
  section_id bigint primary key,                     -- 0: the front page, else a section's
  updated_at bigint not null default 0
);
create table front_slot (
  section_id bigint not null references front (section_id) on delete cascade,
  position integer not null,
  story_id bigint not null references story (id) on delete cascade,
  weight integer not null,                           -- model/story.h: FrontWeight
  primary key (section_id, position),
  unique (section_id, story_id)
);

create table redirect (
  path text primary key,
  target text not null,
  status integer not null default 301,               -- 301, 302, 307, 308; 410 with target ''
  created_at bigint not null
);

-- Search over published stories; kept in the transaction that publishes, changes or withdraws.
-- The text is what store/search_rows.c makes of a story (link targets left out); on SQLite nothing but
-- the index is kept, and it is fed the same text again to forget a story.
-- sqlite:
create virtual table story_search using fts5 (
  headline, standfirst, body,
  content='', columnsize=0, tokenize='unicode61 remove_diacritics 2'
);
-- Gathers more in memory before it writes, and merges less often: a bulk import is twice as fast.
insert into story_search (story_search, rank) values ('hashsize', 4194304);
insert into story_search (story_search, rank) values ('automerge', 8);
-- postgres:
create table story_search (
  story_id bigint primary key references story (id) on delete cascade,
  words tsvector not null
);
create index story_search_words on story_search using gin (words);
-- both:
