-- name: SignatureCheck :one
-- SignatureCheck returns the recorded result for a signature of a document and its party.
select valid, result
from signature_checks
where
  signature_id = @signature_id
  and document_sha256 = @document_sha256
  and powers = @powers::text[]
  and role = @role
  and party_id = @party_id;

-- name: SignatureForProtocol :many
-- SignatureForProtocol returns where a file is a signature in an order, with the recorded check and with
-- the hash of the order's history after the message that brought it. The result is null without a check,
-- the hash while the history has none.
select
  d.seq,
  d.kind,
  f.name,
  c.result,
  coalesce(c.checked_at, d.created_at)::timestamptz as checked_at,
  coalesce(s.name, '')::text as document_name,
  coalesce(s.size, 0)::bigint as document_size,
  coalesce(c.document_sha256, '')::text as document_sha256,
  m.hash as history
from
  documents as d
  join files as f on f.id = d.file_id
  left join lateral (
    select k.result, k.checked_at, k.document_sha256
    from signature_checks as k
    where k.signature_id = d.file_id and k.order_id = d.order_id and k.valid
    order by k.checked_at
    limit 1
  ) as c
    on true
  left join lateral (
    select h.name, h.size
    from
      documents as o
      join files as h on h.id = o.file_id
    where o.order_id = d.order_id and h.sha256 = c.document_sha256
    order by o.seq, o.n
    limit 1
  ) as s
    on true
  left join order_messages as m on m.order_id = d.order_id and m.seq = d.seq
where
  d.order_id = @order_id
  and d.file_id = @file_id
  and d.kind in ('contract-signature', 'act-signature')
order by d.seq, d.n;

-- name: IsSignatureValid :one
-- IsSignatureValid reports whether a signature was checked for its document and the sender's party, and
-- is valid.
select
  exists (
    select
    from signature_checks
    where
      order_id = @order_id
      and signature_id = @signature_id
      and document_sha256 = @document_sha256
      and powers = @powers::text[]
      and role = @role
      and party_id = @party_id
      and valid
  )::boolean as valid;

-- name: AddSignatureCheck :execrows
-- AddSignatureCheck records a result once.
insert into signature_checks
  (
    id,
    order_id,
    document_sha256,
    signature_id,
    powers,
    person_id,
    role,
    party_id,
    valid,
    result,
    evidence,
    checked_at
  )
values
  (
    @id,
    @order_id,
    @document_sha256,
    @signature_id,
    @powers,
    @person_id,
    @role,
    @party_id,
    @valid,
    @result,
    @evidence,
    @checked_at
  )
on conflict do nothing;

-- name: AddSignatureEvidence :exec
insert into signature_evidence (sha256, content)
select unnest(@hashes::text[]), unnest(@contents::bytea[])
on conflict do nothing;

-- name: DocumentToSign :one
-- DocumentToSign returns the digests of a document of an order; they are empty if the document was
-- stored before digests were made.
select
  coalesce(k.streebog256, '')::text as streebog256,
  coalesce(k.streebog512, '')::text as streebog512
from
  files as f
  left join file_checks as k on k.file_id = f.id
where f.order_id = @order_id::uuid and f.sha256 = @sha256 and f.status = 'stored'
order by k.file_id
limit 1;

-- name: SigningEngineer :one
-- SigningEngineer returns whom the certificate of an engineer has to name.
select
  e.snils,
  e.form = 'entrepreneur' as entrepreneur,
  e.ogrnip,
  coalesce(p.inn, '') as person_inn,
  coalesce(r.inn, '') as inn
from
  engineers as e
  left join people as p on p.id = e.person_id
  left join requisites as r on r.engineer_id = e.id
where e.id = @engineer_id;

-- name: SigningCustomer :one
-- SigningCustomer returns whom the certificate of a customer has to name: the person himself, or the
-- head of the organisation, of several heads the sender.
select
  c.kind,
  c.ogrn,
  coalesce(nullif(c.inn, ''), r.inn, '') as inn,
  coalesce(h.snils, '') as snils,
  coalesce(h.inn, '') as person_inn
from
  parties as c
  left join requisites as r on r.party_id = c.id
  left join people as h
    on h.id = case c.kind
      when 'organisation' then (
        select m.person_id
        from representatives as m
        where m.party_id = c.id and m.chief and m.active
        order by m.person_id = @person_id desc, m.read_at desc
        limit 1
      )
      else @person_id
    end
where c.id = @party_id;

-- name: ValidChecks :many
-- ValidChecks returns the recorded checks of the valid signatures among some files of an order, each
-- signature once.
select distinct on (c.signature_id)
  c.signature_id,
  c.document_sha256,
  c.result,
  c.evidence
from signature_checks as c
where c.order_id = @order_id and c.signature_id = any (@signatures::uuid[]) and c.valid
order by c.signature_id, c.checked_at;

-- name: SignatureEvidence :many
-- SignatureEvidence returns certificates and lists of revoked certificates by their hashes.
select sha256, content
from signature_evidence
where sha256 = any (@hashes::text[]);
