-- Images. Column order is image_rows_read()'s.

-- part: image_columns
image.id, image.hash, image.format, image.width, image.height, image.byte_count, image.progressive,
  image.alt, image.caption, image.credit, image.rights, image.focal_x, image.focal_y,
  image.crop_16x9, image.crop_4x3, image.crop_3x2, image.crop_1x1, image.source_url, image.created_at

-- name: image_get
select @image_columns@ from image where id = $1;

-- name: image_get_by_hash
select @image_columns@ from image where hash = $1;

-- name: image_get_by_source
select @image_columns@ from image where source_url = $1;

-- name: image_newest
select coalesce(max(id), 0) from image where hash is not null;

-- name: image_next
select @image_columns@ from image where hash is not null and id > $1 order by id limit 1;

-- name: image_insert
insert into image (hash, format, width, height, byte_count, progressive, alt, caption, credit, rights,
  focal_x, focal_y, crop_16x9, crop_4x3, crop_3x2, crop_1x1, source_url, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
returning id;

-- name: image_update
update image set hash = $1, format = $2, width = $3, height = $4, byte_count = $5, progressive = $6,
  alt = $7, caption = $8, credit = $9, rights = $10, focal_x = $11, focal_y = $12,
  crop_16x9 = $13, crop_4x3 = $14, crop_3x2 = $15, crop_1x1 = $16, source_url = $17
where id = $18;

-- The library, newest first. $3 like-pattern or '', $4 without alternative text only, $5 those that stand nowhere only.
-- name: image_list
select @image_columns@ from image
where image.hash is not null and image.id < $1
  and ($3 = '' or lower(image.alt || ' ' || image.caption || ' ' || image.credit) like $3 escape '!')
  and ($4 = 0 or image.alt = '')
  and ($5 = 0 or not (exists (select 1 from story_image where story_image.image_id = image.id)
    or exists (select 1 from story where story.hero_image_id = image.id)
    or exists (select 1 from story where story.share_image_id = image.id and story.share_image_id <> 0)
    or exists (select 1 from author where author.image_id = image.id)))
order by image.id desc limit $2;

-- name: image_uploaded_by
select uploaded_by from image where id = $1;

-- name: image_set_uploaded_by
update image set uploaded_by = $1 where id = $2;

-- kind 0 hero, 1 body, 2 share, 3 author
-- name: image_uses
select 0, story.id, story.headline, story.status, story.slug, section.slug from story
  left join section on section.id = story.section_id where story.hero_image_id = $1
union all
select 1, story.id, story.headline, story.status, story.slug, section.slug from story_image
  join story on story.id = story_image.story_id left join section on section.id = story.section_id
  where story_image.image_id = $1 and (story.hero_image_id is null or story.hero_image_id <> $1)
union all
select 2, story.id, story.headline, story.status, story.slug, section.slug from story
  left join section on section.id = story.section_id where story.share_image_id = $1 and story.share_image_id <> 0
union all
select 3, author.id, author.name, 2, author.slug, '' from author where author.image_id = $1
limit 500;

-- name: image_remove
delete from image where id = $1;

-- name: image_is_shown
select case when exists (select 1 from story where hero_image_id = $1 and status = 2)
  or exists (select 1 from story_image join story on story.id = story_image.story_id
             where story_image.image_id = $1 and story.status = 2)
  or exists (select 1 from author where image_id = $1) then 1 else 0 end;
