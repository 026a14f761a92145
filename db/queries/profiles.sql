-- Queries for what engineers write about themselves.

-- name: RefreshCompleteness :exec
-- RefreshCompleteness marks the engineers whose profiles have become complete or incomplete.
-- Whoever changes anything that profile_gaps reads calls it in the same transaction, with the
-- engineers locked.
update engineers as e
set profile_complete = not e.profile_complete
from profile_gaps as g
where
  g.engineer_id = e.id
  and e.id = any (@engineers::uuid[])
  and e.profile_complete != (g.missing = '{}');

-- name: OwnProfile :one
-- OwnProfile returns an engineer's profile as he sees it himself. as_of is the date of the newest
-- registry snapshot; business_ogrn is the ОГРНИП that ЕСИА reports of him, empty if none. An
-- employer's contacts and head are shown once he has confirmed the engineer.
select
  e.id,
  e.registry_number,
  e.name,
  e.registry_name,
  e.sro,
  e.in_registry,
  e.blocked,
  e.registry_entry,
  coalesce(
    (select max(s.as_of) from registry_snapshots as s),
    e.registry_as_of
  )::timestamptz as as_of,
  e.regions,
  e.email,
  e.phone,
  e.receives_orders,
  e.profile_complete,
  e.form,
  e.ogrnip,
  e.employment,
  e.employer_id,
  coalesce(p.version, 0)::integer as version,
  coalesce(p.website, '')::text as website,
  coalesce(p.residence, '')::text as residence,
  p.experience_since,
  coalesce(p.experience, '')::text as experience,
  coalesce(p.working_hours, '')::text as working_hours,
  coalesce(p.education, '')::text as education,
  coalesce(p.about, '')::text as about,
  coalesce(p.document_name, '')::text as document_name,
  coalesce(p.document_number, '')::text as document_number,
  p.document_date,
  coalesce(p.work_version, 0)::integer as work_version,
  coalesce(o.name, '')::text as employer_name,
  coalesce(o.ogrn, '')::text as employer_ogrn,
  coalesce(o.inn, '')::text as employer_inn,
  coalesce(o.kpp, '')::text as employer_kpp,
  coalesce(o.address, '')::text as employer_address,
  coalesce(
    case
      when k.works then o.email
    end,
    ''
  )::text as employer_email,
  coalesce(
    case
      when k.works then o.phone
    end,
    ''
  )::text as employer_phone,
  coalesce(
    case
      when k.works then o.head_name
    end,
    ''
  )::text as employer_head,
  coalesce(business_of(e.person_id), '')::text as business_ogrn,
  missing_in_profile(e.id)::text[] as missing
from
  engineers as e
  left join engineer_profiles as p on p.engineer_id = e.id
  left join parties as o on o.id = e.employer_id
  cross join lateral (select e.employment in ('confirmed', 'suspended') as works) as k
where e.id = @id;

-- name: FilesOfProfile :many
select
  f.id,
  n.purpose,
  n.title,
  f.name,
  f.size,
  f.sha256,
  f.content_type,
  (f.picture_sha256 != '')::boolean as picture,
  f.created_at
from
  engineer_files as n
  join files as f on f.id = n.file_id
where n.engineer_id = @engineer_id
order by n.purpose, n.position;

-- name: ProfileState :one
-- ProfileState returns what a change of a profile is compared with. The engineer is locked.
select
  coalesce(p.version, 0)::integer as version,
  coalesce(p.work_version, 0)::integer as work_version,
  e.form,
  e.employer_id,
  e.employment,
  coalesce(business_of(e.person_id), '')::text as business_ogrn
from
  engineers as e
  left join engineer_profiles as p on p.engineer_id = e.id
where e.id = @id;

-- name: SaveProfile :exec
insert into engineer_profiles
  (
    engineer_id,
    website,
    residence,
    experience_since,
    experience,
    working_hours,
    education,
    about,
    updated_at
  )
values
  (
    @engineer_id,
    @website,
    @residence,
    sqlc.narg('experience_since'),
    @experience,
    @working_hours,
    @education,
    @about,
    @updated_at
  )
on conflict (engineer_id) do update
  set
    version = engineer_profiles.version + 1,
    website = excluded.website,
    residence = excluded.residence,
    experience_since = excluded.experience_since,
    experience = excluded.experience,
    working_hours = excluded.working_hours,
    education = excluded.education,
    about = excluded.about,
    updated_at = excluded.updated_at;

-- name: SaveContacts :exec
update engineers
set
  regions = @regions,
  email = @email,
  phone = @phone
where id = @id;

-- name: SaveWorkDocument :exec
-- SaveWorkDocument stores the document for the engineer's form of work and employer of now.
insert into engineer_profiles
  (
    engineer_id,
    version,
    work_version,
    document_name,
    document_number,
    document_date,
    document_form,
    document_employer,
    updated_at
  )
select
  e.id,
  0,
  1,
  @document_name,
  @document_number,
  sqlc.narg('document_date'),
  e.form,
  e.employer_id,
  @updated_at
from engineers as e
where e.id = @engineer_id
on conflict (engineer_id) do update
  set
    work_version = engineer_profiles.work_version + 1,
    document_name = excluded.document_name,
    document_number = excluded.document_number,
    document_date = excluded.document_date,
    document_form = excluded.document_form,
    document_employer = excluded.document_employer,
    updated_at = excluded.updated_at;

-- name: SaveFormOfWork :exec
-- SaveFormOfWork changes the form of work of an engineer who has no employer, or keeps it.
update engineers
set
  form = @form,
  ogrnip = @ogrnip,
  employment = case
    when @form::text = 'employee' then employment
    else ''
  end
where id = @id;

-- name: SetReceiving :exec
update engineers set receives_orders = @receives_orders where id = @id;

-- name: DeleteWorks :exec
delete from engineer_works where engineer_id = @engineer_id;

-- name: InsertWorks :exec
-- InsertWorks takes 0 for a price by agreement.
insert into engineer_works (engineer_id, work_kind, price)
select @engineer_id, unnest(@kinds::text[]), nullif(unnest(@prices::bigint[]), 0);

-- name: StoredProfileFiles :many
-- StoredProfileFiles returns those of the files that a profile may name. The lock makes a
-- concurrent deletion wait; it then finds the file in use.
select
  f.id,
  f.size,
  f.content_type,
  (f.picture_sha256 != '')::boolean as picture,
  coalesce((select n.purpose from engineer_files as n where n.file_id = f.id), '')::text as purpose
from files as f
where f.profile_id = @profile_id::uuid and f.status = 'stored' and f.id = any (@ids::uuid[])
order by f.id
for key share of f;

-- name: ReleaseProfileFiles :exec
delete from engineer_files where engineer_id = @engineer_id and purpose = any (@purposes::text[]);

-- name: NameProfileFiles :exec
insert into engineer_files (file_id, engineer_id, purpose, title, position)
select
  unnest(@files::uuid[]),
  @engineer_id,
  unnest(@purposes::text[]),
  unnest(@titles::text[]),
  unnest(@positions::integer[]);

-- name: EngineerVisibility :one
-- EngineerVisibility returns why a viewer may see an engineer: he is listed publicly, works for the
-- viewing employer (employed) or asked him for work, or has a common order with the viewing
-- account.
select
  e.listed,
  coalesce(e.employer_id = @viewer, false)::boolean as employed,
  exists (
    select
    from employments as m
    where
      m.engineer_id = e.id
      and m.employer_id = @viewer
      and (
        m.status in ('confirmed', 'suspended')
        or m.status = 'pending'
        and m.asked_by = 'engineer'
      )
  ) as staff,
  (
    exists (
      select
      from orders as o
      where
        o.engineer_id = e.id
        and o.customer_id in (
          select p.id from parties as p where p.id = @viewer or p.same_as = @viewer
        )
    )
    or exists (
      select
      from
        responses as r
        join orders as o on o.id = r.order_id
      where
        r.engineer_id = e.id
        and o.customer_id in (
          select p.id from parties as p where p.id = @viewer or p.same_as = @viewer
        )
    )
    or exists (
      select
      from
        offers as f
        join orders as o on o.id = f.order_id
      where
        f.engineer_id = e.id
        and o.customer_id in (
          select p.id from parties as p where p.id = @viewer or p.same_as = @viewer
        )
    )
    or exists (
      select
      from orders as o
      where
        o.substitute_id = e.id
        and o.customer_id in (
          select p.id from parties as p where p.id = @viewer or p.same_as = @viewer
        )
    )
    or exists (select from orders as o where o.engineer_id = e.id and o.employer_id = @viewer)
  )::boolean as common_order
from engineers as e
where e.id = @engineer_id;

-- name: WorkDocument :one
-- WorkDocument returns the document that proves an engineer's form of work.
select
  e.form,
  coalesce(p.document_name, '')::text as name,
  coalesce(p.document_number, '')::text as number,
  p.document_date as issued
from
  engineers as e
  left join engineer_profiles as p on p.engineer_id = e.id
where e.id = @engineer_id;

-- name: PhotoOf :one
select f.id, f.name, f.picture_sha256, f.thumbnail_sha256
from
  engineer_files as n
  join files as f on f.id = n.file_id
where n.engineer_id = @engineer_id and n.purpose = 'photo' and f.picture_sha256 != '';
