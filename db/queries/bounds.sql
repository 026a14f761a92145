-- name: TakeTokens :one
select
  take_tokens(@key::text, @per_second::float8, @burst::float8, @want::integer)::integer as granted;

-- name: SweepBuckets :exec
delete from rate_buckets where refilled_at < @before;

-- name: LockStreamsOf :exec
select pg_advisory_xact_lock(hashtextextended(@person::text, 7));

-- name: OpenStream :exec
insert into event_streams (id, session_id, person_id, opened_at, seen_at)
values (@id, @session_id, @person_id, clock_timestamp(), clock_timestamp());

-- name: ReplaceStreams :many
-- ReplaceStreams deletes the oldest streams beyond the limits of the session and of its person, and
-- streams whose process has died.
delete from event_streams as s
where
  s.id in (
    select o.id
    from
      (
        select e.id
        from event_streams as e
        where e.person_id = @person_id and e.seen_at > @stale
        order by e.opened_at desc
        offset @of_person::integer
      ) as o
    union
    select o.id
    from
      (
        select e.id
        from event_streams as e
        where e.session_id = @session_id and e.seen_at > @stale
        order by e.opened_at desc
        offset @of_session::integer
      ) as o
    union
    select d.id from event_streams as d where d.person_id = @person_id and d.seen_at <= @stale
  )
returning s.id;

-- name: TouchStream :execrows
update event_streams set seen_at = clock_timestamp() where id = @id;

-- name: CloseStream :exec
delete from event_streams where id = @id;

-- name: SweepStreams :exec
delete from event_streams where seen_at < @before;

-- name: EndOldestSessions :execrows
-- EndOldestSessions deletes a person's sessions beyond the limit, the least recently used first.
delete from sessions as s
where
  s.token_hash in (
    select o.token_hash
    from sessions as o
    where o.person_id = @person_id
    order by o.used_at desc, o.created_at desc
    offset @kept::integer
  );

-- name: SweepUploadQuotas :exec
delete from upload_quotas where day < @before;
