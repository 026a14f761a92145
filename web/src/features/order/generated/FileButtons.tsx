import { DownloadOutlined, EyeOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useState } from 'react';
import { contentAddress } from '@/features/order/documents';
import { DocumentPreview } from '@/features/order/parts/DocumentPreview';
import type { UploadedFile } from '@/shared/upload/useUploads';

interface Props {
  order: string;
  file: UploadedFile;
}

/** «Просмотр» and «Скачать» of a PDF in a field, before it is sent. */
export function FileButtons({ order, file }: Props) {
  const [shown, setShown] = useState(false);
  if (!/\.pdf$/i.test(file.name)) return null;
  return (
    <div className="document-buttons">
      <Button size="small" icon={<EyeOutlined />} aria-label={`Просмотр: ${file.name}`} onClick={() => setShown(true)}>
        Просмотр
      </Button>
      <Button
        size="small"
        icon={<DownloadOutlined />}
        aria-label={`Скачать: ${file.name}`}
        href={contentAddress(order, file.id)}
      >
        Скачать
      </Button>
      {shown && (
        <DocumentPreview
          order={order}
          document={{ file: file.id, name: file.name, sha256: file.sha256, contentType: 'application/pdf' }}
          onClose={() => setShown(false)}
        />
      )}
    </div>
  );
}
