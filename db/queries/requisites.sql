-- Queries for the requisites and the profile of an account, and for the directory of banks.

-- name: LockParty :exec
-- LockParty is taken before any engineer of the party is locked.
select 1 from parties where id = @id for no key update;

-- name: PartyRequisites :one
-- PartyRequisites returns what ЕСИА gave of an account, and what was typed.
select
  p.kind,
  p.name,
  p.ogrn,
  p.inn as esia_inn,
  p.kpp as esia_kpp,
  p.address as esia_address,
  coalesce(w.snils_number, '')::text as snils,
  p.requisites_read_at,
  p.requisites_tried_at,
  coalesce(r.version, 0)::integer as version,
  coalesce(r.inn, '')::text as inn,
  coalesce(r.kpp, '')::text as kpp,
  coalesce(r.address, '')::text as address,
  coalesce(r.bic, '')::text as bic,
  coalesce(r.bank_name, '')::text as bank_name,
  coalesce(r.account, '')::text as account,
  coalesce(r.correspondent_account, '')::text as correspondent_account,
  r.updated_at,
  r.updated_by,
  coalesce(u.last_name, '')::text as by_last_name,
  coalesce(u.first_name, '')::text as by_first_name,
  coalesce(u.middle_name, '')::text as by_middle_name,
  exists (select from banks as b where b.bic = r.bic)::boolean as bank_known,
  missing_for_contract(p.id)::text[] as missing
from
  parties as p
  left join requisites as r on r.party_id = p.id
  left join people as w on w.id = p.person_id
  left join people as u on u.id = r.updated_by
where p.id = @id;

-- name: EngineerRequisites :one
-- EngineerRequisites returns the same of an engineer who is a sole proprietor, and whose requisites
-- those of an employee are.
select
  e.form,
  e.employment,
  e.employer_id,
  coalesce(m.name, '')::text as employer,
  e.name,
  e.ogrnip,
  coalesce(w.inn, '')::text as esia_inn,
  coalesce(o.address, '')::text as esia_address,
  coalesce(r.version, 0)::integer as version,
  coalesce(r.inn, '')::text as inn,
  coalesce(r.address, '')::text as address,
  coalesce(r.bic, '')::text as bic,
  coalesce(r.bank_name, '')::text as bank_name,
  coalesce(r.account, '')::text as account,
  coalesce(r.correspondent_account, '')::text as correspondent_account,
  r.updated_at,
  r.updated_by,
  exists (select from banks as b where b.bic = r.bic)::boolean as bank_known,
  performer_missing_for_contract(e.id)::text[] as missing
from
  engineers as e
  left join requisites as r on r.engineer_id = e.id
  left join people as w on w.id = e.person_id
  left join parties as o on o.person_id = e.person_id and o.kind = 'person'
  left join parties as m on m.id = e.employer_id
where e.id = @id;

-- name: UpdateRequisites :execrows
update requisites
set
  version = version + 1,
  inn = @inn,
  kpp = @kpp,
  address = @address,
  bic = @bic,
  bank_name = @bank_name,
  account = @account,
  correspondent_account = @correspondent_account,
  updated_by = @updated_by,
  updated_at = @updated_at
where party_id = sqlc.narg('party_id') or engineer_id = sqlc.narg('engineer_id');

-- name: InsertRequisites :exec
insert into requisites
  (
    inn,
    kpp,
    address,
    bic,
    bank_name,
    account,
    correspondent_account,
    updated_by,
    updated_at,
    party_id,
    engineer_id
  )
values
  (
    @inn,
    @kpp,
    @address,
    @bic,
    @bank_name,
    @account,
    @correspondent_account,
    @updated_by,
    @updated_at,
    sqlc.narg('party_id'),
    sqlc.narg('engineer_id')
  );

-- name: EngineersToRefresh :many
-- EngineersToRefresh locks the employees of a party whose profile became complete or incomplete.
select e.id
from
  engineers as e
  join profile_gaps as g on g.engineer_id = e.id
where e.employer_id = @employer_id and e.profile_complete is distinct from (g.missing = '{}')
order by e.id
for no key update of e;

-- name: MissingForContract :one
select missing_for_contract(@party)::text[] as missing;

-- name: PerformerMissingForContract :one
select performer_missing_for_contract(@engineer)::text[] as missing;

-- name: PartyProfile :one
-- PartyProfile returns the profile of an account, with what ЕСИА gave of it.
select
  p.kind,
  p.name,
  p.ogrn,
  p.inn,
  p.kpp,
  p.address,
  p.head_name,
  p.requisites_read_at,
  p.requisites_tried_at,
  coalesce(nullif(p.email, ''), w.email, '')::text as esia_email,
  coalesce(nullif(p.phone, ''), w.phone, '')::text as esia_phone,
  coalesce(f.version, 0)::integer as version,
  coalesce(f.email, '')::text as email,
  coalesce(f.phone, '')::text as phone,
  coalesce(f.website, '')::text as website,
  coalesce(f.region, '')::text as region,
  coalesce(f.about, '')::text as about,
  f.updated_at,
  f.updated_by,
  coalesce(u.last_name, '')::text as by_last_name,
  coalesce(u.first_name, '')::text as by_first_name,
  coalesce(u.middle_name, '')::text as by_middle_name
from
  parties as p
  left join party_profiles as f on f.party_id = p.id
  left join people as w on w.id = p.person_id
  left join people as u on u.id = f.updated_by
where p.id = @id;

-- name: SavePartyProfile :exec
insert into party_profiles (party_id, email, phone, website, region, about, updated_by, updated_at)
values (@party_id, @email, @phone, @website, @region, @about, @updated_by, @updated_at)
on conflict (party_id) do update
  set
    version = party_profiles.version + 1,
    email = excluded.email,
    phone = excluded.phone,
    website = excluded.website,
    region = excluded.region,
    about = excluded.about,
    updated_by = excluded.updated_by,
    updated_at = excluded.updated_at;

-- name: Bank :one
select bic, name, place, correspondent_account, as_of from banks where bic = @bic;

-- name: LockBanks :exec
-- LockBanks lets one transaction at a time replace the directory of banks.
select pg_advisory_xact_lock(hashtextextended('banks', 27));

-- name: BanksThere :one
select count(*) as banks, coalesce(max(as_of), date '0001-01-01')::date as as_of from banks;

-- name: UpsertBanks :exec
insert into banks (bic, name, place, correspondent_account, as_of)
select
  unnest(@bics::text[]),
  unnest(@names::text[]),
  unnest(@places::text[]),
  unnest(@correspondent_accounts::text[]),
  @as_of
on conflict (bic) do update
  set
    name = excluded.name,
    place = excluded.place,
    correspondent_account = excluded.correspondent_account,
    as_of = excluded.as_of;

-- name: DeleteOtherBanks :execrows
delete from banks where not (bic = any (@bics::text[]));

-- name: OrganisationToRead :one
-- OrganisationToRead returns the number of an organisation in ЕСИА, and when its data were last
-- asked for.
select coalesce(esia_oid, '')::text as esia_oid, ogrn, requisites_tried_at
from parties
where id = @id and kind = 'organisation';

-- name: SaveOrganisation :exec
-- SaveOrganisation keeps values that ЕСИА did not report this time. Only the head's own pass names
-- him.
update parties
set
  requisites_read_at = @read_at,
  requisites_tried_at = @read_at,
  inn = coalesce(nullif(@inn::text, ''), inn),
  kpp = coalesce(nullif(@kpp::text, ''), kpp),
  address = coalesce(nullif(@address::text, ''), address),
  email = coalesce(nullif(@email::text, ''), email),
  phone = coalesce(nullif(@phone::text, ''), phone),
  head_name = coalesce(nullif(@head_name::text, ''), head_name)
where id = @id;

-- name: OrganisationTried :exec
update parties set requisites_tried_at = @tried_at where id = @id;

-- name: NotifyOfAccount :exec
-- NotifyOfAccount notifies everybody whom a new bank account of an organisation concerns: its
-- cabinets, its head and its other representatives in their own cabinets, except the one who
-- changed it, and the engineers in whose contracts it stands.
with
  o as (
    select p.id, p.is_employer from parties as p where p.id = @party_id and p.kind = 'organisation'
  )
insert into notifications (role, party_id, kind, subject, created_at)
select 'customer', o.id, @kind::text, @subject::text, @created_at::timestamptz from o
union all
select 'employer', o.id, @kind, @subject, @created_at from o where o.is_employer
union all
select 'customer', w.id, @personal_kind::text, @subject, @created_at
from
  o
  join representatives as r
    on r.party_id = o.id
    and r.active
    and (r.chief or r.as_customer or r.as_employer)
    and r.person_id != @person_id
  join parties as w on w.kind = 'person' and w.person_id = r.person_id and w.same_as is null
union all
select 'engineer', e.id, @kind, @subject, @created_at
from
  o
  join engineers as e on e.employer_id = o.id and e.employment in ('confirmed', 'suspended');
