-- Queries for the first load of a local platform: the registry's engineers with their profiles. See
-- dev/firstload.

-- name: LockFirstLoad :exec
-- LockFirstLoad lets one transaction at a time load the first snapshot.
select pg_advisory_xact_lock(hashtextextended('first load', 5));

-- name: NewestSnapshot :one
select as_of, rows from registry_snapshots order by as_of desc limit 1;

-- name: EngineersThere :one
select exists (select from engineers) as there;

-- name: AddEmployers :many
-- AddEmployers keeps what ЕСИА reported of an organisation whose people have already signed in.
insert into parties (id, kind, esia_oid, name, short_name, ogrn, inn, kpp, is_employer)
select
  unnest(@ids::uuid[]),
  'organisation',
  unnest(@esia_oids::text[]),
  unnest(@names::text[]),
  unnest(@short_names::text[]),
  unnest(@ogrns::text[]),
  unnest(@inns::text[]),
  unnest(@kpps::text[]),
  true
on conflict (ogrn) where kind = 'organisation' do update set is_employer = true
returning id, ogrn;

-- name: AddEngineers :copyfrom
insert into engineers
  (
    id,
    snils,
    registry_number,
    last_name,
    first_name,
    middle_name,
    sro,
    in_registry,
    registry_as_of,
    registry_entry,
    blocked,
    blocked_reason,
    status_at,
    form,
    employer_id,
    employment,
    receives_orders,
    profile_complete,
    regions,
    email,
    phone,
    ogrnip
  )
values
  (
    @id,
    @snils,
    @registry_number,
    @last_name,
    @first_name,
    @middle_name,
    @sro,
    @in_registry,
    @registry_as_of,
    @registry_entry,
    @blocked,
    @blocked_reason,
    @status_at,
    @form,
    @employer_id,
    @employment,
    @receives_orders,
    @profile_complete,
    @regions,
    @email,
    @phone,
    @ogrnip
  );

-- name: CountActiveEngineers :exec
update parties set active_engineers = count_active_engineers(id) where is_employer;

-- name: AddSnapshot :exec
insert into registry_snapshots (id, as_of, rows, sha256) values (@id, @as_of, @rows, @sha256);

-- name: AddProfiles :copyfrom
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
    document_name,
    document_number,
    document_date,
    document_form,
    document_employer
  )
values
  (
    @engineer_id,
    @website,
    @residence,
    @experience_since,
    @experience,
    @working_hours,
    @education,
    @about,
    @document_name,
    @document_number,
    @document_date,
    @document_form,
    @document_employer
  );

-- name: AddWorks :copyfrom
insert into engineer_works (engineer_id, work_kind, price)
values (@engineer_id, @work_kind, @price);

-- name: AddStoredFiles :copyfrom
insert into files
  (
    id,
    profile_id,
    uploader_role,
    uploader_party,
    name,
    size,
    sha256,
    content_type,
    status,
    stored_at
  )
values
  (
    @id,
    @profile_id,
    @uploader_role,
    @uploader_party,
    @name,
    @size,
    @sha256,
    @content_type,
    @status,
    @stored_at
  );

-- name: AddProfileFiles :copyfrom
insert into engineer_files (file_id, engineer_id, purpose, title, position)
values (@file_id, @engineer_id, @purpose, @title, @position);

-- name: AddRequisites :copyfrom
insert into requisites
  (party_id, engineer_id, inn, address, bic, bank_name, account, correspondent_account)
values
  (@party_id, @engineer_id, @inn, @address, @bic, @bank_name, @account, @correspondent_account);

-- name: PartiesWithoutRequisites :many
select id
from parties as p
where
  id = any (@parties::uuid[])
  and not exists (select from requisites as r where r.party_id = p.id);
