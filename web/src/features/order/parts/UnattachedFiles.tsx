import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { App as AntdApp, Button, Card } from 'antd';
import { api, unwrap, type Schema } from '@/shared/api/client';
import { problemOf } from '@/shared/api/problem';
import { useSession } from '@/shared/auth/session';
import { PagedList } from '@/shared/ui/list/PagedList';
import { formatSize } from '@/shared/upload/limits';
import { formatDateTime } from '@/shared/lib/dates';
import { unattachedFilesQuery } from '@/features/order/queries';
import type { OrderCard } from '@/shared/api/order';
import { fileStateText } from '@/features/order/labels';

type File = Schema<'File'>;

/**
 * Shows files that were uploaded for the order but belong to no document. The customer may delete
 * them.
 */
export function UnattachedFiles({ card }: { card: OrderCard }) {
  const { role } = useSession();
  const files = useInfiniteQuery({ ...unattachedFilesQuery(card.id), enabled: card.party && role === 'customer' });
  if (!files.data?.pages[0]?.total) return null;
  return (
    <Card title={<h2>Файлы, которых нет ни в одном документе</h2>} className="documents">
      <PagedList query={files} empty="Таких файлов нет.">
        {(rows) => (
          <ul>
            {rows.map((file) => (
              <UnattachedFile key={file.id} order={card.id} file={file} />
            ))}
          </ul>
        )}
      </PagedList>
    </Card>
  );
}

function UnattachedFile({ order, file: { id, name, size, createdAt, state } }: { order: string; file: File }) {
  const { modal, message } = AntdApp.useApp();
  const queries = useQueryClient();
  const removal = useMutation({
    mutationFn: () => unwrap(api.DELETE('/api/orders/{order}/files/{file}', { params: { path: { order, file: id } } })),
    onError: (error) => message.error(problemOf(error).detail),
    // A refusal also means that the list is outdated.
    onSettled: () => queries.invalidateQueries(unattachedFilesQuery(order)),
  });
  const remove = () =>
    void modal.confirm({
      title: 'Удалить файл?',
      content: `«${name}» удалится с платформы. Если он приложен в форме, которая ещё не отправлена, его придётся приложить заново.`,
      okText: 'Удалить',
      okButtonProps: { danger: true },
      cancelText: 'Оставить',
      onOk: () => removal.mutateAsync().catch(() => undefined),
    });
  return (
    <li>
      <div className="document-name">{name}</div>
      <div className="note">
        {[formatSize(size), formatDateTime(createdAt), fileStateText(state)].filter(Boolean).join(', ')}
      </div>
      <div className="document-buttons">
        <Button size="small" aria-label={`Удалить: ${name}`} loading={removal.isPending} onClick={remove}>
          Удалить
        </Button>
      </div>
    </li>
  );
}
