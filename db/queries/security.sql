-- name: InsertSecurityEvent :exec
insert into security_events
  (
    kind,
    happened_at,
    person_id,
    role,
    party_id,
    session_id,
    subject_kind,
    subject_id,
    code,
    address,
    user_agent,
    request_id,
    details
  )
values
  (
    @kind,
    @happened_at,
    sqlc.narg('person_id'),
    @role,
    sqlc.narg('party_id'),
    sqlc.narg('session_id'),
    @subject_kind,
    sqlc.narg('subject_id'),
    @code,
    @address,
    @user_agent,
    @request_id,
    @details
  );

-- name: SweepSecurityEvents :execrows
-- SweepSecurityEvents deletes expired events; the table rejects the deletion of any other.
delete from security_events
where
  id in (
    select id
    from security_events
    where happened_at < now() - security_events_kept()
    order by happened_at
    limit 1000
  );

-- name: SecurityEvents :many
-- SecurityEvents lists events, the newest first. @search finds people by name; @person is the
-- person who acted or whom the event concerned. The events of everybody are read in their order
-- until the page is full. Those of one person are found first ("offset 0") and then sorted, because
-- he may have few. Both halves have the same filters.
select
  e.id,
  e.kind,
  e.happened_at,
  e.person_id,
  e.role,
  e.party_id,
  e.session_id,
  e.subject_kind,
  e.subject_id,
  e.code,
  e.address,
  e.user_agent,
  e.request_id,
  e.details,
  coalesce(
    concat_ws(' ', p.last_name, p.first_name, nullif(p.middle_name, '')),
    ''
  )::text as person_name,
  coalesce(a.name, '')::text as party_name,
  coalesce(
    case e.subject_kind
      when 'order' then (select o.number from orders as o where o.id = e.subject_id)
      when 'engineer' then (select g.name from engineers as g where g.id = e.subject_id)
      when 'person' then (
        select concat_ws(' ', w.last_name, w.first_name, nullif(w.middle_name, ''))
        from people as w
        where w.id = e.subject_id
      )
      when 'party' then (select t.name from parties as t where t.id = e.subject_id)
    end,
    ''
  )::text as subject_name
from
  (
    (
      select v.*
      from security_events as v
      where
        sqlc.narg('person')::uuid is null
        and v.id < @before
        and (cardinality(@kinds::text[]) = 0 or v.kind = any (@kinds::text[]))
        and (
          @search::text = ''
          or v.person_id = any (
            array(
              select n.id
              from people as n
              where
                @search::text != ''
                and n.search like @search::text
                and n.search like all (@words::text[])
            )
          )
        )
        and (sqlc.narg('from_time')::timestamptz is null or v.happened_at >= sqlc.narg('from_time'))
        and (sqlc.narg('to_time')::timestamptz is null or v.happened_at < sqlc.narg('to_time'))
      order by v.id desc
      limit @page
    )
    union all
    (
      select v.*
      from
        (
          select o.*
          from security_events as o
          where o.person_id = sqlc.narg('person') or o.subject_id = sqlc.narg('person')
          offset 0
        ) as v
      where
        v.id < @before
        and (cardinality(@kinds::text[]) = 0 or v.kind = any (@kinds::text[]))
        and (
          @search::text = ''
          or v.person_id = any (
            array(
              select n.id
              from people as n
              where
                @search::text != ''
                and n.search like @search::text
                and n.search like all (@words::text[])
            )
          )
        )
        and (sqlc.narg('from_time')::timestamptz is null or v.happened_at >= sqlc.narg('from_time'))
        and (sqlc.narg('to_time')::timestamptz is null or v.happened_at < sqlc.narg('to_time'))
      order by v.id desc
      limit @page
    )
  ) as e
  left join people as p on p.id = e.person_id
  left join parties as a on a.id = e.party_id
order by e.id desc;
