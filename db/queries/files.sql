-- name: InsertFile :execrows
-- InsertFile inserts nothing if the person has used up his quota for the order, or the profile, and
-- the day. The quota row is locked, so that concurrent requests are counted too.
with
  quota as (
    insert into upload_quotas as q (person_id, order_id, day, files, bytes)
    select
      @uploader_id::uuid,
      coalesce(sqlc.narg('order_id')::uuid, sqlc.narg('profile_id')::uuid),
      @day::date,
      1,
      @size
    where @size <= @max_bytes::bigint
    on conflict (order_id, person_id, day) do update
      set
        files = q.files + 1,
        bytes = q.bytes + excluded.bytes
      where q.files < @max_files::integer and q.bytes + excluded.bytes <= @max_bytes::bigint
    returning 1
  )
insert into files
  (
    id,
    order_id,
    profile_id,
    chat_engineer_id,
    uploader_id,
    uploader_role,
    uploader_party,
    name,
    declared_type,
    size,
    sha256,
    upload_id,
    part_size,
    status,
    created_at
  )
select
  @id,
  sqlc.narg('order_id'),
  sqlc.narg('profile_id'),
  sqlc.narg('chat_engineer_id'),
  @uploader_id::uuid,
  @uploader_role,
  @uploader_party,
  @name,
  @declared_type,
  @size,
  @sha256,
  @upload_id,
  @part_size,
  'uploading',
  @created_at
from quota;

-- name: File :one
-- File returns a file of an order or a profile. purpose is what it is in the profile, empty if the
-- profile does not name it; report is what the check of a PDF found, null without one.
select
  f.*,
  (
    exists (select 1 from documents as d where d.file_id = f.id)
    or exists (select 1 from engineer_files as n where n.file_id = f.id)
    or exists (select 1 from chat_files as c where c.file_id = f.id)
    or is_generated(f.id)
  )::boolean as referenced,
  coalesce((select n.purpose from engineer_files as n where n.file_id = f.id), '')::text as purpose,
  coalesce(
    account_of(f.uploader_party),
    '00000000-0000-0000-0000-000000000000'
  )::uuid as uploader_account,
  (select c.report from file_checks as c where c.file_id = f.id) as report
from files as f
where f.id = @id and coalesce(f.order_id, f.profile_id) = @place::uuid;

-- name: UnreferencedFiles :many
with
  loose as (
    select f.id
    from files as f
    where
      f.order_id = @order_id::uuid
      and f.chat_engineer_id is null
      and not exists (select 1 from documents as d where d.file_id = f.id)
      and not is_generated(f.id)
      and (
        @everybody::boolean
        or (f.uploader_role = @uploader_role and f.uploader_party = @uploader_party)
      )
  )
select
  f.id,
  f.name,
  f.size,
  f.sha256,
  f.content_type,
  f.status,
  f.problem,
  f.created_at,
  (select count(*) from loose) as total
from files as f
where f.id in (select id from loose) and f.id > @after_id
order by f.id
limit @page;

-- name: CheckFile :execrows
update files set status = 'checking' where id = @id and status = 'uploading';

-- name: DeclaredFile :one
-- DeclaredFile returns a file's declaration. place is the order or the profile that it belongs to.
select
  coalesce(order_id, profile_id)::uuid as place,
  (profile_id is not null)::boolean as of_profile,
  size,
  sha256,
  status
from files
where id = @id;

-- name: SetContentType :execrows
-- SetContentType records the detected type of a file whose check goes on.
update files
set content_type = @content_type
where id = @id and status in ('uploading', 'checking');

-- name: CheckedProfileFile :one
select profile_id::uuid as place, sha256, content_type, status
from files
where id = @id and profile_id is not null;

-- name: MarkProfileFileStored :execrows
update files
set
  status = 'stored',
  picture_sha256 = @picture_sha256,
  thumbnail_sha256 = @thumbnail_sha256,
  stored_at = @stored_at,
  problem = ''
where id = @id and status in ('uploading', 'checking');

-- name: MarkFileStored :execrows
update files
set
  status = 'stored',
  content_type = @content_type,
  stored_at = @stored_at,
  problem = ''
where id = @id and status in ('uploading', 'checking');

-- name: InsertFileCheck :exec
insert into file_checks (file_id, report, streebog256, streebog512, checked_at)
values (@file_id, @report, @streebog256, @streebog512, @checked_at)
on conflict (file_id) do nothing;

-- name: RejectFile :execrows
update files
set
  status = 'rejected',
  problem = @problem
where id = @id and status in ('uploading', 'checking');

-- name: LockFile :exec
-- LockFile waits for the messages that reference the file: a later query sees the documents they
-- created.
select 1 from files where id = @id for update;

-- name: DeleteFile :one
delete from files as f
where
  f.id = @id
  and not exists (select 1 from documents as d where d.file_id = f.id)
  and not exists (select 1 from engineer_files as n where n.file_id = f.id)
  and not exists (select 1 from chat_files as c where c.file_id = f.id)
  and not is_generated(f.id)
returning sha256, picture_sha256, thumbnail_sha256, upload_id, status;

-- name: OtherFileHasHash :one
-- OtherFileHasHash reports whether another file has this content, as it was uploaded or as a
-- picture made from it.
select
  (
    exists (
      select 1
      from files as f
      where f.sha256 = @hash and f.status in ('checking', 'stored') and f.id != @id
    )
    or exists (
      select 1
      from files as f
      where f.picture_sha256 != '' and f.picture_sha256 = @hash and f.id != @id
    )
    or exists (
      select 1
      from files as f
      where f.thumbnail_sha256 != '' and f.thumbnail_sha256 = @hash and f.id != @id
    )
  )::boolean as shared;

-- name: NewestDocuments :many
select
  d.seq,
  d.n,
  d.kind,
  d.file_id,
  d.author_role,
  d.created_at,
  f.name,
  f.size,
  f.sha256,
  f.content_type,
  g.docx_id,
  g.attachment_id,
  coalesce(a.name, '')::text as attachment_name,
  checked_signature(d.order_id, d.kind, d.file_id) as signature
from
  documents as d
  join files as f on f.id = d.file_id
  left join generated_documents as g on g.pdf_id = f.id
  left join files as a on a.id = g.attachment_id
where d.order_id = @order_id
order by d.seq desc, d.n desc
limit @page;

-- name: DocumentsFrom :many
-- DocumentsFrom returns a page of the documents that a viewer may see: published ones, and for a
-- party those since it joined the order.
select
  d.seq,
  d.n,
  d.kind,
  d.file_id,
  d.author_role,
  d.created_at,
  f.name,
  f.size,
  f.sha256,
  f.content_type,
  g.docx_id,
  g.attachment_id,
  coalesce(a.name, '')::text as attachment_name,
  checked_signature(d.order_id, d.kind, d.file_id) as signature
from
  documents as d
  join files as f on f.id = d.file_id
  left join generated_documents as g on g.pdf_id = f.id
  left join files as a on a.id = g.attachment_id
where
  d.order_id = @order_id
  and (d.seq, d.n) > (@after_seq::integer, @after_n::integer)
  and (d.kind = 'form' or (@party::boolean and d.seq >= @since::integer))
order by d.seq, d.n
limit @page;

-- name: DocumentsOfEvents :many
select
  d.seq,
  d.n,
  d.kind,
  d.file_id,
  d.author_role,
  d.created_at,
  f.name,
  f.size,
  f.sha256,
  f.content_type,
  g.docx_id,
  g.attachment_id,
  coalesce(a.name, '')::text as attachment_name,
  checked_signature(d.order_id, d.kind, d.file_id) as signature
from
  documents as d
  join files as f on f.id = d.file_id
  left join generated_documents as g on g.pdf_id = f.id
  left join files as a on a.id = g.attachment_id
where d.order_id = @order_id and d.seq between @first::integer and @last::integer
order by d.seq, d.n;

-- name: DocumentsOfFile :many
-- DocumentsOfFile returns what a file is in an order. What was made or attached with a document is
-- seen with it.
select d.seq, d.kind
from documents as d
where
  d.order_id = @order_id
  and (
    d.file_id = @file_id
    or d.file_id in (
      select g.pdf_id
      from generated_documents as g
      where g.docx_id = @file_id or g.attachment_id = @file_id
    )
  );

-- name: StaleFiles :many
-- StaleFiles returns abandoned uploads, and stored files that nothing references: no document, no
-- profile, no message of a chat, no saved form and no pending message.
select f.id, f.order_id, f.upload_id, f.sha256, f.picture_sha256, f.thumbnail_sha256, f.status
from files as f
where
  (f.status in ('uploading', 'checking', 'rejected') and f.created_at < @before)
  or (
    f.status = 'stored'
    and f.created_at < @before
    and not exists (select 1 from documents as d where d.file_id = f.id)
    and not exists (select 1 from engineer_files as n where n.file_id = f.id)
    and not exists (select 1 from chat_files as c where c.file_id = f.id)
    and not is_generated(f.id)
    and (
      (f.profile_id is null and not exists (select 1 from orders as o where o.id = f.order_id))
      or (
        f.created_at < @unnamed_before
        and not exists (
          select 1
          from order_forms as s
          where s.order_id = f.order_id and strpos(s.form::text, f.id::text) > 0
        )
        and not exists (
          select 1
          from requests as r
          where
            r.order_id = f.order_id
            and r.created_at > @unnamed_before
            and not exists (select 1 from order_messages as m where m.id = r.message_id)
        )
      )
    )
  )
order by f.created_at
limit @page;

-- name: DeleteUnreferencedFile :execrows
delete from files as f
where
  f.id = @id
  and not exists (select 1 from documents as d where d.file_id = f.id)
  and not exists (select 1 from engineer_files as n where n.file_id = f.id)
  and not exists (select 1 from chat_files as c where c.file_id = f.id)
  and not is_generated(f.id);

-- LockHash locks the content with this hash, which is shared by all files that have it. A caller
-- that creates or deletes such a file holds the lock.
-- name: LockHash :exec
select pg_advisory_xact_lock(hashtextextended(@sha256::text, 0));
