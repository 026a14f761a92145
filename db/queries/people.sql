-- name: UpsertOwnParty :one
insert into parties (id, kind, person_id, esia_oid, name, short_name, ogrn, inn, address)
values (@id, @kind, @person_id, @esia_oid, @name, @short_name, @ogrn, @inn, @address)
on conflict (person_id, kind) where person_id is not null do update
  set
    esia_oid = excluded.esia_oid,
    name = excluded.name,
    short_name = excluded.short_name,
    ogrn = excluded.ogrn,
    inn = excluded.inn,
    address = excluded.address
returning id;

-- name: UpsertOrganisation :one
insert into parties (id, kind, esia_oid, name, short_name, ogrn)
values (@id, 'organisation', @esia_oid, @name, @short_name, @ogrn)
on conflict (ogrn) where kind = 'organisation' do update
  set
    esia_oid = excluded.esia_oid,
    name = excluded.name,
    short_name = excluded.short_name
returning id;

-- name: ReleaseOrganisationNumber :exec
-- ReleaseOrganisationNumber clears the ЕСИА number of an organisation that ЕСИА now lists under
-- another ОГРН, or of an account that belonged to another person.
update parties
set esia_oid = null
where
  esia_oid = @esia_oid
  and (kind != @kind or ogrn != @ogrn or person_id is distinct from sqlc.narg('person_id'));

-- name: UpsertRepresentative :exec
-- UpsertRepresentative clears the admission of a person who returns to an organisation that he had
-- left.
insert into representatives (person_id, party_id, chief, active, read_at)
values (@person_id, @party_id, @chief, true, @read_at)
on conflict (person_id, party_id) do update
  set
    chief = excluded.chief,
    active = true,
    read_at = excluded.read_at,
    as_customer = representatives.as_customer and representatives.active,
    as_employer = representatives.as_employer and representatives.active;

-- name: EndOtherRepresentations :exec
-- EndOtherRepresentations ends memberships that ЕСИА no longer reports, together with their
-- admissions.
with
  left_behind as (
    select r.person_id, r.party_id, r.as_customer or r.as_employer as admitted
    from representatives as r
    where r.person_id = @person_id and r.active and not (r.party_id = any (@kept::uuid[]))
    for update
  ),
  ended as (
    insert into admissions (party_id, person_id, as_customer, as_employer, cause, decided_at)
    select party_id, person_id, false, false, 'membership', @read_at from left_behind where admitted
  )
update representatives as r
set
  active = false,
  chief = false,
  as_customer = false,
  as_employer = false,
  read_at = @read_at
from left_behind as l
where r.person_id = l.person_id and r.party_id = l.party_id;

-- name: ActsFor :many
-- ActsFor returns the parties for which a person may act.
select party_id
from representatives
where person_id = @person_id and active and (chief or as_customer or as_employer);

-- name: EngineersOfSignIn :many
-- EngineersOfSignIn returns the engineers whom a sign-in may change: those of the person, and the
-- one whom the registry knows by his СНИЛС.
select e.id
from engineers as e
where
  e.id in (
    select s.id from engineers as s where @snils::text != '' and s.snils = @snils::text
    union all
    select o.id
    from engineers as o
    where
      o.person_id in (
        select human_of(n.person_id) from person_esia_numbers as n where n.esia_oid = @esia_oid
      )
  )
order by e.id;

-- name: LockPartiesOfSignIn :many
-- LockPartiesOfSignIn locks the organisations that a sign-in changes, and the employers of the
-- engineers whom it changes. Engineers are locked after it.
select p.id
from parties as p
where
  p.id in (
    select o.id from parties as o where o.kind = 'organisation' and o.ogrn = any (@ogrns::text[])
    union all
    select e.employer_id from engineers as e where e.id = any (@engineers::uuid[])
    union all
    select sqlc.narg('organisation_id')::uuid
  )
order by p.id
for no key update;

-- name: ConfirmedBusinesses :many
-- ConfirmedBusinesses returns those of the engineers whose ИП ЕСИА reports.
select e.id from engineers as e where e.id = any (@engineers::uuid[]) and business_confirmed(e);

-- name: UnlinkEngineer :exec
update engineers set person_id = null where person_id = @person_id and snils != @snils;

-- name: LinkEngineer :exec
update engineers
set person_id = @person_id
where snils = @snils and person_id is distinct from @person_id;

-- name: PartiesOfPerson :many
-- PartiesOfPerson returns the parties as which the person may act: himself, his ИП, and the
-- organisations that he heads or was admitted to.
select
  p.id,
  p.kind,
  p.name,
  p.short_name,
  (p.kind != 'organisation' or r.chief or r.as_customer)::boolean as may_order,
  (p.is_employer and (r.chief or r.as_employer))::boolean as may_employ
from
  parties as p
  left join representatives as r on r.party_id = p.id and r.person_id = @person_id
where
  p.id in (
    select o.id from parties as o where o.person_id = @person_id and o.kind = 'person'
    union all
    select m.party_id from representatives as m where m.person_id = @person_id and m.active
  )
  and (
    p.kind = 'person'
    and p.person_id = @person_id
    or r.active
    and (p.kind != 'organisation' or r.chief or r.as_customer or (r.as_employer and p.is_employer))
  )
order by
  case p.kind
    when 'person' then 0
    when 'entrepreneur' then 1
    else 2
  end,
  name_order(p.name),
  p.id;

-- name: EngineerOfPerson :one
select
  e.id,
  e.in_registry,
  has_taken_part(e.id)::boolean as has_taken_part
from engineers as e
where e.person_id = @person_id;

-- name: EngineerRestrictions :one
-- EngineerRestrictions returns why an engineer may not take new orders.
select
  e.blocked,
  e.blocked_reason,
  e.status_at,
  e.in_registry,
  e.registry_as_of,
  coalesce(e.registry_entry ->> 'status', '')::text as status,
  coalesce(e.registry_entry ->> 'sro_out_reason', '')::text as ground,
  e.form,
  e.employment,
  missing_in_profile(e.id)::text[] as missing,
  coalesce(w.active_engineers, 0)::integer as employer_active,
  m.changed_at,
  coalesce(m.comment, '')::text as comment
from
  engineers as e
  left join parties as w on w.id = e.employer_id
  left join employments as m
    on m.id = (
      select o.id
      from employments as o
      where
        o.engineer_id = e.id
        and o.status != 'withdrawn'
        and (e.employer_id is null or o.employer_id = e.employer_id)
      order by o.changed_at desc
      limit 1
    )
where e.id = @id;

-- name: PersonByID :one
select id, esia_oid, last_name, first_name, middle_name, email, phone, active
from people
where id = @id;

-- name: PersonName :one
select btrim(concat_ws(' ', last_name, first_name, nullif(middle_name, '')))::text
from people
where id = @id;

-- name: GiveConsent :exec
insert into consents (person_id, version, given_at) values (@person_id, @version, @given_at);

-- name: WithdrawConsent :execrows
update consents
set withdrawn_at = @withdrawn_at
where person_id = @person_id and withdrawn_at is null;

-- name: LockPerson :exec
select 1 from people where id = @id for no key update;

-- name: FirstConsentIsSince :one
-- FirstConsentIsSince reports whether the person's first consent of all was given at or after
-- @since.
select coalesce(min(given_at) >= @since::timestamptz, false)::boolean
from consents
where person_id = @person_id;

-- name: ConsentInForce :many
select given_at
from consents
where person_id = @person_id and version = @version and withdrawn_at is null
order by given_at;

-- name: LockIdentity :exec
-- LockIdentity serialises sign-ins with the same ЕСИА number or СНИЛС: two concurrent ones must not
-- create two records of one person.
select pg_advisory_xact_lock(hashtextextended(@identity::text, 14));

-- name: PersonByNumber :one
-- PersonByNumber returns the person who signs in under an ЕСИА number, and whether the record
-- matches him.
select
  p.id,
  p.created_at,
  coalesce(p.snils_number, '')::text as snils,
  coalesce(
    same_human(
      p.last_name,
      p.first_name,
      p.middle_name,
      p.birth_date,
      @last_name,
      @first_name,
      @middle_name,
      sqlc.narg('birth_date')
    ),
    false
  )::boolean as same_human,
  exists (
    select from person_esia_numbers as n where n.esia_oid = @esia_oid
  )::boolean as number_known
from people as p
where
  p.id = (
    select
      human_of(
        coalesce(
          (select n.person_id from person_esia_numbers as n where n.esia_oid = @esia_oid),
          (select o.id from people as o where o.esia_oid = @esia_oid)
        )
      )
  );

-- name: PeopleWithSNILS :many
select
  p.id,
  p.created_at,
  coalesce(p.snils_number, '')::text as snils,
  coalesce(
    same_human(
      p.last_name,
      p.first_name,
      p.middle_name,
      p.birth_date,
      @last_name,
      @first_name,
      @middle_name,
      sqlc.narg('birth_date')
    ),
    false
  )::boolean as same_human
from people as p
where p.same_as is null and p.snils_number = snils_digits(@snils)
order by p.created_at, p.id;

-- name: MergePeople :exec
select merge_people(@duplicate, @kept);

-- name: InsertPerson :exec
insert into people
  (id, esia_oid, snils, last_name, first_name, middle_name, birth_date, email, phone, inn, seen_at)
values
  (
    @id,
    @esia_oid,
    @snils,
    @last_name,
    @first_name,
    @middle_name,
    sqlc.narg('birth_date'),
    @email,
    @phone,
    @inn,
    @seen_at
  );

-- name: UpdatePerson :one
-- UpdatePerson keeps values that ЕСИА did not report this time. It also keeps the ЕСИА number if a
-- merged record has the new one.
update people as p
set
  esia_oid = case
    when exists (
      select from people as o where o.esia_oid = @esia_oid and o.id != p.id
    ) then p.esia_oid
    else @esia_oid
  end,
  snils = case
    when @snils::text = '' then p.snils
    else @snils
  end,
  birth_date = coalesce(sqlc.narg('birth_date'), p.birth_date),
  last_name = @last_name,
  first_name = @first_name,
  middle_name = @middle_name,
  email = @email,
  phone = @phone,
  inn = @inn,
  seen_at = @seen_at
where p.id = @id
returning p.active, p.snils;

-- name: UpsertESIANumber :exec
insert into person_esia_numbers (esia_oid, person_id, first_seen, last_seen)
values (@esia_oid, @person_id, @seen_at, @seen_at)
on conflict (esia_oid) do update
  set
    person_id = excluded.person_id,
    last_seen = excluded.last_seen;

-- name: ESIANumbers :many
select esia_oid from person_esia_numbers where person_id = @person_id;

-- name: CanonicalPerson :one
select human_of(@id)::uuid;
