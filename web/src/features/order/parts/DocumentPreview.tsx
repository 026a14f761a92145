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

/**
 * Shows a PDF or an image from memory with the browser's own viewer. The address of the file is
 * never opened as a page.
 */
export function DocumentPreview({ order, document, onClose }: Props) {
  useFocusReturn();
  const { data, error } = useQuery({
    queryKey: queryKeys.document(document.sha256),
    queryFn: ({ signal }) => contentOf(order, document, signal),
    staleTime: 'static',
    gcTime: 0,
  });
  const url = useObjectUrl(data);
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
      {!url && !error && <PageLoading />}
      {url && document.contentType === 'application/pdf' && (
        <iframe className="preview" src={url} title={document.name} />
      )}
      {url && document.contentType !== 'application/pdf' && (
        <img className="preview-picture" src={url} alt={document.name} />
      )}
    </Modal>
  );
}

function useObjectUrl(content: Blob | undefined): string | undefined {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    if (!content) return;
    const objectUrl = URL.createObjectURL(content);
    // eslint-disable-next-line react-hooks/set-state-in-effect -- the effect creates and revokes the address
    setUrl(objectUrl);
    return () => {
      setUrl(undefined);
      URL.revokeObjectURL(objectUrl);
    };
  }, [content]);
  return url;
}
