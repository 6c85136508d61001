-- Files of readers on their way in (model/subscriber_import.h).

-- part: subscriber_import_columns
id, state, file, newsletters, consent, columns, dry_run, bytes, row_count, created, known, subscribed,
  left_count, repeated, suppressed, refused, refusals, reason, staff_id, started_at, finished_at

-- name: subscriber_import_list
select @subscriber_import_columns@ from subscriber_import where id < $1 order by id desc limit $2;

-- name: subscriber_import_get
select @subscriber_import_columns@ from subscriber_import where id = $1;

-- Waiting, or cut off by a restart.
-- name: subscriber_import_due
select @subscriber_import_columns@ from subscriber_import where state in (1, 2, 3) order by id limit 20;

-- name: subscriber_import_insert
insert into subscriber_import (state, file, bytes, staff_id, started_at) values ($1, $2, $3, $4, $5) returning id;

-- name: subscriber_import_update
update subscriber_import set state = $1, newsletters = $2, consent = $3, columns = $4, dry_run = $5,
  row_count = $6, created = $7, known = $8, subscribed = $9, left_count = $10, repeated = $11,
  suppressed = $12, refused = $13, refusals = $14, reason = $15, started_at = $16, finished_at = $17
where id = $18;
