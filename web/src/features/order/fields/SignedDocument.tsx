import { Typography } from 'antd';
import { contentAddress } from '@/features/order/documents';
import type { OrderCard } from '@/shared/api/order';
import type { FileRef } from './files';

interface Props {
  card: OrderCard;
  file: FileRef;
  /** «Договор», «Акт» */
  title: string;
}

/** Shows the document to sign, with a link to its content and its SHA-256. */
export function SignedDocument({ card, file, title }: Props) {
  const name = card.documents?.find((document) => document.file === file.id)?.name;
  return (
    <div className="signed-document">
      <div>
        {title}: <a href={contentAddress(card.id, file.id)}>{name ?? 'скачать'}</a>
      </div>
      <div className="note">
        SHA-256:{' '}
        <Typography.Text code copyable={{ text: file.sha256 }} className="sum">
          {file.sha256}
        </Typography.Text>
      </div>
    </div>
  );
}
