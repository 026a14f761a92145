-- +goose Up

-- The platform's processes connect as a role that owns nothing: a member of epkr_process, which
-- reads and writes rows and cannot alter a table, drop or disable a trigger, or change what is
-- append-only.

-- A role is of the whole server. Whoever may not create one has an administrator do it and migrates
-- again; nothing else waits for it.
-- +goose StatementBegin
do $$
begin
    if not exists (select from pg_roles where rolname = 'epkr_process') then
        create role epkr_process nologin;
    end if;
exception
    when insufficient_privilege then
        raise warning 'role epkr_process is missing and % may not create it: have an administrator run "create role epkr_process nologin" and migrate again',
            current_user;
    when duplicate_object or unique_violation then
        null; -- another database of the server was migrated at the same moment
end $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- Reads the record itself, whatever table of that name a session has made.
create function was_published(order_id uuid)
returns boolean
language sql
stable
set search_path = public, pg_temp
as $$
  select
    exists (
      select
      from order_messages as m
      where m.order_id = was_published.order_id and m.kind = 'publish' and m.verdict = 'applied'
    );
$$;
-- +goose StatementEnd

-- +goose StatementBegin
create function refuse_removal()
returns trigger
language plpgsql
as $$
begin
    raise exception 'what the history of a published order names stays' using errcode = 'integrity_constraint_violation';
end $$;
-- +goose StatementEnd

-- What an order's history names goes with an order only, and that only as a draft.
create trigger orders_kept
before delete on orders
for each row
when (was_published(old.id))
execute function refuse_removal();
create trigger message_bodies_kept
before delete on message_bodies
for each row
when (old.used and was_published(old.order_id))
execute function refuse_removal();
create trigger message_bodies_used
before update on message_bodies
for each row
when (old.used and not new.used)
execute function refuse_removal();

-- +goose StatementBegin
-- Gives epkr_process the rights that the processes need, on the tables of later migrations too: it
-- runs after each migration. False where the role is missing. A table with a trigger named
-- …_append_only takes rows and gives none back.
create function grant_process_rights()
returns boolean
language plpgsql
as $$
declare
    kept     record;
    settled  constant text[] := array['documents', 'registry_snapshots'];
    -- Whose rows the processes remove themselves; what goes with an order goes by its foreign key,
    -- as the owner.
    removed  constant text[] := array['event_streams', 'files', 'logins', 'message_bodies', 'offers', 'order_alarms', 'order_forms', 'orders',
        'rate_buckets', 'registry_changes', 'registry_staging', 'representatives', 'security_events', 'sessions', 'upload_quotas'];
    known    constant text[] := removed || settled || array['admissions', 'consents', 'engineer_decisions', 'engineers', 'notifications',
        'order_events', 'order_messages', 'order_restarts', 'parties', 'people', 'person_esia_numbers', 'registry_decisions', 'registry_runs', 'requests', 'responses'];
    -- Of these tables only some columns change.
    changing constant jsonb := '{"message_bodies": "used", "files": "status, content_type, stored_at, problem, uploader_id",
        "requests": "undelivered_at, signal_sha256, person_id", "engineer_decisions": "applied_at", "consents": "withdrawn_at, person_id"}';
begin
    if not exists (select from pg_roles where rolname = 'epkr_process') then
        return false;
    end if;
    perform pg_advisory_xact_lock(hashtextextended('grant_process_rights', 0));
    if not has_schema_privilege('epkr_process', 'public', 'usage') then
        grant usage on schema public to epkr_process;
    end if;
    revoke all on all tables in schema public from epkr_process;
    grant select on all tables in schema public to epkr_process;
    grant usage on all sequences in schema public to epkr_process;
    for kept in
        select c.relname as name, exists (select from pg_trigger t where t.tgrelid = c.oid and t.tgname like '%\_append\_only') as append_only
        from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname <> 'goose_db_version'
    loop
        execute format('grant insert on %I to epkr_process', kept.name);
        if changing ? kept.name then
            execute format('grant update (%s) on %I to epkr_process', changing ->> kept.name, kept.name);
        elsif not kept.append_only and not kept.name = any(settled) then
            execute format('grant update on %I to epkr_process', kept.name);
        end if;
        -- The trigger of security_events lets go what has been kept long enough.
        if kept.name = any(removed) or not kept.append_only and not kept.name = any(known) then
            execute format('grant delete on %I to epkr_process', kept.name);
        end if;
    end loop;
    return true;
end $$;
-- +goose StatementEnd
revoke execute on function grant_process_rights() from public;
select grant_process_rights();

-- +goose Down
-- +goose StatementBegin
do $$
begin
    if exists (select from pg_roles where rolname = 'epkr_process') then
        revoke all on all tables in schema public from epkr_process;
        revoke all on all sequences in schema public from epkr_process;
        revoke usage on schema public from epkr_process;
    end if;
end $$;
-- +goose StatementEnd
drop function grant_process_rights();
drop trigger message_bodies_used on message_bodies;
drop trigger message_bodies_kept on message_bodies;
drop trigger orders_kept on orders;
drop function refuse_removal();
drop function was_published(uuid);
