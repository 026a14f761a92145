-- name: InsertFile :exec
insert into files (id, order_id, uploader_id, uploader_role, uploader_party, name, declared_type, size, sha256, upload_id, part_size, status, created_at)
values (@id, @order_id, @uploader_id, @uploader_role, @uploader_party, @name, @declared_type, @size, @sha256, @upload_id, @part_size, 'uploading', @created_at);

-- name: File :one
select f.*, exists (select 1 from documents d where d.file_id = f.id) as referenced
from files f where f.id = @id and f.order_id = @order_id;

-- name: CountFiles :one
select count(*) from files where order_id = @order_id and status <> 'rejected';

-- name: CheckFile :execrows
update files set status = 'checking' where id = @id and status = 'uploading';

-- name: DeclaredFile :one
select order_id, size, sha256, status from files where id = @id;

-- name: KeepFile :execrows
update files set status = 'stored', content_type = @content_type, stored_at = @stored_at, problem = ''
where id = @id and status in ('uploading', 'checking');

-- name: RejectFile :execrows
update files set status = 'rejected', problem = @problem where id = @id and status in ('uploading', 'checking');

-- name: DeleteFile :one
delete from files f where f.id = @id
  and not exists (select 1 from documents d where d.file_id = f.id)
returning sha256, upload_id, status;

-- name: OtherFileHasHash :one
select exists (select 1 from files where sha256 = @sha256 and status in ('checking', 'stored') and id <> @id);

-- name: OrderDocuments :many
select d.seq, d.n, d.kind, d.file_id, d.author_role, d.created_at, f.name, f.size, f.sha256, f.content_type
from documents d join files f on f.id = d.file_id
where d.order_id = @order_id order by d.seq, d.n;

-- name: DocumentsOfFile :many
select seq, kind from documents where file_id = @file_id and order_id = @order_id;

-- name: StaleFiles :many
select f.id, f.order_id, f.upload_id, f.sha256, f.status from files f
where (f.status in ('uploading', 'rejected') and f.created_at < @before)
   or (f.status = 'stored' and f.created_at < @before and not exists (select 1 from documents d where d.file_id = f.id)
       and not exists (select 1 from orders o where o.id = f.order_id))
order by f.created_at limit @page;

-- name: ForgetFile :exec
delete from files f where f.id = @id and not exists (select 1 from documents d where d.file_id = f.id);

-- The content of a hash is shared by all files that have it: whoever begins or ends such a file does so alone.
-- name: LockHash :exec
select pg_advisory_xact_lock(hashtextextended(@sha256::text, 0));
