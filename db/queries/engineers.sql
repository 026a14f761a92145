-- Queries for the public list of engineers, their profiles as others see them, and the reviews.

-- name: FindEngineers :many
-- FindEngineers returns a page of the public list. The function find_engineers plans the statement
-- for the conditions that are asked for; a sort key is ascending for every sorting.
select
  f.engineer_id,
  f.name_order,
  f.price_key,
  (
    case @sort::text
      when 'rating' then f.rating_key
      when 'completed' then f.completed_key
      when 'experience' then f.since_key
      when 'price' then f.price_key
      else 0
    end
  )::bigint as key1
from
  find_engineers(
    @names::text,
    @words::text[],
    @spelling::text,
    @spellings::text[],
    @sro::text,
    @regions::text[],
    @work_kind::text,
    @price_to::bigint,
    @rating_from::integer,
    @since_to::integer,
    @form::text,
    @receives::boolean,
    @sort::text,
    @after1::bigint,
    @after_name::text,
    @after_id::uuid,
    @page::integer
  ) as f
order by key1, f.name_order, f.engineer_id;

-- name: CountEngineers :one
-- CountEngineers returns how many engineers the same conditions find, at most @most.
select
  count_engineers(
    @names::text,
    @words::text[],
    @spelling::text,
    @spellings::text[],
    @sro::text,
    @regions::text[],
    @work_kind::text,
    @price_to::bigint,
    @rating_from::integer,
    @since_to::integer,
    @form::text,
    @receives::boolean,
    @most::integer
  )::bigint;

-- name: SimilarNames :many
-- SimilarNames returns the words of listed names that share one of the spellings.
select distinct s.word
from name_spellings as s
where s.spelling = any (@spellings::text[])
order by s.word
limit 200;

-- name: EngineerLines :many
-- EngineerLines returns the lines of listed engineers, or of all if @unlisted, in no particular
-- order. An employer who has not confirmed the engineer is not named.
select
  e.id as engineer_id,
  e.name,
  e.registry_name,
  e.registry_number,
  e.sro,
  e.regions,
  e.form,
  e.receives_orders,
  coalesce(
    l.price_key,
    (select min(w.price) from engineer_works as w where w.engineer_id = e.id),
    last_key()
  )::bigint as price_key,
  business_confirmed(e)::boolean as business_confirmed,
  e.listed,
  e.in_registry,
  e.blocked,
  e.account_on,
  coalesce(
    case
      when e.employment = 'confirmed' then coalesce(nullif(o.short_name, ''), o.name)
    end,
    ''
  )::text as employer,
  p.experience_since,
  coalesce(s.marks, 0)::integer as marks,
  coalesce(s.mark_sum, 0)::integer as mark_sum,
  coalesce(s.reviews, 0)::integer as reviews,
  coalesce(s.completed, 0)::integer as completed,
  coalesce(s.successful, 0)::integer as successful,
  coalesce(s.in_work, 0)::integer as in_work,
  coalesce(s.steps, 0)::integer as steps,
  coalesce(s.taken, 0)::integer as taken,
  coalesce(s.abandoned, 0)::integer as abandoned,
  coalesce(s.declined, 0)::integer as declined,
  s.last_active_at,
  exists (
    select
    from
      engineer_files as f
      join files as k on k.id = f.file_id
    where f.engineer_id = e.id and f.purpose = 'photo' and k.status = 'stored'
  ) as photo
from
  engineers as e
  left join engineer_listing as l on l.engineer_id = e.id
  left join parties as o on o.id = e.employer_id
  left join engineer_profiles as p on p.engineer_id = e.id
  left join engineer_statistics as s on s.engineer_id = e.id
where e.id = any ((select @ids::uuid[])::uuid[]) and (e.listed or @unlisted::boolean);

-- name: EngineerStatistics :one
-- EngineerStatistics returns an engineer's numbers, whether he is listed or not.
select
  e.id,
  coalesce(s.marks, 0)::integer as marks,
  coalesce(s.mark_sum, 0)::integer as mark_sum,
  coalesce(s.reviews, 0)::integer as reviews,
  coalesce(s.completed, 0)::integer as completed,
  coalesce(s.successful, 0)::integer as successful,
  coalesce(s.in_work, 0)::integer as in_work,
  coalesce(s.steps, 0)::integer as steps,
  coalesce(s.taken, 0)::integer as taken,
  coalesce(s.abandoned, 0)::integer as abandoned,
  coalesce(s.declined, 0)::integer as declined,
  s.last_active_at,
  e.listed
from
  engineers as e
  left join engineer_statistics as s on s.engineer_id = e.id
where e.id = @engineer_id;

-- name: StatisticsOfEngineers :many
-- StatisticsOfEngineers returns the same numbers of several engineers.
select
  e.id,
  coalesce(s.marks, 0)::integer as marks,
  coalesce(s.mark_sum, 0)::integer as mark_sum,
  coalesce(s.reviews, 0)::integer as reviews,
  coalesce(s.completed, 0)::integer as completed,
  coalesce(s.successful, 0)::integer as successful,
  coalesce(s.in_work, 0)::integer as in_work,
  coalesce(s.steps, 0)::integer as steps,
  coalesce(s.taken, 0)::integer as taken,
  coalesce(s.abandoned, 0)::integer as abandoned,
  coalesce(s.declined, 0)::integer as declined,
  s.last_active_at,
  e.listed
from
  engineers as e
  left join engineer_statistics as s on s.engineer_id = e.id
where e.id = any ((select @ids::uuid[])::uuid[]);

-- name: PublicProfile :one
-- PublicProfile returns what an engineer says of himself, and the registry's entry on him.
select
  e.email,
  e.phone,
  e.registry_entry,
  e.registry_as_of,
  coalesce(p.website, '')::text as website,
  coalesce(p.residence, '')::text as residence,
  coalesce(p.experience, '')::text as experience,
  coalesce(p.working_hours, '')::text as working_hours,
  coalesce(p.education, '')::text as education,
  coalesce(p.about, '')::text as about
from
  engineers as e
  left join engineer_profiles as p on p.engineer_id = e.id
where e.id = @engineer_id;

-- name: RegistryAsOf :one
select coalesce(max(s.as_of), 'epoch')::timestamptz as as_of from registry_snapshots as s;

-- name: WorksOf :many
select w.work_kind, w.price
from engineer_works as w
where w.engineer_id = @engineer_id
order by w.work_kind;

-- name: PublicFiles :many
-- PublicFiles returns the files that an engineer shows. The proof of his employment is none of
-- them.
select f.file_id, f.purpose, f.title, k.name, k.content_type, k.size
from
  engineer_files as f
  join files as k on k.id = f.file_id
where f.engineer_id = @engineer_id and f.purpose in ('diploma', 'sample') and k.status = 'stored'
order by f.purpose, f.position, f.file_id;

-- name: ReviewsOf :many
-- ReviewsOf returns the reviews of an engineer, the newest first, each with its newest reply.
select
  r.id,
  r.order_id,
  o.number,
  r.mark,
  r.has_text,
  r.work_kind,
  r.created_at,
  r.changed_at,
  coalesce(b.body ->> 'review', '')::text as content,
  review_hidden(r.id, 'review') as hidden,
  coalesce(a.version, 0)::integer as reply_version,
  coalesce(a.content, '')::text as reply,
  f.created_at as replied_at,
  review_hidden(r.id, 'reply') as reply_hidden
from
  reviews as r
  join orders as o on o.id = r.order_id
  left join message_bodies as b on b.id = r.body_id
  left join lateral (
    select v.version, v.content
    from review_replies as v
    where v.review_id = r.id
    order by v.version desc
    limit 1
  ) as a
    on true
  left join review_replies as f on f.review_id = r.id and f.version = 1
where r.engineer_id = @engineer_id and r.ended_at is null and r.id < @before::bigint
order by r.id desc
limit @page;

-- name: MarksOf :many
-- MarksOf returns how many times each mark stands for an engineer.
select m.mark, m.marks
from engineer_marks as m
where m.engineer_id = @engineer_id and m.marks > 0
order by m.mark desc;

-- name: ReviewDecisionsOn :many
-- ReviewDecisionsOn returns the latest decision on each text of the reviews.
select distinct on (d.review_id, d.subject)
  d.review_id,
  d.subject,
  d.hidden,
  d.rule,
  d.reason,
  d.decided_at
from review_decisions as d
where d.review_id = any ((select @reviews::bigint[])::bigint[])
order by d.review_id, d.subject, d.number desc;

-- name: ModeratedReviews :many
-- ModeratedReviews returns the reviews with a text, the newest first: all, those with a hidden
-- text, or those of which a text was changed after the latest decision on it.
select
  r.id,
  r.order_id,
  o.number,
  r.engineer_id,
  e.name as engineer,
  r.mark,
  r.work_kind,
  r.created_at,
  r.text_changed_at,
  coalesce(b.body ->> 'review', '')::text as content,
  coalesce(a.content, '')::text as reply,
  coalesce(a.created_at, 'epoch')::timestamptz as replied_at
from
  reviews as r
  join orders as o on o.id = r.order_id
  join engineers as e on e.id = r.engineer_id
  left join message_bodies as b on b.id = r.body_id
  left join lateral (
    select v.content, v.created_at
    from review_replies as v
    where v.review_id = r.id
    order by v.version desc
    limit 1
  ) as a
    on true
where
  r.has_text
  and r.ended_at is null
  and r.id < @before::bigint
  and (not @hidden::boolean or review_hidden(r.id, 'review') or review_hidden(r.id, 'reply'))
  and (
    not @changed::boolean
    or r.id in (select d.review_id from review_decisions as d)
    and review_changed(r)
  )
  and (sqlc.narg('engineer_id')::uuid is null or r.engineer_id = sqlc.narg('engineer_id'))
order by r.id desc
limit @page;

-- name: LockReview :one
-- LockReview locks a review, so that replies and decisions on it take turns.
select
  r.id,
  r.order_id,
  r.engineer_id,
  r.has_text,
  r.created_at,
  (r.ended_at is not null)::boolean as ended,
  o.customer_id,
  coalesce(
    (select max(v.version) from review_replies as v where v.review_id = r.id),
    0
  )::integer as reply_version,
  f.created_at as replied_at
from
  reviews as r
  join orders as o on o.id = r.order_id
  left join review_replies as f on f.review_id = r.id and f.version = 1
where r.id = @id
for update of r;

-- name: LastReply :one
select v.version, v.content, v.created_at
from review_replies as v
where v.review_id = @review_id
order by v.version desc
limit 1;

-- name: InsertReply :exec
insert into review_replies (review_id, version, person_id, content, created_at)
values (@review_id, @version, @person_id, @content, @created_at);

-- name: InsertReviewDecision :exec
insert into review_decisions
  (id, review_id, subject, hidden, rule, reason, moderator_id, decided_at)
values (@id, @review_id, @subject, @hidden, @rule, @reason, @moderator_id, @decided_at);

-- name: ReviewDecision :one
select d.review_id, d.subject, d.hidden, d.rule, d.reason, d.decided_at
from review_decisions as d
where d.id = @id;

-- name: ReviewOfOrder :one
select
  r.id,
  o.number,
  r.mark,
  r.work_kind,
  r.created_at,
  coalesce(b.body ->> 'review', '')::text as content,
  coalesce(a.version, 0)::integer as reply_version,
  coalesce(a.content, '')::text as reply,
  f.created_at as replied_at
from
  reviews as r
  join orders as o on o.id = r.order_id
  left join message_bodies as b on b.id = r.body_id
  left join lateral (
    select v.version, v.content
    from review_replies as v
    where v.review_id = r.id
    order by v.version desc
    limit 1
  ) as a
    on true
  left join review_replies as f on f.review_id = r.id and f.version = 1
where r.order_id = @order_id and r.ended_at is null;

-- name: OrdersInSelection :many
-- OrdersInSelection returns the ids of the newest orders of an account that await an engineer.
select o.id
from orders as o
where o.stage = 'selection' and o.id in (select orders_of('customer', @party::uuid))
order by o.published_at desc, o.id
limit @page;
