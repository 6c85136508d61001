-- What the engines say to their own databases: connections, transactions, the revision watcher.

-- name: transaction_begin_read
-- sqlite:
begin deferred;
-- postgres:
begin isolation level repeatable read read only;
-- both:

-- name: transaction_begin_write
-- sqlite:
begin immediate;
-- postgres:
begin isolation level read committed read write;
-- both:

-- name: transaction_commit
commit;

-- name: transaction_rollback
rollback;

-- The writer is the only connection that may change the journal mode or run a checkpoint.
-- name: sqlite_writer_setup
-- sqlite:
pragma page_size = 8192;
pragma journal_mode = wal;
pragma synchronous = full;
pragma foreign_keys = on;
pragma cache_size = -8000;
pragma temp_store = memory;
pragma journal_size_limit = 67108864;
pragma trusted_schema = off;
create temp table if not exists subscriber_load (
  line integer, subscriber_id integer, address_key text primary key, address text, name text, language text,
  zone_name text, address_hash text, confirmed_at integer, paused_until integer, wanted integer, unwanted integer,
  sections integer, left_at integer, suppress integer, wanted_slugs text, unwanted_slugs text,
  known integer not null default 0
) without rowid;
-- both:

-- name: sqlite_reader_setup
-- sqlite:
pragma query_only = on;
pragma cache_size = -2000;
pragma temp_store = memory;
pragma trusted_schema = off;
-- both:

-- name: sqlite_journal_mode
-- sqlite:
pragma journal_mode;
-- both:

-- name: sqlite_fts5_api
-- sqlite:
select fts5($1);
-- both:

-- name: sqlite_data_version
-- sqlite:
pragma data_version;
-- both:

-- lock_timeout: how long a statement waits for another transaction's lock. jit: compiling takes longer than what our
-- statements do, but PostgreSQL guesses their cost too high where many rows are moved.
-- name: postgres_setup
-- postgres:
select set_config('lock_timeout', $1, false), set_config('timezone', 'UTC', false),
  set_config('standard_conforming_strings', 'on', false), set_config('jit', 'off', false);
-- both:

-- name: postgres_listen
-- postgres:
listen broadsheet_change;
-- both:
