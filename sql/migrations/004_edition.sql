-- The edition: the newspaper laid out once a day. Forward only; one transaction. Instants are
-- microseconds since 1970 (UTC), 0 for none; days are 20261123 in the edition's zone. Enumerations:
-- model/edition.h.

-- One row: how the newspaper wants its editions.
create table edition_setting (
  id integer primary key check (id = 1),
  active integer not null,
  make_minute integer not null,           -- of the local day: 330 is 05:30
  days integer not null,                  -- bit 0 Monday … bit 6 Sunday
  zone_name text not null,                -- '' the newspaper's
  formats integer not null,               -- bit n: EditionFormat n
  pages integer not null,                 -- 0: as many as the stories need
  first_look_minutes integer not null,    -- to the public so long after the subscribers
  story_limit integer not null,
  attach_megabytes integer not null       -- a larger file is not attached to mail
);
insert into edition_setting (id, active, make_minute, days, zone_name, formats, pages, first_look_minutes,
  story_limit, attach_megabytes) values (1, 1, 330, 127, '', 1, 0, 0, 60, 7);

create table edition (
  day integer primary key,                -- 20261123
  number bigint not null unique,          -- as the masthead shows it
  state integer not null,                 -- EditionState
  reason text not null default '',        -- why it failed
  attempts integer not null default 0,    -- since it was last made
  due_at bigint not null,
  made_at bigint not null default 0,
  public_at bigint not null default 0,    -- when everybody may see it
  retry_at bigint not null default 0,     -- failed: when it is tried again; 0 never by itself
  formats integer not null default 0,
  pages integer not null default 0,       -- of the first format
  claimed_until bigint not null default 0 -- a process is making it, and has so long for it
);
create index edition_state on edition (state, public_at);

-- What stood in it, in the order of the pages.
create table edition_story (
  day integer not null references edition (day) on delete cascade,
  position integer not null,
  story_id bigint not null references story (id) on delete cascade,
  weight integer not null,                -- model/story.h: FrontWeight
  page integer not null default 0,        -- where it begins, in the first format
  primary key (day, position)
);
create index edition_story_story on edition_story (story_id);

-- An editor wants a story on a page, or in a place of it. May be there before the edition is.
create table edition_pin (
  day integer not null,
  story_id bigint not null references story (id) on delete cascade,
  page integer not null,
  place integer not null default 0,       -- 0: where it fits on that page
  primary key (day, story_id)
);
create index edition_pin_story on edition_pin (story_id);

-- Its files in the data folder, by content.
create table edition_file (
  day integer not null references edition (day) on delete cascade,
  kind integer not null,                  -- EditionFileKind
  format integer not null,                -- EditionFormat; 0 for what has none
  page integer not null,                  -- pictures of pages: from 1; else 0
  width integer not null default 0,
  height integer not null default 0,
  media_type text not null,
  hash text not null,                     -- first 40 hex digits of SHA-256
  byte_count bigint not null,
  primary key (day, kind, format, page)
);
create index edition_file_hash on edition_file (hash);

-- Where everything stands on its pages, and what the scorecard measured.
create table edition_model (
  day integer not null references edition (day) on delete cascade,
  format integer not null,
  model text not null,                    -- model/edition_pages.h
  score text not null default '',
  primary key (day, format)
);

-- Subscribers may have the edition's file attached (model/newsletter.h: AttachmentChoice). Each choice is a
-- mailing of its own, since each is another message.
alter table subscription add column attachment integer not null default 0;
alter table mailing add column audience integer not null default 0; -- 0 all; else the choice + 1
