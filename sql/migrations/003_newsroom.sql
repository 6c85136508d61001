-- The newsroom: its people and their keys, working copies of stories, drafts of fronts, page views,
-- imports, and whom else we tell. Forward only; one transaction. Instants are microseconds since 1970
-- (UTC), 0 for none. Enumerations: see model/staff.h, model/work.h and the use case that is named.

create table staff (
  id @id@,
  address text not null,                  -- as mail is sent to it
  address_key text not null unique,       -- model/mail_address.h: the rule of sameness
  name text not null,
  role integer not null,                  -- StaffRole
  state integer not null,                 -- StaffState
  author_id bigint references author (id) on delete set null,
  password_hash text not null default '', -- base/password.h; '' nobody can log in by it
  language text not null default '',
  preferences text not null default '{}', -- the user interface's own, JSON
  totp_secret text not null default '',   -- base 32
  totp_confirmed integer not null default 0,
  totp_step bigint not null default 0,    -- newest that was taken
  created_at bigint not null,
  active_at bigint not null default 0
);
-- One-time links by mail or from the first start. Only the hash is kept.
create table staff_link (
  token_hash text primary key,
  kind integer not null,                  -- StaffLinkKind
  staff_id bigint not null default 0,     -- 0: makes the owner
  created_at bigint not null,
  expires_at bigint not null
);
create index staff_link_staff on staff_link (staff_id, kind);
-- Addresses that a new password was asked for, until the scheduler has looked whose they are: the
-- answer, and how long it takes, tell nobody.
create table staff_request (
  id @id@,
  address_key text not null,
  requested_at bigint not null
);
create table staff_session (
  id @id@,
  token_hash text not null unique,
  staff_id bigint not null references staff (id) on delete cascade,
  state integer not null,                 -- StaffSessionState
  second_factor integer not null default 0,
  challenge text not null default '',     -- what a passkey is to sign, once
  attempts integer not null default 0,    -- at the second factor
  browser text not null default '',
  created_at bigint not null,
  active_at bigint not null,
  expires_at bigint not null
);
create index staff_session_staff on staff_session (staff_id);
create table passkey (
  id @id@,
  staff_id bigint not null references staff (id) on delete cascade,
  credential text not null unique,        -- base64url
  public_key text not null,               -- base64url of the SubjectPublicKeyInfo
  algorithm integer not null,
  counter bigint not null,
  name text not null,
  created_at bigint not null,
  used_at bigint not null default 0
);
create index passkey_staff on passkey (staff_id);
create table recovery_code (
  staff_id bigint not null references staff (id) on delete cascade,
  code_hash text not null,
  primary key (staff_id, code_hash)
);
create table api_token (
  id @id@,
  token_hash text not null unique,
  prefix text not null,
  name text not null,
  scopes text not null,                   -- names of permissions, joined by spaces
  staff_id bigint not null references staff (id) on delete cascade,
  created_at bigint not null,
  expires_at bigint not null default 0,
  used_at bigint not null default 0
);
-- Who did what that readers see, or that changes who may. Rows are added and never changed.
create table audit (
  id @id@,
  at bigint not null,
  staff_id bigint not null default 0,
  staff_name text not null default '',
  via text not null,                      -- session, "token NAME", command, schedule
  action text not null,                   -- story.publish …
  noun text not null,
  noun_id bigint not null default 0,
  says text not null
);
create index audit_noun on audit (noun, noun_id, id desc);
create index audit_staff on audit (staff_id, id desc);
create index audit_action on audit (action, id desc);

-- What the newsroom knows of a story beside what readers see. At the end of the row, so that reading
-- pages costs nothing for it.
alter table story add column stage integer not null default 0;          -- model/work.h: WorkStage
alter table story add column has_changes integer not null default 0;    -- published, and the working copy differs
alter table story add column saved_at bigint not null default 0;
alter table story add column saved_by bigint not null default 0;
alter table story add column owner_id bigint not null default 0;
alter table story add column embargo_until bigint not null default 0;
alter table story add column version bigint not null default 0;         -- newest of story_version; 0: the row is the working copy
alter table story add column published_version bigint not null default 0;
alter table story add column seen_revision bigint not null default 0;   -- story.revision when the newest version was made
alter table story add column share_title text not null default '';
alter table story add column share_description text not null default '';
alter table story add column share_image_id bigint not null default 0;
update story set stage = case when status = 2 then 3 else 0 end,
  saved_at = case when updated_at > created_at then updated_at else created_at end;
create index story_saved on story (saved_at desc, id desc);
create index story_stage on story (stage, saved_at desc, id desc);
create index story_status_saved on story (status, saved_at desc, id desc);
create index story_section_saved on story (section_id, saved_at desc, id desc);
create index story_owner_saved on story (owner_id, saved_at desc, id desc);
create index story_changed on story (saved_at desc, id desc) where has_changes = 1;
drop index story_byline_author;
create index story_byline_author on story_byline (author_id, story_id);

-- Everything that a story was, save by save; the newest is the working copy.
create table story_version (
  story_id bigint not null references story (id) on delete cascade,
  number bigint not null,
  kind integer not null,                  -- WorkKind
  saved_at bigint not null,
  staff_id bigint not null default 0,
  note text not null default '',
  headline text not null,
  word_count integer not null,
  words_added integer not null default 0,
  words_removed integer not null default 0,
  was_published integer not null default 0,
  content text not null,                  -- newsroom/work_content.h, JSON
  primary key (story_id, number)
);
create table story_lock (
  story_id bigint primary key references story (id) on delete cascade,
  staff_id bigint not null,
  holder text not null,                   -- of a session or a token: two windows of one person are one
  since bigint not null,
  expires_at bigint not null
);
create table story_note (
  id @id@,
  story_id bigint not null references story (id) on delete cascade,
  staff_id bigint not null,
  created_at bigint not null,
  body text not null,
  passage text not null default '',
  prefix text not null default '',
  reply_to bigint not null default 0,
  resolved_by bigint not null default 0,
  resolved_at bigint not null default 0
);
create index story_note_story on story_note (story_id, id);

alter table image add column uploaded_by bigint not null default 0;
create index image_time on image (id desc) where hash is not null;
create index author_image on author (image_id) where image_id is not null;
create index story_share_image on story (share_image_id) where share_image_id <> 0;

alter table front add column version bigint not null default 1;
alter table front add column updated_by bigint not null default 0;
-- Another day's front.
create table front_plan (
  id @id@,
  section_id bigint not null,
  name text not null,
  goes_live_at bigint not null default 0, -- 0: a draft
  slots text not null,                    -- "17:0 23:1": story and weight
  updated_at bigint not null,
  updated_by bigint not null default 0
);
create index front_plan_section on front_plan (section_id, id);
create index front_plan_due on front_plan (goes_live_at) where goes_live_at <> 0;
-- What was on a front before: for undo.
create table front_past (
  section_id bigint not null,
  version bigint not null,
  replaced_at bigint not null,
  staff_id bigint not null default 0,     -- who had made it
  slots text not null,
  primary key (section_id, version)
);

-- Page views: counts alone, no address, no cookie, no person. Periods: days (20261123) and, for half
-- an hour, minutes since 1970.
create table view_count (
  kind integer not null,                  -- newsroom/views.h: ViewKind
  period bigint not null,
  noun_id bigint not null,
  referrer text not null default '',
  views bigint not null,
  primary key (kind, period, noun_id, referrer)
-- sqlite:
) without rowid;
-- postgres:
);
-- both:
create index view_count_noun on view_count (kind, noun_id, period);

-- Readers: found by a word of the name; counted by day as they come and go.
-- sqlite:
create index subscriber_name on subscriber (lower(name), id) where name <> '';
-- postgres:
create index subscriber_name on subscriber ((lower(name)) collate "C", id) where name <> '';
-- both:
create index subscriber_status on subscriber (status, id);
create index subscription_since on subscription (newsletter_id, since);
create index subscription_left on subscription (left_at) where left_at <> 0;
create table subscriber_import (
  id @id@,
  state integer not null,                 -- model/subscriber_import.h
  file text not null default '',
  newsletters text not null default '',   -- slugs, joined by commas
  consent text not null default '',
  columns text not null default '',       -- what each is, joined by commas; '' as the headings say
  dry_run integer not null default 0,
  bytes bigint not null,
  done_bytes bigint not null default 0,
  row_count bigint not null default 0,
  created bigint not null default 0,
  known bigint not null default 0,
  subscribed bigint not null default 0,
  left_count bigint not null default 0,
  repeated bigint not null default 0,
  suppressed bigint not null default 0,
  refused bigint not null default 0,
  refusals text not null default '[]',    -- JSON: the first hundred
  reason text not null default '',
  staff_id bigint not null default 0,
  started_at bigint not null,
  finished_at bigint not null default 0
);


-- What came of a mailing, as it was counted last.
create table mailing_result (
  mailing_id bigint primary key references mailing (id) on delete cascade,
  computed_at bigint not null,
  bounced bigint not null,
  complained bigint not null,
  left_count bigint not null,             -- who left its newsletter within a week
  counted bigint not null,                -- whose opens and clicks may be counted
  opened bigint not null,
  clicked bigint not null
);
create index mailing_frozen on mailing (frozen_at desc, id desc) where frozen_at > 0;
create index mailing_newsletter_frozen on mailing (newsletter_id, frozen_at desc, id desc) where frozen_at > 0;
create index bounce_mailing on bounce (mailing_id, kind) where mailing_id <> 0;

-- Whom else we tell.
create table webhook (
  id @id@,
  url text not null,
  events text not null,                   -- names, joined by spaces
  secret text not null,
  active integer not null default 1,
  created_at bigint not null,
  last_status integer not null default -1, -- HTTP's; 0 no connection; -1 nothing was told yet
  last_at bigint not null default 0,
  failing_since bigint not null default 0
);
create table webhook_delivery (
  id @id@,
  webhook_id bigint not null references webhook (id) on delete cascade,
  event text not null,
  body text not null,
  created_at bigint not null,
  attempts integer not null default 0,
  state integer not null default 0,       -- 0 waiting, 1 delivered, 2 failed
  status integer not null default -1,
  next_at bigint not null,
  reason text not null default ''
);
create index webhook_delivery_due on webhook_delivery (next_at, id) where state = 0;
create index webhook_delivery_webhook on webhook_delivery (webhook_id, id desc);
