-- Which migrations this database has had.

-- Two processes that migrate at once take their turns (SQLite: the write transaction is the lock).
-- name: migration_lock
-- sqlite:
select 1;
-- postgres:
select 1 from (select pg_advisory_xact_lock(4220261123)) as lock;
-- both:

-- name: migration_table_exists
-- sqlite:
select count(*) from sqlite_master where type = 'table' and name = 'schema_migration';
-- postgres:
select count(*) from pg_class where oid = to_regclass('schema_migration');
-- both:

-- name: migration_table_create
create table if not exists schema_migration (
  number integer primary key,
  name text not null,
  applied_at bigint not null
);

-- name: migration_newest
select coalesce(max(number), 0) from schema_migration;

-- name: migration_record
insert into schema_migration (number, name, applied_at) values ($1, $2, $3);
