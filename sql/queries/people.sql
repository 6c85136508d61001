-- Authors and topics.

-- part: author_columns
author.id, author.slug, author.name, author.role, author.bio

-- name: author_get
select @author_columns@, @image_columns@ from author left join image on image.id = author.image_id
where author.id = $1;

-- name: author_get_by_slug
select @author_columns@, @image_columns@ from author left join image on image.id = author.image_id
where author.slug = $1;

-- name: author_list
select @author_columns@, @image_columns@ from author left join image on image.id = author.image_id
order by author.name, author.id;

-- name: author_put
insert into author (slug, name, role, bio, image_id) values ($1, $2, $3, $4, $5)
on conflict (slug) do update set name = excluded.name,
  role = case when excluded.role = '' then author.role else excluded.role end,
  bio = case when excluded.bio = '' then author.bio else excluded.bio end,
  image_id = coalesce(excluded.image_id, author.image_id)
returning id;

-- name: topic_get_by_slug
select id, slug, name, description from topic where slug = $1;

-- name: topic_list
select id, slug, name, description from topic order by name, id limit $1;

-- name: topic_put
insert into topic (slug, name, description) values ($1, $2, $3)
on conflict (slug) do update set name = excluded.name,
  description = case when excluded.description = '' then topic.description else excluded.description end
returning id;

-- name: author_update
update author set name = $1, role = $2, bio = $3, image_id = $4 where id = $5;

-- name: author_page
select @author_columns@, @image_columns@ from author left join image on image.id = author.image_id
where (author.name > $1 or (author.name = $1 and author.id > $2)) and ($3 = '' or lower(author.name) like $3 escape '!')
order by author.name, author.id limit $4;

-- name: topic_get
select id, slug, name, description from topic where id = $1;

-- name: topic_update
update topic set name = $1, description = $2 where id = $3;

-- name: topic_page
select id, slug, name, description from topic
where (name > $1 or (name = $1 and id > $2)) and ($3 = '' or lower(name) like $3 escape '!')
order by name, id limit $4;

-- Every name of a byline that stands in lists is kept with its story.
-- name: author_rename_in_stories
select distinct story_id from story_byline where author_id = $1;
