-- Queries for the correspondence of an order's customer with an engineer.

-- name: Chat :one
select sqlc.embed(c)
from shown_chats as c
where c.order_id = @order_id and c.engineer_id = @engineer_id;

-- name: Chats :many
-- Chats returns a page of the chats that a party reads in a role, the newest first: those with
-- messages, and those to which it may still be written, that is whose order did not end before
-- @ended_since. Each part of the union stops at the page size. unread counts what others wrote
-- since the person read last.
with
  page as (
    (
      select k.order_id, k.engineer_id, k.touched_at
      from
        parties as a
        cross join lateral (
          select c.order_id, c.engineer_id, c.touched_at
          from chats as c
          where
            c.customer_id = a.id
            and (c.open or c.seq > 0)
            and (c.seq > 0 or c.ended_at is null or c.ended_at > @ended_since::timestamptz)
            and (c.touched_at, c.order_id, c.engineer_id) < (
              @before::timestamptz,
              @before_order::uuid,
              @before_engineer::uuid
            )
          order by c.touched_at desc, c.order_id desc, c.engineer_id desc
          limit @page
        ) as k
      where
        @role::text = 'customer'
        and (a.id = sqlc.narg('party')::uuid or a.same_as = sqlc.narg('party'))
    )
    union all
    (
      select c.order_id, c.engineer_id, c.touched_at
      from chats as c
      where
        @role = 'engineer'
        and c.engineer_id = sqlc.narg('party')
        and (c.open or c.seq > 0)
        and (c.seq > 0 or c.ended_at is null or c.ended_at > @ended_since)
        and (c.touched_at, c.order_id, c.engineer_id) < (@before, @before_order, @before_engineer)
      order by c.touched_at desc, c.order_id desc, c.engineer_id desc
      limit @page
    )
    union all
    (
      select c.order_id, c.engineer_id, c.touched_at
      from chats as c
      where
        @role = 'employer'
        and c.employer_id = sqlc.narg('party')
        and (c.open or c.seq > 0)
        and (c.seq > 0 or c.ended_at is null or c.ended_at > @ended_since)
        and (c.touched_at, c.order_id, c.engineer_id) < (@before, @before_order, @before_engineer)
      order by c.touched_at desc, c.order_id desc, c.engineer_id desc
      limit @page
    )
    union all
    (
      select c.order_id, c.engineer_id, c.touched_at
      from
        engineers as e
        join chats as c on c.engineer_id = e.id and c.open and not c.performs
      where
        @role = 'employer'
        and e.employer_id = sqlc.narg('party')
        and e.employment = 'confirmed'
        and (c.touched_at, c.order_id, c.engineer_id) < (@before, @before_order, @before_engineer)
      order by c.touched_at desc, c.order_id desc, c.engineer_id desc
      limit @page
    )
    union all
    (
      select c.order_id, c.engineer_id, c.touched_at
      from
        disputed_orders() as o
        join chats as c on c.order_id = o.order_id and c.engineer_id = o.engineer_id
      where
        @role = 'moderator'
        and (c.touched_at, c.order_id, c.engineer_id) < (@before, @before_order, @before_engineer)
      order by c.touched_at desc, c.order_id desc, c.engineer_id desc
      limit @page
    )
    order by touched_at desc, order_id desc, engineer_id desc
    limit @page
  )
select sqlc.embed(t), coalesce(unread.messages, 0)::integer as unread
from
  page as k
  join shown_chats as t on t.order_id = k.order_id and t.engineer_id = k.engineer_id
  left join chat_reads as r
    on r.order_id = t.order_id
    and r.engineer_id = t.engineer_id
    and r.role = @role
    and r.person_id = @person
  left join unread_in_chat(t.order_id, t.engineer_id, r.seq, @person) as unread
    on @role != 'moderator'
order by t.touched_at desc, t.order_id desc, t.engineer_id desc;

-- name: ChatsOfOrder :many
-- ChatsOfOrder returns the chats of an order that have messages or are open.
select sqlc.embed(t), coalesce(unread.messages, 0)::integer as unread
from
  shown_chats as t
  left join chat_reads as r
    on r.order_id = t.order_id
    and r.engineer_id = t.engineer_id
    and r.role = @role
    and r.person_id = @person
  left join unread_in_chat(t.order_id, t.engineer_id, r.seq, @person::uuid) as unread
    on @role::text != 'moderator'
where t.order_id = @order_id and (t.open or t.seq > 0)
order by t.performs desc, t.touched_at desc, t.engineer_id;

-- name: UnreadChats :one
-- UnreadChats counts what others wrote since the person read last, in all chats that his party
-- reads in the role.
with
  mine as (
    select c.order_id, c.engineer_id, c.seq
    from
      parties as a
      join chats as c on c.customer_id = a.id
    where
      @role::text = 'customer'
      and (a.id = sqlc.narg('party')::uuid or a.same_as = sqlc.narg('party'))
      and (c.open or c.seq > 0)
      and c.seq > 0
    union all
    select c.order_id, c.engineer_id, c.seq
    from chats as c
    where
      @role = 'engineer'
      and c.engineer_id = sqlc.narg('party')
      and (c.open or c.seq > 0)
      and c.seq > 0
    union all
    select c.order_id, c.engineer_id, c.seq
    from chats as c
    where
      @role = 'employer'
      and c.employer_id = sqlc.narg('party')
      and (c.open or c.seq > 0)
      and c.seq > 0
    union all
    select c.order_id, c.engineer_id, c.seq
    from
      engineers as e
      join chats as c on c.engineer_id = e.id and c.open and not c.performs
    where
      @role = 'employer'
      and e.employer_id = sqlc.narg('party')
      and e.employment = 'confirmed'
      and c.seq > 0
  )
select
  coalesce(sum(unread.messages), 0)::bigint as messages,
  count(*) filter (where unread.messages > 0)::bigint as chats
from
  mine as c
  left join chat_reads as r
    on r.order_id = c.order_id
    and r.engineer_id = c.engineer_id
    and r.role = @role
    and r.person_id = @person
  cross join unread_in_chat(c.order_id, c.engineer_id, r.seq, @person::uuid) as unread
where c.seq > coalesce(r.seq, 0);

-- name: LockChat :one
-- LockChat waits for a recording of the order that changes the chat, and for other writers.
select open, ended_at, seq
from chats
where order_id = @order_id and engineer_id = @engineer_id
for update;

-- name: SentChatMessage :one
-- SentChatMessage returns the place of a message that has been sent before.
select seq, request_sha256
from chat_messages
where id = @id and order_id = @order_id and engineer_id = @engineer_id;

-- name: InsertChatMessage :one
-- InsertChatMessage appends a message to a locked chat.
with
  place as (
    update chats as c
    set
      seq = c.seq + 1,
      touched_at = greatest(c.touched_at, @sent_at::timestamptz)
    where c.order_id = @order_id and c.engineer_id = @engineer_id
    returning c.order_id, c.engineer_id, c.seq
  )
insert into chat_messages
  (order_id, engineer_id, seq, id, side, author_id, request_sha256, text, sent_at, dispute_at)
select
  p.order_id,
  p.engineer_id,
  p.seq,
  @id,
  @side,
  @author_id,
  @request_sha256,
  @text,
  @sent_at,
  sqlc.narg('dispute_at')
from place as p
returning seq;

-- name: InsertChatFiles :exec
insert into chat_files (message_id, n, file_id)
select @message_id, f.n, f.id
from unnest(@files::uuid[]) with ordinality as f (id, n);

-- name: FilesToSend :many
-- FilesToSend returns the files that a side may send in a chat: its own that were uploaded to it,
-- and of documents of the order those that may_see is checked for. The lock makes a concurrent
-- removal wait until the message is written.
select f.id, (f.chat_engineer_id is null)::boolean as document
from files as f
where
  f.order_id = @order_id::uuid
  and f.status = 'stored'
  and f.id = any (@files::uuid[])
  and (
    f.chat_engineer_id is null
    or (
      f.chat_engineer_id = @engineer_id::uuid
      and f.uploader_role = @role
      and f.uploader_party = @party
    )
  )
for key share of f;

-- name: ChatMessages :many
-- ChatMessages returns the messages with some numbers.
select sqlc.embed(m), a.last_name, a.first_name, a.middle_name
from
  chat_messages as m
  join people as a on a.id = m.author_id
where
  m.order_id = @order_id
  and m.engineer_id = @engineer_id
  and m.seq between @first::integer and @last::integer
order by m.seq;

-- name: LastChatMessages :many
-- LastChatMessages returns the last message of each of some chats.
select sqlc.embed(m), a.last_name, a.first_name, a.middle_name
from
  (select unnest(@orders::uuid[]) as order_id, unnest(@engineers::uuid[]) as engineer_id) as k
  join chats as c on c.order_id = k.order_id and c.engineer_id = k.engineer_id
  join chat_messages as m
    on m.order_id = c.order_id and m.engineer_id = c.engineer_id and m.seq = c.seq
  join people as a on a.id = m.author_id;

-- name: FilesOfChatMessages :many
select c.message_id, f.id, f.name, f.size, f.content_type
from
  chat_files as c
  join files as f on f.id = c.file_id
where c.message_id = any (@messages::uuid[])
order by c.message_id, c.n;

-- name: ChatMessage :one
select sqlc.embed(m)
from chat_messages as m
where m.order_id = @order_id and m.engineer_id = @engineer_id and m.seq = @seq;

-- name: CorrectChatMessage :exec
update chat_messages
set
  text = @text,
  corrected_at = @at::timestamptz
where order_id = @order_id and engineer_id = @engineer_id and seq = @seq;

-- name: WithdrawChatMessage :exec
update chat_messages
set withdrawn_at = @at::timestamptz
where order_id = @order_id and engineer_id = @engineer_id and seq = @seq;

-- name: ChatTexts :many
-- ChatTexts returns what a message said before its corrections.
select text, replaced_at from chat_texts where message_id = @message_id order by n;

-- name: ReadMarks :one
-- ReadMarks returns up to where the person has read a chat, and up to where anybody of the other
-- side has.
select
  coalesce(
    max(seq) filter (where role = @role::text and person_id = @person::uuid),
    0
  )::integer as own,
  coalesce(max(seq) filter (where role = @other::text), 0)::integer as other
from chat_reads
where order_id = @order_id and engineer_id = @engineer_id;

-- name: MarkChatRead :execrows
-- MarkChatRead moves the mark of a person forward, at most to the last message.
insert into chat_reads (order_id, engineer_id, role, person_id, seq, read_at)
select c.order_id, c.engineer_id, @role, @person, least(@seq::integer, c.seq), @at
from chats as c
where c.order_id = @order_id and c.engineer_id = @engineer_id and c.seq > 0
on conflict (order_id, engineer_id, role, person_id) do update
  set
    seq = excluded.seq,
    read_at = excluded.read_at
  where chat_reads.seq < excluded.seq;

-- name: ReadingTold :one
-- ReadingTold reports whether a chat says that a moderator has read it for this dispute.
select
  exists (
    select
    from chat_messages
    where
      order_id = @order_id
      and engineer_id = @engineer_id
      and dispute_at = @dispute_at::timestamptz
  );

-- name: FileInChat :one
-- FileInChat reports whether a message of a chat has the file; withdrawn messages count for
-- moderators only.
select
  exists (
    select
    from
      chat_files as c
      join chat_messages as m on m.id = c.message_id
    where
      c.file_id = @file_id
      and m.order_id = @order_id
      and m.engineer_id = @engineer_id
      and (m.withdrawn_at is null or @withdrawn::boolean)
  );
