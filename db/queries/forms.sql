-- name: Form :one
select form, version, updated_at from order_forms where order_id = @order_id;

-- name: SaveForm :one
insert into order_forms as f (order_id, author_id, form)
values (@order_id, @author_id, @form)
on conflict (order_id) do update
  set
    form = excluded.form,
    author_id = excluded.author_id,
    version = f.version + 1,
    updated_at = now()
  where f.version = @version
returning version, updated_at;
