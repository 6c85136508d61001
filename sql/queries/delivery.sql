-- The journal of deliveries and notices. States: model/mailing.h. Lists of ids are texts ("3,14,15").
-- "state in (1, 2) and state = 1": SQLite uses a partial index only where its condition stands word for word.

-- name: dispatcher_register
insert into dispatcher (identity, started_at, heartbeat_at) values ($1, $2, $2)
on conflict (identity) do update set heartbeat_at = excluded.heartbeat_at
returning id;

-- name: dispatcher_beat
update dispatcher set heartbeat_at = $2 where id = $1;

-- name: dispatcher_list
select id, started_at, heartbeat_at, identity from dispatcher order by id;

-- name: dispatcher_remove
delete from dispatcher where id = $1;

-- name: dispatcher_mailings
select distinct mailing_id from delivery where owner = $1 and state in (1, 2) order by mailing_id;

-- name: dispatcher_return
-- sqlite:
update delivery indexed by delivery_held set state = 0, owner = 0
-- postgres:
update delivery set state = 0, owner = 0
-- both:
where mailing_id = $1 and owner = $2 and state in (1, 2) and state = 1;

-- The owner stays: it may turn out to have lived, and know the answer. $6: 1 of the outbox, 0 of relays.
-- name: dispatcher_lose
-- sqlite:
update delivery indexed by delivery_held
-- postgres:
update delivery
-- both:
set state = $3, due_at = $4, changed_at = $4, reason = $5, code = 0, status = ''
where mailing_id = $1 and owner = $2 and state in (1, 2) and state = 2
  and case when relay = 'outbox' then 1 else 0 end = $6;

-- name: dispatcher_return_notices
update notice set state = 0, owner = 0 where owner = $1 and state in (1, 2) and state = 1;

-- name: dispatcher_lose_notices
update notice set state = 4, due_at = $2, changed_at = $2, reason = $3 where owner = $1 and state in (1, 2) and state = 2;

-- What a claim finds: consent is looked at again here.
-- name: delivery_candidates
select due.subscriber_id, due.state, due.attempts, due.name, due.due_at, due.tried_at, coalesce(subscriber.address, ''),
  coalesce(subscriber.tracking, 0), coalesce(subscriber.status, -1), coalesce(subscriber.paused_until, 0),
  coalesce(subscription.status, -1), case when due.state = 4 and due.code = 0 then due.relay else '' end
from (select subscriber_id, state, attempts, name, due_at, tried_at, relay, code from delivery
      where mailing_id = $1 and state in (0, 4) and due_at <= $2
      order by due_at, subscriber_id limit $3
-- postgres:
      for update skip locked
-- both:
  ) as due
  left join subscriber on subscriber.id = due.subscriber_id
  left join subscription on subscription.newsletter_id = $4 and subscription.subscriber_id = due.subscriber_id
order by due.due_at, due.subscriber_id;

-- name: delivery_lease
update delivery set state = 1, owner = $2
-- sqlite:
where mailing_id = $1 and subscriber_id in (select value from json_each('[' || $3 || ']')) and state in (0, 4);
-- postgres:
where mailing_id = $1 and subscriber_id = any(cast(string_to_array($3, ',') as bigint[])) and state in (0, 4);
-- both:

-- name: delivery_suppress
update delivery set state = 6, owner = 0, reason = $3, changed_at = $4
where mailing_id = $1 and subscriber_id = $2 and state in (0, 4);

-- Nothing begins when the mailing was paused or the reader has left meanwhile.
-- name: delivery_begin
update delivery set state = 2, attempts = attempts + 1, changed_at = $4, relay = $6,
  tried_at = case when tried_at = 0 then cast($4 as bigint) else tried_at end
-- sqlite:
where mailing_id = $1 and subscriber_id in (select value from json_each('[' || $3 || ']'))
-- postgres:
where mailing_id = $1 and subscriber_id = any(cast(string_to_array($3, ',') as bigint[]))
-- both:
  and state = 1 and owner = $2
  and exists (select 1 from subscription join subscriber on subscriber.id = subscription.subscriber_id
    where subscription.newsletter_id = $5 and subscription.subscriber_id = delivery.subscriber_id
      and subscription.status = 1 and subscriber.status = 1 and subscriber.paused_until <= $4)
returning subscriber_id;

-- $6: from which state. A dispatcher that was thought dead keeps its name on what it held.
-- name: delivery_accept
update delivery set state = 3, relay = $4, changed_at = $5, code = 250, status = '', reason = '', owner = 0
-- sqlite:
where mailing_id = $1 and subscriber_id in (select value from json_each('[' || $3 || ']'))
-- postgres:
where mailing_id = $1 and subscriber_id = any(cast(string_to_array($3, ',') as bigint[]))
-- both:
  and state = $6 and owner = $2;

-- name: delivery_return
update delivery set state = 0, owner = 0
-- sqlite:
where mailing_id = $1 and subscriber_id in (select value from json_each('[' || $3 || ']'))
-- postgres:
where mailing_id = $1 and subscriber_id = any(cast(string_to_array($3, ',') as bigint[]))
-- both:
  and state = 1 and owner = $2;

-- $11: from which state; $12: by how much the attempts change.
-- name: delivery_settle
update delivery set state = $4, due_at = $5, relay = $6, code = $7, status = $8, reason = $9, changed_at = $10,
  attempts = attempts + $12, owner = 0,
  tried_at = case when tried_at = 0 and cast($4 as integer) <> 0 then cast($10 as bigint) else tried_at end
where mailing_id = $1 and subscriber_id = $2 and owner = $3 and state = $11;

-- name: delivery_held
select mailing_id, subscriber_id from delivery where owner = $1 and state in (1, 2) and state = 1 order by mailing_id, subscriber_id;

-- name: delivery_next_due
-- sqlite:
select coalesce(min(due_at), 0) from delivery indexed by delivery_due where mailing_id = $1 and state in (0, 4);
-- postgres:
select coalesce(min(due_at), 0) from delivery where mailing_id = $1 and state in (0, 4);
-- both:

-- $3: from which state.
-- name: delivery_cancel
update delivery set state = 8, changed_at = $2 where mailing_id = $1 and state = $3;

-- name: delivery_retry
update delivery set state = 0, due_at = $2, changed_at = $2, attempts = 0, tried_at = 0, owner = 0
where mailing_id = $1 and state = $3;

-- name: delivery_resolve
update delivery set state = $2, changed_at = $3, owner = 0 where mailing_id = $1 and state = 7;

-- part: delivery_columns
delivery.mailing_id, delivery.subscriber_id, delivery.state, delivery.due_at, delivery.changed_at, delivery.attempts,
  coalesce(subscriber.address, ''), delivery.name, delivery.relay, delivery.status, delivery.reason, delivery.code

-- name: delivery_list
select @delivery_columns@
from delivery left join subscriber on subscriber.id = delivery.subscriber_id
where delivery.mailing_id = $1 and delivery.subscriber_id > $3
  and (cast($2 as integer) = -1 or delivery.state = $2)
order by delivery.subscriber_id limit $4;

-- name: delivery_reasons
select status, reason, count(*) from delivery where mailing_id = $1 and state in (4, 5, 7) and reason <> ''
group by status, reason order by 3 desc, 1, 2 limit 50;

-- name: delivery_of
select @delivery_columns@
from mailing join delivery on delivery.mailing_id = mailing.id and delivery.subscriber_id = $1
  left join subscriber on subscriber.id = delivery.subscriber_id
order by mailing.id desc limit $2;

-- name: delivery_get
select @delivery_columns@
from delivery left join subscriber on subscriber.id = delivery.subscriber_id
where delivery.mailing_id = $1 and delivery.subscriber_id = $2;

-- $6: from which state.
-- name: delivery_bounced
update delivery set state = 5, status = $3, reason = $4, changed_at = $5, owner = 0
where mailing_id = $1 and subscriber_id = $2 and state = $6;

-- part: notice_columns
id, kind, subscriber_id, address, form, envelope_sender, state, due_at, expires_at, attempts, created_at

-- name: notice_insert
insert into notice (kind, subscriber_id, address, form, envelope_sender, state, due_at, expires_at, created_at)
values ($1, $2, $3, $4, $5, 0, $6, $7, $8)
-- sqlite:
returning id;
-- postgres:
returning id, pg_notify('broadsheet_change', '');
-- both:

-- name: notice_expire
update notice set state = 5, form = '', reason = 'not delivered before it expired', changed_at = $1
where state in (0, 4) and due_at <= $1 and expires_at <= $1;

-- name: notice_candidates
select @notice_columns@ from notice where state in (0, 4) and due_at <= $1
-- sqlite:
order by due_at, id limit $2;
-- postgres:
order by due_at, id limit $2 for update skip locked;
-- both:

-- name: notice_lease
update notice set state = 1, owner = $1
-- sqlite:
where id in (select value from json_each('[' || $2 || ']')) and state in (0, 4);
-- postgres:
where id = any(cast(string_to_array($2, ',') as bigint[])) and state in (0, 4);
-- both:

-- name: notice_begin
update notice set state = 2, attempts = attempts + 1, changed_at = $3
-- sqlite:
where id in (select value from json_each('[' || $2 || ']')) and state = 1 and owner = $1 returning id;
-- postgres:
where id = any(cast(string_to_array($2, ',') as bigint[])) and state = 1 and owner = $1 returning id;
-- both:

-- name: notice_settle
update notice set state = $3, due_at = $4, relay = $5, code = $6, status = $7, reason = $8, changed_at = $9, owner = 0,
  attempts = attempts + case when state = 1 and cast($3 as integer) in (4, 5) then 1 else 0 end,
  form = case when cast($3 as integer) in (3, 5) then '' else form end
where id = $1 and owner = $2 and state in (1, 2, 4, 7);

-- name: notice_held
select id from notice where owner = $1 and state in (1, 2) and state = 1 order by id;

-- name: notice_subscriber
select subscriber_id from notice where id = $1;

-- name: notice_next_due
select coalesce(min(due_at), 0) from notice where state in (0, 4);

-- name: epoch_advance
update dispatch_epoch set sequence = sequence + 1, at = $1 where id = 1 returning sequence;

-- name: epoch_get
select sequence, at, stopped from dispatch_epoch where id = 1;

-- name: epoch_stop
update dispatch_epoch set stopped = $1 where id = 1;

-- name: epoch_resume
update dispatch_epoch set stopped = '',
  sequence = case when sequence < $1 then cast($1 as bigint) else sequence end
where id = 1;
