-- Corrections of stories that had an alert.

-- name: follow_up_wanted
select c.id, c.story_id, m.newsletter_id
from correction c
join mailing_story ms on ms.story_id = c.story_id
join mailing m on m.id = ms.mailing_id
join newsletter n on n.id = m.newsletter_id
where n.kind = 1 and n.active = 1 and m.frozen_at > 0 and c.corrected_at > m.frozen_at and c.corrected_at > $1
  and m.occasion = 'alert ' || cast(m.newsletter_id as text) || ' ' || cast(c.story_id as text)
  and not exists (select 1 from mailing f where f.occasion =
    'correction ' || cast(m.newsletter_id as text) || ' ' || cast(c.story_id as text) || ' ' || cast(c.id as text))
order by c.id limit 20;
