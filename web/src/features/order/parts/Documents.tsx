import { DownloadOutlined, EyeOutlined } from '@ant-design/icons';
import { Button, Card, Typography } from 'antd';
import { useState } from 'react';
import { formatSize } from '@/shared/upload/limits';
import { formatDateTime } from '@/shared/lib/dates';
import { type CardDocument, canPreview, contentAddress, groupedDocuments } from '@/features/order/documents';
import type { OrderCard } from '@/shared/api/order';
import { SendToChat } from '@/features/messages/SendToChat';
import { documentKindName, roleName } from '@/features/order/labels';
import { DocumentPreview } from './DocumentPreview';
import { SignatureNote } from './SignatureNote';

/** Shows every document of the order, grouped by kind. */
export function Documents({ card }: { card: OrderCard }) {
  const documents = card.documents ?? [];
  return (
    <Card title={<h2>Документы</h2>} className="documents">
      {documents.length === 0 && <p className="note">Документов пока нет.</p>}
      {groupedDocuments(documents).map(([kind, group]) => (
        <section key={kind} aria-label={documentKindName(kind)}>
          <h3>{documentKindName(kind)}</h3>
          <DocumentRows order={card.id} documents={group} />
        </section>
      ))}
      {documents.length > 0 && (
        <div className="save-all">
          <Button block icon={<DownloadOutlined />} href={`/api/orders/${card.id}/archive`} download>
            Выгрузить документы
          </Button>
          <p className="note">
            Один архив ZIP: все документы и подписи, история и указания, как проверить их без платформы.
          </p>
        </div>
      )}
    </Card>
  );
}

/** Shows documents one below the other, each with its preview. */
export function DocumentRows({ order, documents }: { order: string; documents: readonly CardDocument[] }) {
  const [shown, setShown] = useState<CardDocument>();
  return (
    <>
      <ul>
        {documents.map((document) => (
          <DocumentRow
            key={`${document.seq}.${document.file}`}
            order={order}
            document={document}
            onShow={() => setShown(document)}
          />
        ))}
      </ul>
      {shown && <DocumentPreview order={order} document={shown} onClose={() => setShown(undefined)} />}
    </>
  );
}

function DocumentRow({ order, document, onShow }: { order: string; document: CardDocument; onShow: () => void }) {
  const { name, size, sha256, authorRole, createdAt, file, docx, attachment, attachmentName } = document;
  return (
    <li>
      <div className="document-name">{name}</div>
      <div className="note">
        {roleName(authorRole)}, {formatDateTime(createdAt)}, {formatSize(size)}
      </div>
      <SignatureNote order={order} document={document} />
      <div className="note">
        SHA-256:{' '}
        <Typography.Text
          code
          copyable={{ text: sha256, tooltips: ['Копировать SHA-256', 'Скопировано'] }}
          title={sha256}
        >
          {sha256.slice(0, 12)}…
        </Typography.Text>
      </div>
      <div className="document-buttons">
        {canPreview(document) && (
          <Button size="small" icon={<EyeOutlined />} aria-label={`Просмотр: ${name}`} onClick={onShow}>
            Просмотр
          </Button>
        )}
        <Button
          size="small"
          icon={<DownloadOutlined />}
          aria-label={`Скачать: ${name}`}
          href={contentAddress(order, file)}
        >
          Скачать
        </Button>
        {docx && (
          <Button
            size="small"
            icon={<DownloadOutlined />}
            aria-label={`Скачать DOCX: ${name}`}
            href={contentAddress(order, docx)}
          >
            Скачать DOCX
          </Button>
        )}
        {attachment && (
          <Button
            size="small"
            icon={<DownloadOutlined />}
            aria-label={`Скачать вложение: ${attachmentName ?? ''}`}
            href={contentAddress(order, attachment)}
          >
            Скачать вложение
          </Button>
        )}
        <SendToChat order={order} file={{ id: file, name, size, type: document.contentType }} />
      </div>
    </li>
  );
}
