-- +goose Up

-- What an engineer writes about himself. What the rules of orders ask for stays in the table
-- engineers.
create table engineer_profiles (
  engineer_id uuid primary key references engineers (id),
  -- Counts the changes: a form that was opened before another change is told so.
  version integer not null default 1,
  website text not null default '',
  residence text not null default '',
  -- The year in which his practice began.
  experience_since integer check (experience_since between 1950 and 2100),
  experience text not null default '',
  working_hours text not null default '',
  education text not null default '',
  about text not null default '',
  -- The document that proves the employment, or the registration as a sole proprietor.
  document_name text not null default '',
  document_number text not null default '',
  document_date date,
  updated_at timestamptz not null default now()
);

-- The kinds of works that an engineer does. A price is in kopecks, "from"; null means by agreement.
create table engineer_works (
  engineer_id uuid not null references engineers (id),
  work_kind text not null,
  price bigint check (price > 0),
  primary key (engineer_id, work_kind)
);
create index engineer_works_kind on engineer_works (work_kind, price);

-- What a customer or an employer writes about himself, for the other side of an order.
create table party_profiles (
  party_id uuid primary key references parties (id),
  version integer not null default 1,
  email text not null default '',
  phone text not null default '',
  website text not null default '',
  region text not null default '',
  about text not null default '',
  updated_at timestamptz not null default now()
);

-- «Реквизиты и оплата» of an account, or of an engineer who is a sole proprietor. An employee has
-- those of his employer.
create table requisites (
  party_id uuid unique references parties (id),
  engineer_id uuid unique references engineers (id),
  version integer not null default 1,
  inn text not null default '',
  address text not null default '',
  bic text not null default '',
  bank_name text not null default '',
  account text not null default '',
  correspondent_account text not null default '',
  updated_by uuid references people (id),
  updated_at timestamptz not null default now(),
  check (num_nonnulls(party_id, engineer_id) = 1)
);

-- The directory of banks, as the operator loads it from the Bank of Russia (ED807).
create table banks (
  bic text primary key check (bic ~ '^[0-9]{9}$'),
  name text not null check (name != ''),
  place text not null default '',
  correspondent_account text not null default '',
  as_of date not null
);

-- What the organisation pass of ЕСИА reported; kpp and inn are columns already.
alter table parties
add column address text not null default '',
add column email text not null default '',
add column phone text not null default '',
add column head_name text not null default '',
add column requisites_read_at timestamptz;

-- A file belongs to an order or to the profile of an engineer or an account.
alter table files
alter column order_id drop not null,
add column profile_id uuid,
-- The hash of the picture as others see it: encoded anew, without the metadata of the original.
add column picture_sha256 text not null default '' check (picture_sha256 ~ '^([0-9a-f]{64})?$'),
add constraint files_belong check (num_nonnulls(order_id, profile_id) = 1);
create index files_profile on files (profile_id) where profile_id is not null;
create index files_picture on files (picture_sha256) where picture_sha256 != '';

-- The files of an engineer's profile, and what each is.
create table engineer_files (
  file_id uuid primary key references files (id),
  engineer_id uuid not null references engineers (id),
  purpose text not null check (purpose in ('photo', 'diploma', 'sample', 'document')),
  title text not null default '',
  position integer not null
);
create index engineer_files_engineer on engineer_files (engineer_id, purpose, position);
create unique index engineer_files_photo on engineer_files (engineer_id) where purpose = 'photo';

-- The mandatory parts of an engineer's profile that are missing, as codes in the order of the form.
-- An employee's requisites are his employer's. That an employer has confirmed him is no part of the
-- profile, but a rule of its own.
-- +goose StatementBegin
create function missing_in_profile(engineer uuid)
returns text[]
language sql
stable
as $$
  select
    array_remove(
      array[
        case
          when e.regions = '{}' then 'regions'
        end,
        case
          when e.email = '' then 'email'
        end,
        case
          when e.phone = '' then 'phone'
        end,
        case
          when p.experience_since is null then 'experience'
        end,
        case
          when coalesce(p.education, '') = '' then 'education'
        end,
        case
          when not exists (select from engineer_works as w where w.engineer_id = e.id) then 'works'
        end,
        case
          when e.form = '' then 'form'
          when e.form = 'employee'
          and e.employer_id is null then 'employer'
          when e.form = 'entrepreneur'
          and e.ogrnip = '' then 'ogrnip'
        end,
        case
          when e.form != ''
          and (
            coalesce(p.document_name, '') = ''
            or coalesce(p.document_number, '') = ''
            or p.document_date is null
            or not exists (
              select from engineer_files as f where f.engineer_id = e.id and f.purpose = 'document'
            )
          ) then 'document'
        end,
        case
          when e.form = 'entrepreneur'
          and not exists (
            select
            from requisites as r
            where
              r.engineer_id = e.id
              and r.inn != ''
              and r.address != ''
              and r.bic != ''
              and r.account != ''
          ) then 'requisites'
          when e.form = 'employee'
          and e.employer_id is not null
          and not exists (
            select
            from requisites as r
            where r.party_id = e.employer_id and r.address != '' and r.bic != '' and r.account != ''
          ) then 'employer-requisites'
        end
      ],
      null
    )
  from
    engineers as e
    left join engineer_profiles as p on p.engineer_id = e.id
  where e.id = engineer;
$$;
-- +goose StatementEnd

-- +goose Down
drop function missing_in_profile(uuid);
drop table engineer_files;
delete from files where order_id is null;
drop index files_picture, files_profile;
alter table files
drop constraint files_belong,
drop column picture_sha256,
drop column profile_id,
alter column order_id set not null;
alter table parties
drop column requisites_read_at,
drop column head_name,
drop column phone,
drop column email,
drop column address;
drop table banks, requisites, party_profiles, engineer_works, engineer_profiles;
