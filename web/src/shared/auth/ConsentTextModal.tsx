import { Button, Modal } from 'antd';
import type { Schema } from '@/shared/api/client';

interface Props {
  consent: Schema<'ConsentPageBody'>;
  open: boolean;
  onClose: () => void;
}

/** Shows the whole text of the consent. «ЗАКРЫТЬ» and the cross close it. */
export function ConsentTextModal({ consent, open, onClose }: Props) {
  return (
    <Modal
      open={open}
      onCancel={onClose}
      title={consent.title}
      width={720}
      closable={{ 'aria-label': 'Закрыть текст согласия' }}
      footer={
        <Button type="primary" onClick={onClose}>
          ЗАКРЫТЬ
        </Button>
      }
    >
      {consent.text.split(/\n\s*\n/).map((paragraph) => (
        <p key={paragraph}>{paragraph}</p>
      ))}
    </Modal>
  );
}
