-- name: InsertLogin :exec
insert into logins
  (
    state,
    cookie_hash,
    return_to,
    renews,
    automatic,
    organisation_id,
    organisation_oid,
    created_at,
    expires_at
  )
values
  (
    @state,
    @cookie_hash,
    @return_to,
    sqlc.narg('renews'),
    @automatic,
    sqlc.narg('organisation_id'),
    @organisation_oid,
    @created_at,
    @expires_at
  );

-- name: TakeLogin :one
-- TakeLogin uses a state, which works once and only in the browser that began the sign-in.
update logins
set finished_at = @now
where state = @state and cookie_hash = @cookie_hash and finished_at is null and expires_at > @now
returning return_to, renews, automatic, organisation_id, organisation_oid;

-- name: Login :one
-- Login returns a login and, if it was already used, its session as long as that exists.
select
  l.cookie_hash,
  l.return_to,
  l.expires_at,
  l.finished_at,
  s.id as session_id,
  coalesce(s.used_at = s.created_at and s.created_at > l.created_at, false)::boolean as unused,
  (l.refused_person_id is not null)::boolean as refused
from
  logins as l
  left join sessions as s on s.id = l.session_id
where l.state = @state;

-- name: HasUnfinishedLogin :one
-- HasUnfinishedLogin reports whether the same browser has another unfinished sign-in.
select
  exists (
    select
    from logins
    where cookie_hash = @cookie_hash and finished_at is null and expires_at > @now
  )::boolean;

-- name: FinishLogin :exec
update logins set session_id = @session_id where state = @state;

-- name: InheritLogins :exec
-- InheritLogins moves the logins of a session to the session of the same person that replaces it,
-- so that their repeated callbacks still work.
update logins
set session_id = @session_id
where
  session_id = (
    select s.id from sessions as s where s.token_hash = @token_hash and s.person_id = @person_id
  );

-- name: DropLogin :exec
delete from logins where state = @state;

-- name: ReissueSession :execrows
-- ReissueSession gives the browser that began the login another token if the first one was never
-- used: the response with the first token was lost.
update sessions set token_hash = @new_hash where id = @id and used_at = created_at;

-- name: InsertSession :exec
insert into sessions
  (token_hash, id, person_id, role, party_id, address, user_agent, created_at, used_at, expires_at)
values
  (
    @token_hash,
    @id,
    @person_id,
    @role,
    @party_id,
    @address,
    @user_agent,
    @created_at,
    @created_at,
    @expires_at
  );

-- name: SessionByToken :one
select
  s.id,
  s.person_id,
  s.role,
  s.party_id,
  s.created_at,
  s.used_at,
  s.expires_at,
  coalesce(r.active and r.chief and o.kind = 'organisation', false)::boolean as head,
  r.read_at,
  case
    when s.role = 'moderator' then array(
      select n.esia_oid from person_esia_numbers as n where n.person_id = p.id
    )
    else '{}'
  end::text[] as esia_numbers,
  p.active,
  p.last_name,
  p.first_name,
  p.middle_name,
  coalesce(o.name, '')::text as party_name,
  coalesce(o.kind, '')::text as party_kind,
  exists (
    select
    from consents as c
    where c.person_id = p.id and c.version = @consent_version and c.withdrawn_at is null
  )::boolean as consented,
  coalesce(e.blocked, false)::boolean as engineer_blocked,
  coalesce(not e.in_registry, false)::boolean as engineer_excluded,
  coalesce(not e.profile_complete, false)::boolean as engineer_incomplete,
  coalesce(
    case
      when e.form = 'employee'
      and e.employment = 'confirmed'
      and w.active_engineers < @min_engineers::integer then 'only'
      when e.form = 'employee'
      and e.employment != 'confirmed' then 'employment:' || e.employment
      when e.form = '' then 'form'
    end,
    ''
  )::text as engineer_employment,
  coalesce(
    case s.role
      when 'engineer' then e.person_id = p.id
      and (e.in_registry or has_taken_part(e.id))
      when 'employer' then o.is_employer
      and r.active
      and (r.chief or r.as_employer)
      when 'customer' then case o.kind
        when 'person' then o.person_id = p.id
        when 'organisation' then r.active
        and (r.chief or r.as_customer)
        else r.active
      end
      else true
    end,
    false
  )::boolean as role_stands
from
  sessions as s
  join people as p on p.id = s.person_id
  left join engineers as e on s.role = 'engineer' and e.id = s.party_id
  left join parties as w on w.id = e.employer_id
  left join parties as o on s.role in ('customer', 'employer') and o.id = s.party_id
  left join representatives as r on r.person_id = s.person_id and r.party_id = o.id
where s.token_hash = @token_hash;

-- name: TouchSession :exec
update sessions set used_at = @used_at where id = @id and used_at < @used_at;

-- name: RotateSession :execrows
-- RotateSession replaces the token, so that the old one stops working with its role; the session's
-- expiry does not change.
update sessions
set
  token_hash = @new_hash,
  role = @role,
  party_id = @party_id,
  used_at = @used_at
where token_hash = @old_hash;

-- name: DeleteSession :exec
delete from sessions where token_hash = @token_hash;

-- name: DeleteSessionsOf :exec
delete from sessions where person_id = @person_id;

-- name: SweepSessions :exec
delete from sessions where expires_at <= @now or used_at <= @idle_since;

-- name: SweepLogins :exec
delete from logins as l
where l.expires_at <= @now and not exists (select from sessions as s where s.id = l.session_id);

-- name: SessionsOf :many
-- SessionsOf returns a person's active sessions, the current one first.
select
  s.id,
  s.created_at,
  s.used_at,
  s.address,
  s.user_agent,
  s.role,
  coalesce(p.name, '')::text as party_name
from
  sessions as s
  left join parties as p on s.role in ('customer', 'employer') and p.id = s.party_id
where s.person_id = @person_id and s.expires_at > @now and s.used_at > @idle_since
order by (s.id = @current_id::uuid) desc, s.used_at desc, s.id
limit 200;

-- name: EndSession :execrows
delete from sessions where id = @id and person_id = @person_id;

-- name: EndSessionsOf :execrows
delete from sessions where person_id = @person_id;

-- name: TakeSession :one
delete from sessions where token_hash = @token_hash returning id, person_id, role;
