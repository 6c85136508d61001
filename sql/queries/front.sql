-- Fronts: curated slots.

-- name: front_updated_at
select updated_at from front where section_id = $1;

-- name: front_slots
select front_slot.weight, @teaser_columns@
from front_slot join story on story.id = front_slot.story_id
  left join section on section.id = story.section_id
  left join image on image.id = story.hero_image_id
where front_slot.section_id = $1 and story.status = 2
order by front_slot.position;

-- name: front_put
insert into front (section_id, updated_at, updated_by) values ($1, $2, $3)
on conflict (section_id) do update set updated_at = excluded.updated_at, updated_by = excluded.updated_by,
  version = front.version + 1;

-- name: front_clear
delete from front_slot where section_id = $1;

-- name: front_slot_insert
insert into front_slot (section_id, position, story_id, weight) values ($1, $2, $3, $4);

-- name: front_state
select version, updated_at, updated_by from front where section_id = $1;

-- name: front_slots_bare
select story_id, weight from front_slot where section_id = $1 order by position;

-- name: front_past_insert
insert into front_past (section_id, version, replaced_at, staff_id, slots) values ($1, $2, $3, $4, $5);

-- name: front_past_get
select version, replaced_at, staff_id, slots from front_past where section_id = $1 and version = $2;

-- name: front_past_list
select version, replaced_at, staff_id, slots from front_past where section_id = $1 and version < $2
order by version desc limit $3;

-- part: front_plan_columns
id, section_id, name, goes_live_at, slots, updated_at, updated_by

-- name: front_plan_list
select @front_plan_columns@ from front_plan where section_id = $1 order by id;

-- name: front_plan_get
select @front_plan_columns@ from front_plan where section_id = $1 and id = $2;

-- name: front_plan_due
select @front_plan_columns@ from front_plan where goes_live_at <> 0 and goes_live_at <= $1 order by goes_live_at, id;

-- name: front_plan_insert
insert into front_plan (section_id, name, goes_live_at, slots, updated_at, updated_by)
values ($1, $2, $3, $4, $5, $6) returning id;

-- name: front_plan_update
update front_plan set name = $1, goes_live_at = $2, slots = $3, updated_at = $4, updated_by = $5 where id = $6;

-- name: front_plan_remove
delete from front_plan where id = $1 and section_id = $2;

-- name: front_plan_count
select count(*) from front_plan where section_id = $1;
