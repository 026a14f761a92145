import { DownloadOutlined } from '@ant-design/icons';
import { Button, Card } from 'antd';
import { Link } from 'react-router';
import { contentAddress } from '@/features/order/documents';
import type { OrderCard } from '@/shared/api/order';
import { formatDateTime } from '@/shared/lib/dates';
import { contractPath } from './GenerateContract';
import { useGeneratedContract, wasSent } from './queries';

/** Shows the performer his generated contract until he sends it. */
export function GeneratedContract({ card }: { card: OrderCard }) {
  const contract = useGeneratedContract(card);
  if (!contract || wasSent(card, contract)) return null;
  const { pdf, docx, createdAt, attachment } = contract;
  return (
    <Card title={<h2>Сформированный договор</h2>} className="documents">
      <div className="document-name">
        <Link to={contractPath(card.id)}>{pdf.name}</Link>
      </div>
      <div className="note">{formatDateTime(createdAt)}. Пока вы его не отправили, его видите только вы.</div>
      {attachment && <div className="note">Вложение: {attachment}</div>}
      <div className="document-buttons">
        <Button
          size="small"
          icon={<DownloadOutlined />}
          aria-label={`Скачать PDF: ${pdf.name}`}
          href={contentAddress(card.id, pdf.id)}
        >
          Скачать PDF
        </Button>
        <Button
          size="small"
          icon={<DownloadOutlined />}
          aria-label={`Скачать DOCX: ${docx.name}`}
          href={contentAddress(card.id, docx.id)}
        >
          Скачать DOCX
        </Button>
      </div>
    </Card>
  );
}
