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
