-- +goose Up

-- The form from which a document was asked for, as its author sent it: with it the next form of the
-- kind begins. Documents from before this migration have none. It contains personal data.
alter table generated_documents add column form jsonb;

-- +goose Down
alter table generated_documents drop column form;
