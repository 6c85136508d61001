-- Whom else we tell of things.

-- part: webhook_columns
id, url, events, secret, active, created_at, last_status, last_at, failing_since

-- name: webhook_list
select @webhook_columns@ from webhook order by id;

-- name: webhook_get
select @webhook_columns@ from webhook where id = $1;

-- name: webhook_insert
insert into webhook (url, events, secret, active, created_at) values ($1, $2, $3, $4, $5) returning id;

-- name: webhook_update
update webhook set url = $1, events = $2, secret = $3, active = $4, last_status = $5, last_at = $6,
  failing_since = $7 where id = $8;

-- name: webhook_remove
delete from webhook where id = $1;

-- name: webhook_wants
select id from webhook where active = 1 and (' ' || events || ' ') like ('% ' || $1 || ' %');

-- name: webhook_delivery_insert
insert into webhook_delivery (webhook_id, event, body, created_at, next_at) values ($1, $2, $3, $4, $4) returning id;

-- part: webhook_delivery_columns
id, webhook_id, event, body, created_at, attempts, state, status, next_at, reason

-- name: webhook_delivery_due
select @webhook_delivery_columns@ from webhook_delivery where state = 0 and next_at <= $1
order by next_at, id limit $2;

-- name: webhook_delivery_get
select @webhook_delivery_columns@ from webhook_delivery where id = $1;

-- name: webhook_delivery_list
select @webhook_delivery_columns@ from webhook_delivery where webhook_id = $1 and id < $2 order by id desc limit $3;

-- name: webhook_delivery_update
update webhook_delivery set attempts = $1, state = $2, status = $3, next_at = $4, reason = $5 where id = $6;

-- name: webhook_delivery_sweep
delete from webhook_delivery where state <> 0 and created_at < $1;
