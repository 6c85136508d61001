-- The post: readers, what they asked for, what is sent to them, and what came of it. Forward only;
-- one transaction. Instants are microseconds since 1970 (UTC), 0 for none. Enumerations: see
-- model/subscriber.h, model/newsletter.h, model/mailing.h.

create table subscriber (
  id @id@,
  address text not null,                  -- as mail is sent to it
  -- model/mail_address.h: the rule of sameness. In the order of its bytes, for prefixes and ranges.
-- sqlite:
  address_key text not null unique,
-- postgres:
  address_key text collate "C" not null unique,
-- both:
  name text not null default '',
  language text not null default '',      -- '' the newspaper's
  zone_name text not null default '',     -- '' the newspaper's
  status integer not null,                -- SubscriberStatus
  paused_until bigint not null default 0,
  created_at bigint not null,
  confirmed_at bigint not null default 0,
  active_at bigint not null default 0,    -- newest open or click, only where the reader agreed to that
  tracking integer not null default 0,    -- the reader agreed to opens and clicks being counted
  soft_bounces integer not null default 0, -- since the last message that was not returned
  soft_since bigint not null default 0
);
create index subscriber_zone on subscriber (zone_name) where zone_name <> '';

-- postgres:
-- Where store/subscriber_load_rows gathers what it takes over in the same transaction; empty otherwise
-- and in no backup. SQLite's is a temporary table of the writing connection (connection.sql).
create unlogged table subscriber_load (
  line bigint not null,
  subscriber_id bigint not null default nextval('subscriber_id_seq'),
  address_key text collate "C" not null,
  address text not null,
  name text not null,
  language text not null,
  zone_name text not null,
  address_hash text not null,
  confirmed_at bigint not null,
  paused_until bigint not null,
  wanted bigint not null,
  unwanted bigint not null,
  sections bigint not null,
  left_at bigint not null,
  suppress integer not null,
  wanted_slugs text not null,
  unwanted_slugs text not null,
  known integer not null default 0
);
-- both:

create table newsletter (
  id @id@,
  slug text not null unique,
  name text not null,
  description text not null default '',
  kind integer not null,                  -- NewsletterKind
  position integer not null default 0,
  offered integer not null default 1,     -- stands in the sign-up form
  sender_name text not null default '',   -- '' the newspaper's name
  sender_address text not null default '', -- '' news@ the newspaper's domain
  reply_to text not null default '',
  language text not null default '',
  zone_name text not null default '',     -- '' the newspaper's
  send_minute integer not null default 390, -- of the day, local: 390 is 06:30
  send_days integer not null default 127, -- bit 0 Monday … bit 6 Sunday
  local_hour integer not null default 0,  -- at that hour in each reader's own zone
  approval integer not null default 0,    -- daily: held for an editor; breaking: a second person
  template text not null default '',      -- '' the kind's: themes/default/mail/<kind>.html
  introduction text not null default '',  -- Markdown, above the first story
  story_limit integer not null default 12,
  section_ids text not null default '',   -- '' all; else "3,7"
  daily_cap integer not null default 0,   -- breaking: alerts in 24 hours, 0 for no cap
  uncertain integer not null,             -- UncertainPolicy
  lateness_minutes integer not null default 720, -- later than that nothing is sent without asking
  tracking integer not null default 0,
  active integer not null default 1,
  created_at bigint not null
);

create table subscription (
  newsletter_id bigint not null references newsletter (id) on delete cascade,
  subscriber_id bigint not null references subscriber (id) on delete cascade,
  status integer not null,                -- SubscriptionStatus
  since bigint not null,
  left_at bigint not null default 0,
  primary key (newsletter_id, subscriber_id)
-- sqlite:
) without rowid;
-- postgres:
);
-- both:
create index subscription_subscriber on subscription (subscriber_id);

-- What readers are interested in, for segments.
create table subscriber_section (
  subscriber_id bigint not null references subscriber (id) on delete cascade,
  section_id bigint not null references section (id) on delete cascade,
  primary key (subscriber_id, section_id)
-- sqlite:
) without rowid;
-- postgres:
);
-- both:
create index subscriber_section_section on subscriber_section (section_id, subscriber_id);

-- The exact words that were agreed to, each once.
create table consent_wording (
  id @id@,
  hash text not null unique,              -- SHA-256
  wording text not null
);
-- The proof of consent: rows are added and never changed; they go only when the reader is erased.
create table consent (
  id @id@,
  subscriber_id bigint not null references subscriber (id) on delete cascade,
  kind integer not null,                  -- ConsentKind
  at bigint not null,
  newsletters text not null default '',   -- slugs, joined by commas
  wording_id bigint references consent_wording (id),
  terms_version integer not null default 0,
  privacy_version integer not null default 0,
  page text not null default '',          -- path of the page, or how it came ("import: fair 2026")
  network_hash text not null default ''   -- keyed hash of the address it came from
);
create index consent_subscriber on consent (subscriber_id, id);

-- Terms and privacy policy, versioned; a version never changes.
create table policy (
  kind integer not null,                  -- PolicyKind
  version integer not null,
  title text not null,
  body text not null,                     -- Markdown
  published_at bigint not null,
  primary key (kind, version)
);

-- Nobody on this list is written to. The address itself is not kept.
create table suppression (
  address_hash text primary key,          -- keyed hash of the address's key
  reason integer not null,                -- SuppressionReason
  at bigint not null,
  note text not null default ''           -- "550 5.1.1 …", "imported: old.csv"
-- sqlite:
) without rowid;
-- postgres:
);
-- both:

-- How often something happened in a period (sign-ups of an address, from a network, of all).
create table rate_count (
  scope text not null,                    -- "signup-address", "signup-network", "signup-all" …
  key text not null,                      -- a keyed hash, never an address
  period bigint not null,                 -- number of the period since 1970
  count bigint not null,
  primary key (scope, key, period)
-- sqlite:
) without rowid;
-- postgres:
);
-- both:
create index rate_count_period on rate_count (period);

create table segment (
  id @id@,
  slug text not null unique,
  name text not null,
  rules text not null,                    -- model/segment.h
  created_at bigint not null
);

-- One newsletter sent once.
create table mailing (
  id @id@,
  public_id text not null unique,         -- in the address of its page in the archive
  newsletter_id bigint not null references newsletter (id),
  occasion text not null unique,          -- "daily 3 20261123", "alert 3 17", "correction 3 17 5": never twice
  state integer not null,                 -- MailingState
  state_reason text not null default '',  -- why it is held, paused, stopped or skipped
  lane integer not null default 0,        -- MailingLane
  uncertain integer not null,             -- UncertainPolicy
  subject text not null default '',
  preheader text not null default '',
  introduction text not null default '',
  segment_id bigint references segment (id),
  requested_by text not null default '',
  approved_by text not null default '',
  created_at bigint not null,
  due_at bigint not null,                 -- when it is to start
  latest_at bigint not null,              -- not begun or gone on after this without asking
  frozen_at bigint not null default 0,    -- content and recipients are fixed; the messages' Date
  finished_at bigint not null default 0,
  frozen_through bigint not null default 0, -- newest subscriber that has a delivery; -1: the freeze is whole
  planned bigint not null default 0       -- recipients so far; all of them once the freeze is whole
);
create index mailing_state on mailing (state, due_at);
create index mailing_newsletter on mailing (newsletter_id, due_at desc, id desc);
create index mailing_time on mailing (created_at desc, id desc);

create table mailing_story (
  mailing_id bigint not null references mailing (id) on delete cascade,
  position integer not null,
  newsletter_id bigint not null,
  story_id bigint not null,
  primary key (mailing_id, position)
);
create index mailing_story_sent on mailing_story (newsletter_id, story_id);
create index mailing_story_story on mailing_story (story_id);

-- What is frozen: the message with its slots (mail/letter.h), and its page in the archive.
create table mailing_content (
  mailing_id bigint primary key references mailing (id) on delete cascade,
  form text not null,
  page text not null,                     -- the HTML part as the archive shows it
  envelope_sender text not null           -- "bounces@example.org"; the token goes before the '@' (VERP)
);
-- Where counted click links go: number in the message -> address.
create table mailing_link (
  mailing_id bigint not null references mailing (id) on delete cascade,
  number integer not null,
  url text not null,
  primary key (mailing_id, number)
);

-- How many deliveries are in each state; changed in the transaction that moves them, so that
-- planned = their sum at every moment.
create table mailing_count (
  mailing_id bigint not null references mailing (id) on delete cascade,
  state integer not null,                 -- DeliveryState
  count bigint not null,
  primary key (mailing_id, state)
-- sqlite:
) without rowid;
-- postgres:
);
-- both:

-- One mailing to one subscriber. The address is the subscriber's (whose consent is looked at again
-- when the delivery is claimed); the name is frozen. No reference to the subscriber, because an
-- erased reader's deliveries go on being counted.
create table delivery (
  mailing_id bigint not null,
  subscriber_id bigint not null,
  state integer not null,                 -- DeliveryState
  due_at bigint not null,
  attempts integer not null default 0,
  owner bigint not null default 0,        -- dispatcher that holds it
  name text not null default '',
  relay text not null default '',
  code integer not null default 0,        -- SMTP reply, 0 none
  status text not null default '',        -- "5.1.1"
  reason text not null default '',
  changed_at bigint not null default 0,
  tried_at bigint not null default 0,     -- first attempt: a deferral's age counts from it
  primary key (mailing_id, subscriber_id)
-- sqlite:
) without rowid;
-- postgres:
) with (fillfactor = 70);
-- both:
create index delivery_due on delivery (mailing_id, due_at, subscriber_id) where state in (0, 4);
create index delivery_held on delivery (owner) where state in (1, 2);

-- A single message (a confirmation, later an invitation or a new password), whole. The bytes go when
-- it has left. Same states, same rules as a delivery's.
create table notice (
  id @id@,
  kind text not null,                     -- "confirm", "welcome" …
  subscriber_id bigint not null default 0,
  address text not null,
  form text not null,                     -- mail/letter.h, slots filled but To and Message-ID
  envelope_sender text not null default '',
  state integer not null,
  due_at bigint not null,
  expires_at bigint not null,
  attempts integer not null default 0,
  owner bigint not null default 0,
  relay text not null default '',
  code integer not null default 0,
  status text not null default '',
  reason text not null default '',
  created_at bigint not null,
  changed_at bigint not null default 0
);
create index notice_due on notice (due_at, id) where state in (0, 4);
create index notice_held on notice (owner) where state in (1, 2);
create index notice_subscriber on notice (subscriber_id) where subscriber_id <> 0;

-- A process that sends. Its deliveries go back, or become uncertain, when it is known to be dead.
create table dispatcher (
  id @id@,
  identity text not null unique,          -- machine, boot, process namespace, process, its start
  started_at bigint not null,
  heartbeat_at bigint not null
);
-- One row. `sequence` goes up with every commit of the journal; each sending machine keeps the newest
-- that it saw beside its database (mail/dispatch_epoch): a database that knows less is an old one brought back.
create table dispatch_epoch (
  id integer primary key check (id = 1),
  sequence bigint not null,
  at bigint not null default 0,           -- of the newest commit: how old a restored database is
  stopped text not null default ''        -- why nothing is sent until someone says so; '' sending
);
insert into dispatch_epoch (id, sequence) values (1, 0);

-- What came back.
create table bounce (
  id @id@,
  digest text not null unique,            -- of the report: the same one twice counts once
  received_at bigint not null,
  way text not null,                      -- "command", "maildir", "imap", "webhook ses" …
  kind integer not null,                  -- BounceKind
  mailing_id bigint not null default 0,   -- 0: not known
  subscriber_id bigint not null default 0,
  address_hash text not null default '',
  status text not null default '',
  reason text not null default ''
);
create index bounce_time on bounce (received_at desc, id desc);
create index bounce_subscriber on bounce (subscriber_id, received_at) where subscriber_id <> 0;

-- Opens and clicks, only where the newspaper counts and the reader agreed.
create table mailing_activity (
  mailing_id bigint not null references mailing (id) on delete cascade,
  subscriber_id bigint not null,
  kind integer not null,                  -- ActivityKind
  number integer not null default 0,      -- the link's
  first_at bigint not null,
  count bigint not null,
  primary key (mailing_id, subscriber_id, kind, number)
);
create index mailing_activity_subscriber on mailing_activity (subscriber_id);

-- Three newsletters that every newspaper has; names and texts are the newspaper's to change.
insert into newsletter (slug, name, description, kind, position, uncertain, lateness_minutes, created_at) values
  ('daily', 'The daily', 'The stories of the day, chosen by our editors, in the morning.', 0, 1, 0, 720, 0),
  ('breaking', 'Breaking news', 'When something happens that you should know at once.', 1, 2, 1, 60, 0),
  ('edition', 'The digital newspaper', 'The newspaper itself, laid out to read, before anyone else sees it.', 2, 3, 0, 720, 0);
