-- name: InsertSecurityEvent :exec
insert into security_events (kind, happened_at, person_id, role, party_id, session_id, subject_kind, subject_id, code, address, user_agent, request_id, details)
values (@kind, @happened_at, sqlc.narg('person_id'), @role, sqlc.narg('party_id'), sqlc.narg('session_id'), @subject_kind, sqlc.narg('subject_id'),
        @code, @address, @user_agent, @request_id, @details);

-- name: SweepSecurityEvents :execrows
-- Only those whose time is over can be deleted at all.
delete from security_events where id in (
    select id from security_events where happened_at < now() - security_events_kept() order by happened_at limit 1000);
