-- +goose Up

-- The form of work is saved on its own, so it counts its own changes. The document proves one form
-- of work and, for an employee, one employer: document_employer is null until the employee names
-- his first one.
alter table engineer_profiles
add column work_version integer not null default 0,
add column document_form text not null default '' check (
  document_form in ('', 'entrepreneur', 'employee')
),
add column document_employer uuid references parties (id);
update engineer_profiles as p
set
  document_form = e.form,
  document_employer = e.employer_id,
  work_version = p.version
from engineers as e
where e.id = p.engineer_id and e.form != '';

-- The ОГРНИП that ЕСИА reports of a person; null if it reports no ИП of his.
-- +goose StatementBegin
create function business_of(person uuid)
returns text
language sql
stable
as $$
  select b.ogrn
  from
    parties as b
    join representatives as r on r.party_id = b.id and r.person_id = b.person_id and r.active
  where b.person_id = person and b.kind = 'entrepreneur' and b.same_as is null;
$$;
-- +goose StatementEnd

-- Whether ЕСИА reports the ИП that a sole proprietor has named.
-- +goose StatementBegin
create function business_confirmed(e engineers)
returns boolean
language sql
stable
as $$
  select coalesce(e.form = 'entrepreneur' and e.ogrnip = business_of(e.person_id), false);
$$;
-- +goose StatementEnd

-- What each engineer's profile lacks. What a contract needs of the performer is said by
-- performer_missing_for_contract and missing_for_contract alone. The planner would answer an exists
-- here for all engineers at once, and read their files completely.
create view profile_gaps as
  select
    e.id as engineer_id,
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
          when (
            select true from engineer_works as w where w.engineer_id = e.id limit 1
          ) is null then 'works'
        end,
        case
          when e.form = '' then 'form'
          when e.form = 'employee'
          and e.employer_id is null then 'employer'
          when e.form = 'entrepreneur'
          and e.ogrnip = '' then 'ogrnip'
          when e.form = 'entrepreneur'
          and e.ogrnip != business_of(e.person_id) then 'ogrnip-differs'
        end,
        case
          when e.form != ''
          and (
            coalesce(p.document_name, '') = ''
            or coalesce(p.document_number, '') = ''
            or p.document_date is null
            or (
              select true
              from engineer_files as f
              where f.engineer_id = e.id and f.purpose = 'document'
              limit 1
            ) is null
          ) then 'document'
          when e.form != ''
          and (
            p.document_form != e.form
            or e.form = 'employee'
            and p.document_employer != e.employer_id
          ) then 'document-former'
        end,
        case
          when e.form = 'entrepreneur'
          and array_remove(performer_missing_for_contract(e.id), 'ogrn') != '{}' then 'requisites'
          when e.form = 'employee'
          and missing_for_contract(e.employer_id) != '{}' then 'employer-requisites'
        end
      ],
      null
    ) as missing
  from
    engineers as e
    left join engineer_profiles as p on p.engineer_id = e.id;

-- +goose StatementBegin
create or replace function missing_in_profile(engineer uuid)
returns text[]
language sql
stable
as $$
  select missing from profile_gaps where engineer_id = engineer;
$$;
-- +goose StatementEnd
update engineers
set profile_complete = not profile_complete
where
  (profile_complete or person_id is not null)
  and profile_complete != (missing_in_profile(id) = '{}');

-- +goose Down
-- +goose StatementBegin
create or replace function missing_in_profile(engineer uuid)
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
update engineers
set profile_complete = not profile_complete
where
  (profile_complete or person_id is not null)
  and profile_complete != (missing_in_profile(id) = '{}');
drop view profile_gaps;
drop function business_confirmed(engineers);
drop function business_of(uuid);
alter table engineer_profiles
drop column document_employer,
drop column document_form,
drop column work_version;
