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
insert into front (section_id, updated_at) values ($1, $2)
on conflict (section_id) do update set updated_at = excluded.updated_at;

-- name: front_clear
delete from front_slot where section_id = $1;

-- name: front_slot_insert
insert into front_slot (section_id, position, story_id, weight) values ($1, $2, $3, $4);
