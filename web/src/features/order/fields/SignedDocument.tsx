import { DownloadOutlined } from '@ant-design/icons';
import { Button, Typography } from 'antd';
import { contentAddress } from '@/features/order/documents';
import type { OrderCard } from '@/shared/api/order';
import type { FileRef } from './files';

interface Props {
  card: OrderCard;
  file: FileRef;
  /** «Договор», «Акт» */
  title: string;
}

/**
 * Shows the document to sign, with a link to its content and its SHA-256. One that the platform
 * generated also has its text as DOCX, and what its author attached.
 */
export function SignedDocument({ card, file, title }: Props) {
  const { name, docx, attachment, attachmentName } =
    card.documents?.find((document) => document.file === file.id) ?? {};
  return (
    <div className="signed-document">
      <div>
        {title}: <a href={contentAddress(card.id, file.id)}>{name ?? 'скачать'}</a>
      </div>
      {docx && (
        <div className="document-buttons">
          <Button size="small" icon={<DownloadOutlined />} href={contentAddress(card.id, file.id)}>
            Скачать PDF
          </Button>
          <Button size="small" icon={<DownloadOutlined />} href={contentAddress(card.id, docx)}>
            Скачать DOCX
          </Button>
        </div>
      )}
      {attachment && (
        <div>
          Вложение: <a href={contentAddress(card.id, attachment)}>{attachmentName ?? 'скачать'}</a>
        </div>
      )}
      <div className="note">
        SHA-256:{' '}
        <Typography.Text code copyable={{ text: file.sha256 }} className="sum">
          {file.sha256}
        </Typography.Text>
      </div>
    </div>
  );
}
