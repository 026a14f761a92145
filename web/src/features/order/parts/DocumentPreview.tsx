import { useQuery } from '@tanstack/react-query';
import { Alert, Button, Modal } from 'antd';
import { useEffect, useState } from 'react';
import { PageLoading } from '@/shared/ui/PageLoading';
import { useFocusReturn } from '@/shared/ui/useFocusReturn';
import { type CardDocument, contentAddress, contentOf } from '@/features/order/documents';
import { queryKeys } from '@/shared/queryKeys';

interface Props {
  order: string;
  document: CardDocument;
  onClose: () => void;
}

/** A PDF or a picture, shown by the browser itself from memory: its address is never opened as a page. */
export function DocumentPreview({ order, document, onClose }: Props) {
  useFocusReturn();
  const { data, error } = useQuery({
    queryKey: queryKeys.document(document.sha256),
    queryFn: ({ signal }) => contentOf(order, document, signal),
    staleTime: 'static',
    gcTime: 0,
  });
  const address = useObjectAddress(data);
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
      {error && (
        <Alert
          type="error"
          showIcon
          role="alert"
          title="Просмотр не открылся"
          description="Скачайте документ, чтобы посмотреть его."
        />
      )}
      {!address && !error && <PageLoading />}
      {address && document.contentType === 'application/pdf' && (
        <iframe className="preview" src={address} title={document.name} />
      )}
      {address && document.contentType !== 'application/pdf' && (
        <img className="preview-picture" src={address} alt={document.name} />
      )}
    </Modal>
  );
}

function useObjectAddress(content: Blob | undefined): string | undefined {
  const [address, setAddress] = useState<string>();
  useEffect(() => {
    if (!content) return;
    const made = URL.createObjectURL(content);
    // eslint-disable-next-line react-hooks/set-state-in-effect -- the address is made and revoked by this very effect
    setAddress(made);
    return () => {
      setAddress(undefined);
      URL.revokeObjectURL(made);
    };
  }, [content]);
  return address;
}
