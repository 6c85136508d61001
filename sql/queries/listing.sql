-- Lists of published stories, newest first: by day, then instant, then id. Column order is teaser_rows_read()'s.

-- part: teaser_columns
story.id, story.slug, story.headline, story.standfirst, story.kicker, story.language, story.byline_names,
  story.published_at, story.updated_at, section.id, section.slug, section.name, @image_columns@

-- part: teaser_joins
join story on story.id = entry.story_id
  left join section on section.id = story.section_id
  left join image on image.id = story.hero_image_id

-- How many stories stand before a page is known by months and days, so that the offset here stays within one day.
-- name: listing_page
select @teaser_columns@
from (select day, published_at, story_id from listing_entry
      where kind = $1 and list_id = $2 and day <= $3
      order by day desc, published_at desc, story_id desc limit $4 offset $5) as entry
  @teaser_joins@
order by entry.day desc, entry.published_at desc, entry.story_id desc;

-- The days are wider by one at each end than the instants: days are in the newspaper's zone.
-- name: listing_between
select @teaser_columns@
from (select day, published_at, story_id from listing_entry
      where kind = $1 and list_id = $2 and day >= $3 and day <= $4 and published_at >= $5 and published_at < $6
      order by day desc, published_at desc, story_id desc limit $7) as entry
  @teaser_joins@
order by entry.day desc, entry.published_at desc, entry.story_id desc;

-- "+story.status": found by id; the index of states would walk all that is published.
-- name: listing_by_ids
-- sqlite:
select @teaser_columns@
from json_each('[' || $1 || ']') as wanted cross join story on story.id = wanted.value
  left join section on section.id = story.section_id left join image on image.id = story.hero_image_id
where +story.status = 2;
-- postgres:
select @teaser_columns@
from story left join section on section.id = story.section_id left join image on image.id = story.hero_image_id
where story.id = any(cast(string_to_array($1, ',') as bigint[])) and story.status = 2;
-- both:

-- name: listing_newest_ids
select story_id, published_at from listing_entry where kind = $1 and list_id = $2
order by day desc, published_at desc, story_id desc limit $3;

-- name: listing_total
select stories from listing_count where kind = $1 and list_id = $2 and period = 0;

-- Days of the stories that were published from $1 until before $2, the clocks being $3 seconds ahead of UTC then. Their
-- days in the zone that was before lie between $4 and $5. Days are counted from the year 1, so that none is negative.
-- name: listing_redate
update listing_entry set day =
-- sqlite:
  cast(strftime('%Y%m%d', (published_at + ($3 + 62135596800) * 1000000) / 1000000 - 62135596800, 'unixepoch') as integer)
-- postgres:
  cast(to_char(timestamp '1970-01-01' + make_interval(secs => cast((published_at + ($3 + 62135596800) * 1000000) / 1000000 - 62135596800 as double precision)), 'YYYYMMDD') as integer)
-- both:
where story_id in (select story_id from listing_entry
                   where kind = 0 and list_id = 0 and day >= $4 and day <= $5 and published_at >= $1 and published_at < $2);

-- The instants between which all that is published lies; none: no row.
-- name: listing_bounds
select min(published_at), max(published_at) from listing_entry where kind = 0 and list_id = 0 having count(*) > 0;

-- name: listing_count_clear
delete from listing_count where period > 0;

-- $1: 1 counts days, 100 months.
-- name: listing_count_make
insert into listing_count (kind, list_id, period, stories)
select kind, list_id, day / $1, count(*) from listing_entry group by kind, list_id, day / $1;

-- Counts of months (200001 to 999912) or days, newest first.
-- name: listing_periods
select period, stories from listing_count
where kind = $1 and list_id = $2 and period >= $3 and period <= $4 and stories > 0
order by period desc;

-- name: listing_entries_of_story
select kind, list_id, day, published_at from listing_entry where story_id = $1;

-- name: listing_entry_insert
insert into listing_entry (kind, list_id, day, published_at, story_id) values ($1, $2, $3, $4, $5);

-- name: listing_entry_delete
delete from listing_entry where kind = $1 and list_id = $2 and day = $3 and published_at = $4 and story_id = $5;

-- One row a statement: several would open a savepoint (see story_inserted_id).
-- name: listing_count_add
insert into listing_count (kind, list_id, period, stories) values ($1, $2, $3, $4)
on conflict (kind, list_id, period) do update set stories = listing_count.stories + excluded.stories;
