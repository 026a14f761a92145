import { Button, Modal } from 'antd';
import { useFocusReturn } from '@/shared/ui/useFocusReturn';
import { contentAddress } from '@/features/order/documents';
import { DocumentView, type ShownDocument } from './DocumentView';

interface Props {
  order: string;
  document: ShownDocument;
  onClose: () => void;
}

/** Shows a document over the page. */
export function DocumentPreview({ order, document, onClose }: Props) {
  useFocusReturn();
  return (
    <Modal
      open
      onCancel={onClose}
      title={document.name}
      width="min(1100px, 100%)"
      footer={
        <>
          <Button href={contentAddress(order, document.file)}>Скачать</Button>
          <Button onClick={onClose}>Закрыть</Button>
        </>
      }
    >
      <DocumentView order={order} document={document} />
    </Modal>
  );
}
