-- +goose Up

-- What the check of a PDF of an order found when it was stored: the report on PDF/A (pdfa.Report) and
-- the digests that signatures are made over, besides SHA-256. Other files have no row, nor have those
-- that were stored before this table.
create table file_checks (
  file_id uuid primary key references files (id)
    on delete cascade,
  report jsonb not null check (jsonb_typeof(report) = 'object'),
  streebog256 text not null check (streebog256 ~ '^[0-9a-f]{64}$'),
  streebog512 text not null check (streebog512 ~ '^[0-9a-f]{128}$'),
  checked_at timestamptz not null
);
create trigger file_checks_append_only
before update on file_checks
for each row
execute function refuse_change();

-- +goose Down
drop table file_checks;
