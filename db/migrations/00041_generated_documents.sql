-- +goose Up

-- Documents that the platform makes for the performer of an order: the input from which one is made,
-- and the files that it became. The newest of a kind that somebody asked for is the current one. An
-- input never changes, so that it always makes the same document; it contains personal data.
create table generated_documents (
  id uuid primary key,
  order_id uuid not null references orders (id)
    on delete cascade,
  kind text not null check (kind in ('contract', 'act', 'prepayment-invoice', 'invoice')),
  person_id uuid not null references people (id),
  engineer_id uuid not null references engineers (id),
  -- The hash of the form that was sent, to compare a repeated request.
  request_sha256 text not null check (request_sha256 ~ '^[0-9a-f]{64}$'),
  input jsonb not null,
  created_at timestamptz not null,
  status text not null default 'making' check (status in ('making', 'ready', 'failed')),
  -- For the person, in Russian; only of a failed one.
  problem text not null default '',
  -- The text from which it was made.
  template_version text not null default '',
  template_sha256 text not null default '' check (template_sha256 ~ '^([0-9a-f]{64})?$'),
  pdf_id uuid unique references files (id),
  docx_id uuid unique references files (id),
  -- What its author attaches to it.
  attachment_id uuid references files (id),
  finished_at timestamptz,
  check ((status = 'failed') = (problem != '')),
  check ((status = 'making') = (finished_at is null)),
  check ((status = 'ready') = (pdf_id is not null)),
  check ((pdf_id is null) = (docx_id is null))
);
create index generated_documents_order on generated_documents (
  order_id,
  engineer_id,
  kind,
  created_at desc
);
create index generated_documents_attachment on generated_documents (attachment_id)
where attachment_id is not null;

-- Whether a document that the platform made has this file. Such a file is kept with the document.
-- +goose StatementBegin
create function is_generated(file uuid)
returns boolean
language sql
stable
as $$
  select
    exists (select from generated_documents as g where g.pdf_id = file)
    or exists (select from generated_documents as g where g.docx_id = file)
    or exists (select from generated_documents as g where g.attachment_id = file);
$$;
-- +goose StatementEnd

-- The rights are granted again after each migration.
-- +goose StatementBegin
do $$ begin
    execute replace(replace(pg_get_functiondef('grant_process_rights'::regproc),
        '"message_bodies": "used",', '"message_bodies": "used", "generated_documents": "status, problem, template_version, template_sha256, pdf_id, docx_id, finished_at",'),
        'array[''admissions'', ', 'array[''admissions'', ''generated_documents'', ');
end $$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
do $$ begin
    execute replace(replace(pg_get_functiondef('grant_process_rights'::regproc),
        ' "generated_documents": "status, problem, template_version, template_sha256, pdf_id, docx_id, finished_at",', ''),
        '''generated_documents'', ', '');
end $$;
-- +goose StatementEnd
drop function is_generated(uuid);
drop table generated_documents;
