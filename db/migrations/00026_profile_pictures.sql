-- +goose Up

-- The hash of the small form of a picture, for lists; picture_sha256 is the large one.
alter table files
add column thumbnail_sha256 text not null default '' check (thumbnail_sha256 ~ '^([0-9a-f]{64})?$');
create index files_thumbnail on files (thumbnail_sha256) where thumbnail_sha256 != '';

-- A file that the operator has loaded with an engineer's profile has no uploader.
alter table files alter column uploader_id drop not null;

-- The check of a file writes both. The rights are granted again after each migration.
-- +goose StatementBegin
do $$ begin
    execute replace(pg_get_functiondef('grant_process_rights'::regproc), 'problem, uploader_id', 'problem, uploader_id, picture_sha256, thumbnail_sha256');
end $$;
-- +goose StatementEnd

-- From now on a profile is complete exactly if nothing is missing in it. Until now there was no
-- page that filled it in.
update engineers
set profile_complete = false
where profile_complete and missing_in_profile(id) != '{}';

-- +goose Down
-- +goose StatementBegin
do $$ begin
    execute replace(pg_get_functiondef('grant_process_rights'::regproc), ', picture_sha256, thumbnail_sha256', '');
end $$;
-- +goose StatementEnd
delete from engineer_files where file_id in (select id from files where uploader_id is null);
delete from files where uploader_id is null;
alter table files alter column uploader_id set not null, drop column thumbnail_sha256;
