-- Queries for the documents that the platform makes.

-- name: InsertGenerated :execrows
insert into generated_documents
  (
    id,
    order_id,
    kind,
    person_id,
    engineer_id,
    request_sha256,
    form,
    input,
    attachment_id,
    created_at
  )
values
  (
    @id,
    @order_id,
    @kind,
    @person_id,
    @engineer_id,
    @request_sha256,
    @form,
    @input,
    sqlc.narg('attachment_id'),
    @created_at
  )
on conflict (id) do nothing;

-- name: Generated :one
-- Generated returns a document with what its activity needs.
select id, order_id, kind, person_id, engineer_id, input, created_at, status
from generated_documents
where id = @id;

-- name: GeneratedRequest :one
-- GeneratedRequest returns the hash of the form from which a document is made.
select request_sha256 from generated_documents where id = @id;

-- name: LastGeneratedForm :one
-- LastGeneratedForm returns the form from which the newest document of a kind was asked for by an
-- engineer in an order since he became its performer, with the file that he attached.
select
  g.form,
  a.id as attachment_id,
  coalesce(a.name, '')::text as attachment_name,
  coalesce(a.size, 0)::bigint as attachment_size,
  coalesce(a.sha256, '')::text as attachment_sha256
from
  generated_documents as g
  left join files as a on a.id = g.attachment_id
where
  g.order_id = @order_id
  and g.engineer_id = @engineer_id
  and g.kind = @kind
  and g.created_at >= @since
order by g.created_at desc, g.id
limit 1;

-- name: GeneratedInput :one
-- GeneratedInput returns the values from which the platform made a PDF file.
select input from generated_documents where pdf_id = @pdf_id::uuid;

-- name: ContractSignedAt :one
-- ContractSignedAt returns when the customer signed the contract of an order.
select happened_at
from order_messages
where order_id = @order_id and kind = 'sign-contract' and verdict = 'applied'
order by seq desc
limit 1;

-- name: GeneratedOfPerformer :many
-- GeneratedOfPerformer returns the newest document of each kind that was made for an engineer in an
-- order, or only the one with the id.
select distinct on (g.kind)
  g.id,
  g.kind,
  g.input,
  g.status,
  g.problem,
  g.created_at,
  coalesce(p.id, '00000000-0000-0000-0000-000000000000')::uuid as pdf_id,
  coalesce(p.name, '')::text as pdf_name,
  coalesce(p.size, 0)::bigint as pdf_size,
  coalesce(p.sha256, '')::text as pdf_sha256,
  coalesce(d.id, '00000000-0000-0000-0000-000000000000')::uuid as docx_id,
  coalesce(d.name, '')::text as docx_name,
  coalesce(d.size, 0)::bigint as docx_size,
  coalesce(d.sha256, '')::text as docx_sha256,
  coalesce(a.id, '00000000-0000-0000-0000-000000000000')::uuid as attachment_id,
  coalesce(a.name, '')::text as attachment_name
from
  generated_documents as g
  left join files as p on p.id = g.pdf_id
  left join files as d on d.id = g.docx_id
  left join files as a on a.id = g.attachment_id
where
  g.order_id = @order_id
  and g.engineer_id = @engineer_id
  and (sqlc.narg('id')::uuid is null or g.id = sqlc.narg('id')::uuid)
order by g.kind, g.created_at desc, g.id;

-- name: FinishGenerated :execrows
-- FinishGenerated records what became of a document once.
update generated_documents
set
  status = @status,
  problem = @problem,
  template_version = @template_version,
  template_sha256 = @template_sha256,
  pdf_id = sqlc.narg('pdf_id'),
  docx_id = sqlc.narg('docx_id'),
  finished_at = @finished_at
where id = @id and status = 'making';

-- name: InsertMadeFile :exec
-- InsertMadeFile inserts a file that the platform has made or fetched and stored, as a file of the
-- party for which it did so.
insert into files
  (
    id,
    order_id,
    uploader_id,
    uploader_role,
    uploader_party,
    name,
    declared_type,
    size,
    sha256,
    content_type,
    status,
    created_at,
    stored_at
  )
values
  (
    @id,
    @order_id::uuid,
    @uploader_id::uuid,
    @uploader_role,
    @uploader_party::uuid,
    @name,
    @content_type,
    @size,
    @sha256,
    @content_type,
    'stored',
    @stored_at,
    @stored_at
  )
on conflict (id) do nothing;

-- name: ContractSides :one
-- ContractSides returns what a document of an order says of its parties: of the customer's account,
-- and of the performer, who is a sole proprietor or works for the employer.
select
  c.kind as customer_kind,
  c.name as customer_name,
  c.ogrn as customer_ogrn,
  c.head_name as customer_head,
  coalesce(cw.snils, '')::text as customer_snils,
  coalesce(nullif(c.inn, ''), cr.inn, '')::text as customer_inn,
  coalesce(nullif(c.kpp, ''), cr.kpp, '')::text as customer_kpp,
  coalesce(nullif(c.address, ''), cr.address, '')::text as customer_address,
  coalesce(cr.bic, '')::text as customer_bic,
  coalesce(cr.bank_name, '')::text as customer_bank,
  coalesce(cr.account, '')::text as customer_account,
  coalesce(cr.correspondent_account, '')::text as customer_correspondent_account,
  (
    case
      when cp.party_id is null then coalesce(nullif(c.email, ''), cw.email, '')
      else cp.email
    end
  )::text as customer_email,
  (
    case
      when cp.party_id is null then coalesce(nullif(c.phone, ''), cw.phone, '')
      else cp.phone
    end
  )::text as customer_phone,
  missing_for_contract(c.id)::text[] as customer_missing,
  e.name as engineer_name,
  e.snils as engineer_snils,
  e.registry_number,
  e.sro,
  e.form,
  e.ogrnip,
  e.email as engineer_email,
  e.phone as engineer_phone,
  coalesce(m.name, '')::text as employer_name,
  coalesce(m.ogrn, '')::text as employer_ogrn,
  coalesce(m.head_name, '')::text as employer_head,
  coalesce(nullif(m.inn, ''), nullif(ew.inn, ''), er.inn, '')::text as performer_inn,
  coalesce(nullif(m.kpp, ''), er.kpp, '')::text as performer_kpp,
  coalesce(
    nullif(m.address, ''),
    nullif(eo.address, ''),
    er.address,
    ''
  )::text as performer_address,
  coalesce(er.bic, '')::text as performer_bic,
  coalesce(er.bank_name, '')::text as performer_bank,
  coalesce(er.account, '')::text as performer_account,
  coalesce(er.correspondent_account, '')::text as performer_correspondent_account,
  performer_missing_for_contract(e.id)::text[] as performer_missing
from
  parties as c
  left join people as cw on cw.id = c.person_id
  left join requisites as cr on cr.party_id = c.id
  left join party_profiles as cp on cp.party_id = c.id
  cross join engineers as e
  left join parties as m on e.form = 'employee' and m.id = e.employer_id
  left join people as ew on e.form = 'entrepreneur' and ew.id = e.person_id
  left join parties as eo
    on e.form = 'entrepreneur' and eo.person_id = e.person_id and eo.kind = 'person'
  left join requisites as er
    on (e.form = 'entrepreneur' and er.engineer_id = e.id)
    or (e.form = 'employee' and er.party_id = e.employer_id)
where c.id = @customer_id and e.id = @engineer_id;
