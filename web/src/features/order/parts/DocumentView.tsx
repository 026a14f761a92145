import { useQuery } from '@tanstack/react-query';
import { Alert } from 'antd';
import { type Ref, useEffect, useState } from 'react';
import { PageLoading } from '@/shared/ui/PageLoading';
import { type CardDocument, contentOf } from '@/features/order/documents';
import { queryKeys } from '@/shared/queryKeys';

export type ShownDocument = Pick<CardDocument, 'file' | 'name' | 'sha256' | 'contentType'>;

interface Props {
  order: string;
  document: ShownDocument;
  /** The frame of a PDF, to print it. */
  frame?: Ref<HTMLIFrameElement>;
}

/**
 * Shows a PDF or an image from memory with the browser's own viewer. The address of the file is
 * never opened as a page.
 */
export function DocumentView({ order, document, frame }: Props) {
  const { data, error } = useQuery({
    queryKey: queryKeys.document(document.sha256),
    queryFn: ({ signal }) => contentOf(order, document, signal),
    staleTime: 'static',
    gcTime: 0,
  });
  const url = useObjectUrl(data);
  if (error)
    return (
      <Alert
        type="error"
        showIcon
        role="alert"
        title="Просмотр не открылся"
        description="Скачайте документ, чтобы посмотреть его."
      />
    );
  if (!url) return <PageLoading />;
  return document.contentType === 'application/pdf' ? (
    <iframe ref={frame ?? null} className="preview" src={url} title={document.name} />
  ) : (
    <img className="preview-picture" src={url} alt={document.name} />
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
