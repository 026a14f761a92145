import { FileAddOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { type ComponentType, useState } from 'react';
import type { UploadedFile } from '@/shared/upload/useUploads';

export interface DialogProps {
  order: string;
  onGenerated: (file: UploadedFile) => void;
  onClose: () => void;
}

interface Props {
  order: string;
  /** «Сформировать акт» */
  title: string;
  Dialog: ComponentType<DialogProps>;
  onGenerated: (file: UploadedFile) => void;
}

/** Opens the form of a document that the platform generates for the field of an action. */
export function GenerateButton({ order, title, Dialog, onGenerated }: Props) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button className="generate-document" icon={<FileAddOutlined />} onClick={() => setOpen(true)}>
        {title}
      </Button>
      {open && (
        <Dialog
          order={order}
          onClose={() => setOpen(false)}
          onGenerated={(file) => {
            onGenerated(file);
            setOpen(false);
          }}
        />
      )}
    </>
  );
}
