-- +goose Up

-- Typed where ЕСИА gave none, as the ИНН and the address are.
alter table requisites add column kpp text not null default '';

alter table party_profiles add column updated_by uuid references people (id);

-- When the platform last asked ЕСИА for the organisation's data, whether ЕСИА gave them or not.
alter table parties add column requisites_tried_at timestamptz;

-- A login that also reads an organisation: its account, and its number in the request to ЕСИА.
alter table logins
add column organisation_id uuid references parties (id),
add column organisation_oid text not null default '',
add constraint logins_organisation check ((organisation_id is null) = (organisation_oid = ''));

-- What a contract needs of an account and is missing, as codes in the order of the page. What ЕСИА
-- gave goes before what was typed. A natural person needs СНИЛС and address; the others their
-- numbers and bank.
-- +goose StatementBegin
create function missing_for_contract(party uuid)
returns text[]
language sql
stable
as $$
  select
    array_remove(
      array[
        case
          when p.kind = 'person'
          and coalesce(w.snils_number, '') = '' then 'snils'
        end,
        case
          when p.kind != 'person'
          and coalesce(nullif(p.inn, ''), r.inn, '') = '' then 'inn'
        end,
        case
          when p.kind = 'organisation'
          and coalesce(nullif(p.kpp, ''), r.kpp, '') = '' then 'kpp'
        end,
        case
          when p.kind != 'person'
          and p.ogrn = '' then 'ogrn'
        end,
        case
          when coalesce(nullif(p.address, ''), r.address, '') = '' then 'address'
        end,
        case
          when p.kind != 'person'
          and (coalesce(r.bic, '') = '' or r.bank_name = '' or r.account = '') then 'bank'
        end
      ],
      null
    )
  from
    parties as p
    left join people as w on w.id = p.person_id
    left join requisites as r on r.party_id = p.id
  where p.id = party;
$$;
-- +goose StatementEnd

-- The same of a performer: an employee's requisites are those of the employer who has confirmed
-- him.
-- +goose StatementBegin
create function performer_missing_for_contract(engineer uuid)
returns text[]
language sql
stable
as $$
  select
    case e.form
      when 'employee' then case
        when e.employer_id is null
        or e.employment = 'pending' then array['employer']
        else missing_for_contract(e.employer_id)
      end
      when 'entrepreneur' then array_remove(
        array[
          case
            when coalesce(nullif(w.inn, ''), r.inn, '') = '' then 'inn'
          end,
          case
            when e.ogrnip = '' then 'ogrn'
          end,
          case
            when coalesce(nullif(o.address, ''), r.address, '') = '' then 'address'
          end,
          case
            when coalesce(r.bic, '') = ''
            or r.bank_name = ''
            or r.account = '' then 'bank'
          end
        ],
        null
      )
      else array['form']
    end
  from
    engineers as e
    left join people as w on w.id = e.person_id
    left join parties as o on o.person_id = e.person_id and o.kind = 'person'
    left join requisites as r on r.engineer_id = e.id
  where e.id = engineer;
$$;
-- +goose StatementEnd

-- An account that another one stands for gives it its requisites and profile, unless that one has
-- its own.
-- +goose StatementBegin
create function move_requisites()
returns trigger
language plpgsql
as $$
begin
    update requisites set party_id = new.same_as where party_id = new.id
        and not exists (select from requisites k where k.party_id = new.same_as);
    update party_profiles set party_id = new.same_as where party_id = new.id
        and not exists (select from party_profiles k where k.party_id = new.same_as);
    return null;
end $$;
-- +goose StatementEnd
create trigger parties_requisites
after update of same_as on parties
for each row
when (new.same_as is not null)
execute function move_requisites();

-- +goose Down
drop trigger parties_requisites on parties;
drop function move_requisites();
drop function performer_missing_for_contract(uuid);
drop function missing_for_contract(uuid);
alter table logins drop column organisation_oid, drop column organisation_id;
alter table parties drop column requisites_tried_at;
alter table party_profiles drop column updated_by;
alter table requisites drop column kpp;
