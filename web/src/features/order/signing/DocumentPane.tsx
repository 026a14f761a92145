import { Typography } from 'antd';
import { useRef } from 'react';
import { canPreview, contentAddress } from '@/features/order/documents';
import type { FileRef } from '@/features/order/fields/files';
import { DocumentToolbar } from '@/features/order/parts/DocumentToolbar';
import { DocumentView } from '@/features/order/parts/DocumentView';
import type { OrderCard } from '@/shared/api/order';
import type { UploadedFile } from '@/shared/upload/useUploads';

interface Props {
  order: string;
  document: Pick<UploadedFile, 'id' | 'sha256' | 'name' | 'size'>;
  docx?: string | undefined;
  /** What its author attached to it. */
  attachment?: { file: string; name: string } | undefined;
}

/** Shows a PDF that is signed on the page, to read, download and print it. */
export function DocumentPane({ order, document: { id, sha256, name, size }, docx, attachment }: Props) {
  const frame = useRef<HTMLIFrameElement>(null);
  const contentType = 'application/pdf';
  return (
    <div className="stack">
      <DocumentToolbar order={order} file={id} name={name} docx={docx} frame={frame} />
      {attachment && (
        <div>
          Вложение: <a href={contentAddress(order, attachment.file)}>{attachment.name}</a>
        </div>
      )}
      {canPreview({ contentType, size }) ? (
        <DocumentView key={id} order={order} document={{ file: id, name, sha256, contentType }} frame={frame} />
      ) : (
        <p className="note">Файл большой: скачайте его, чтобы посмотреть.</p>
      )}
      <details className="note">
        <summary>Подробности</summary>
        SHA-256:{' '}
        <Typography.Text code copyable={{ text: sha256 }} className="sum">
          {sha256}
        </Typography.Text>
      </details>
    </div>
  );
}

/** Shows a document of the card. */
export function CardDocumentPane({ card, file }: { card: OrderCard; file: FileRef }) {
  const { name, size, docx, attachment, attachmentName } =
    card.documents?.find((document) => document.file === file.id) ?? {};
  return (
    <DocumentPane
      order={card.id}
      document={{ ...file, name: name ?? 'Документ', size: size ?? 0 }}
      docx={docx}
      attachment={attachment ? { file: attachment, name: attachmentName ?? 'скачать' } : undefined}
    />
  );
}

/** Says where the document appears that is not there yet. */
export const NoDocument = ({ text }: { text: string }) => <p className="no-document note">{text}</p>;
