-- +goose Up

-- What the check of a signature found when the signature came in, for one document and one party. A
-- row is written once and never changes: nothing is judged anew. Signatures that came in before have
-- no row.
create table signature_checks (
  id uuid primary key,
  order_id uuid not null,
  document_sha256 text not null check (document_sha256 ~ '^[0-9a-f]{64}$'),
  signature_id uuid not null references files (id)
    on delete cascade,
  -- The powers of attorney of the signer, his own first; none if he signs for himself or is the head.
  powers text[] not null,
  person_id uuid not null references people (id),
  role text not null check (role in ('customer', 'engineer')),
  party_id uuid not null,
  valid boolean not null,
  -- The result as internal/signature gives it.
  result jsonb not null,
  -- The certificates and lists of revoked certificates that it rests on, by their hashes.
  evidence text[] not null,
  checked_at timestamptz not null
);
create unique index signature_checks_once on signature_checks (
  signature_id,
  document_sha256,
  powers,
  role,
  party_id
);
create index signature_checks_order on signature_checks (order_id);

-- Certificates and lists of revoked certificates, in DER. Many checks rest on one.
create table signature_evidence (
  sha256 text primary key check (sha256 ~ '^[0-9a-f]{64}$'),
  content bytea not null
);

create trigger signature_checks_append_only
before update on signature_checks
for each row
execute function refuse_change();

-- The result of the check of a document that is a valid signature; null for other documents, and for
-- signatures that came in before there were checks.
-- +goose StatementBegin
create function checked_signature(of_order uuid, kind text, file uuid)
returns jsonb
language sql
stable
as $$
  select c.result
  from signature_checks as c
  where
    kind in ('contract-signature', 'act-signature')
    and c.signature_id = file
    and c.order_id = of_order
    and c.valid
  order by c.checked_at
  limit 1;
$$;
-- +goose StatementEnd

alter table documents drop constraint documents_kind_check;
alter table documents
add constraint documents_kind_check
  check (
    kind in (
      'form',
      'contract',
      'contract-signature',
      'prepayment-invoice',
      'prepayment-receipt',
      'result',
      'remark',
      'act',
      'act-signature',
      'registration-result',
      'invoice',
      'receipt',
      'power-of-attorney',
      'power-of-attorney-signature'
    )
  )
    not valid;
alter table documents validate constraint documents_kind_check;

-- +goose Down
delete from documents where kind in ('power-of-attorney', 'power-of-attorney-signature');
alter table documents drop constraint documents_kind_check;
alter table documents
add constraint documents_kind_check
  check (
    kind in (
      'form',
      'contract',
      'contract-signature',
      'prepayment-invoice',
      'prepayment-receipt',
      'result',
      'remark',
      'act',
      'act-signature',
      'registration-result',
      'invoice',
      'receipt'
    )
  );
drop function checked_signature(uuid, text, uuid);
drop table signature_checks, signature_evidence;
