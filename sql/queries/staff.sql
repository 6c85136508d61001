-- The people of the newsroom, their sessions and keys, and who did what.

-- part: staff_columns
staff.id, staff.address, staff.address_key, staff.name, staff.role, staff.state, coalesce(staff.author_id, 0),
  staff.password_hash, staff.language, staff.preferences, staff.totp_secret, staff.totp_confirmed,
  staff.totp_step, staff.created_at, staff.active_at

-- name: staff_get
select @staff_columns@ from staff where id = $1;

-- name: staff_get_by_key
select @staff_columns@ from staff where address_key = $1;

-- name: staff_list
select @staff_columns@ from staff order by lower(name), id;

-- name: staff_insert
insert into staff (address, address_key, name, role, state, author_id, password_hash, language, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id;

-- name: staff_update
update staff set address = $1, address_key = $2, name = $3, role = $4, state = $5, author_id = $6,
  password_hash = $7, language = $8, preferences = $9, totp_secret = $10, totp_confirmed = $11, active_at = $12
where id = $13;

-- Only forward: the same code never opens twice, whoever asks at the same time.
-- name: staff_take_step
update staff set totp_step = $1 where id = $2 and totp_step < $1;

-- name: staff_remove
delete from staff where id = $1;

-- name: staff_count_owners
select count(*) from staff where role = 3 and state = 1;

-- name: staff_link_put
insert into staff_link (token_hash, kind, staff_id, created_at, expires_at) values ($1, $2, $3, $4, $5);

-- name: staff_link_get
select token_hash, kind, staff_id, created_at, expires_at from staff_link where token_hash = $1 and kind = $2;

-- name: staff_link_clear
delete from staff_link where staff_id = $1 and kind = $2;

-- name: staff_link_of
select token_hash, kind, staff_id, created_at, expires_at from staff_link where staff_id = $1 and kind = $2
order by expires_at desc limit 1;

-- name: staff_link_sweep
delete from staff_link where expires_at < $1;

-- name: staff_request_insert
insert into staff_request (address_key, requested_at) values ($1, $2);

-- name: staff_request_first
select id, address_key from staff_request order by id limit 1;

-- name: staff_request_remove
delete from staff_request where id = $1;

-- part: session_columns
id, staff_id, token_hash, challenge, browser, state, second_factor, attempts, created_at, active_at, expires_at

-- name: staff_session_get
select @session_columns@ from staff_session where token_hash = $1 and expires_at > $2;

-- name: staff_session_list
select @session_columns@ from staff_session where staff_id = $1 and expires_at > $2 and state = 1
order by active_at desc, id desc;

-- name: staff_session_insert
insert into staff_session (token_hash, staff_id, state, second_factor, browser, created_at, active_at, expires_at)
values ($1, $2, $3, $4, $5, $6, $6, $7) returning id;

-- name: staff_session_update
update staff_session set token_hash = $1, state = $2, second_factor = $3, challenge = $4, attempts = $5,
  active_at = $6, expires_at = $7 where id = $8;

-- name: staff_session_count_attempt
update staff_session set attempts = attempts + 1 where id = $1 returning attempts;

-- name: staff_session_remove
delete from staff_session where id = $1 and staff_id = $2;

-- name: staff_session_remove_others
delete from staff_session where staff_id = $1 and id <> $2;

-- name: staff_session_sweep
delete from staff_session where expires_at < $1;

-- name: staff_session_remove_all
delete from staff_session;

-- name: passkey_list
select id, staff_id, credential, public_key, name, algorithm, counter, created_at, used_at from passkey
where staff_id = $1 order by id;

-- name: passkey_insert
insert into passkey (staff_id, credential, public_key, algorithm, counter, name, created_at)
values ($1, $2, $3, $4, $5, $6, $7) returning id;

-- name: passkey_use
update passkey set counter = $1, used_at = $2 where id = $3 and counter = $4;

-- name: passkey_remove
delete from passkey where id = $1 and staff_id = $2;

-- name: passkey_clear
delete from passkey where staff_id = $1;

-- name: recovery_code_insert
insert into recovery_code (staff_id, code_hash) values ($1, $2);

-- name: recovery_code_use
delete from recovery_code where staff_id = $1 and code_hash = $2;

-- name: recovery_code_clear
delete from recovery_code where staff_id = $1;

-- name: recovery_code_count
select count(*) from recovery_code where staff_id = $1;

-- part: api_token_columns
api_token.id, api_token.staff_id, api_token.token_hash, api_token.prefix, api_token.name, api_token.scopes,
  api_token.created_at, api_token.expires_at, api_token.used_at, staff.name

-- name: api_token_get
select @api_token_columns@ from api_token join staff on staff.id = api_token.staff_id
where api_token.token_hash = $1 and (api_token.expires_at = 0 or api_token.expires_at > $2);

-- name: api_token_list
select @api_token_columns@ from api_token join staff on staff.id = api_token.staff_id order by api_token.id desc;

-- name: api_token_insert
insert into api_token (token_hash, prefix, name, scopes, staff_id, created_at, expires_at)
values ($1, $2, $3, $4, $5, $6, $7) returning id;

-- name: api_token_use
update api_token set used_at = $1 where id = $2;

-- name: api_token_remove
delete from api_token where id = $1;

-- name: audit_insert
insert into audit (at, staff_id, staff_name, via, action, noun, noun_id, says) values ($1, $2, $3, $4, $5, $6, $7, $8);

-- part: audit_columns
id, at, staff_id, staff_name, via, action, noun, noun_id, says

-- name: audit_list
select @audit_columns@ from audit where id < $1 order by id desc limit $2;

-- name: audit_list_noun
select @audit_columns@ from audit where noun = $3 and ($4 = 0 or noun_id = $4) and id < $1
order by id desc limit $2;

-- name: audit_list_staff
select @audit_columns@ from audit where staff_id = $3 and id < $1 order by id desc limit $2;

-- name: audit_list_action
select @audit_columns@ from audit where action = $3 and id < $1 order by id desc limit $2;
