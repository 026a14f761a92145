import { useMutation } from '@tanstack/react-query';
import { Alert, Button } from 'antd';
import { useState } from 'react';
import { type CardDocument, contentOf } from '@/features/order/documents';

/**
 * «Выгрузить документы»: saves the documents one after another. The browser may ask whether to
 * allow several downloads.
 */
export function SaveAll({ order, documents }: { order: string; documents: readonly CardDocument[] }) {
  const [saved, setSaved] = useState(0);
  const all = useMutation({
    mutationFn: async () => {
      setSaved(0);
      for (const document of documents) {
        save(await contentOf(order, document), document.name);
        setSaved((count) => count + 1);
      }
    },
  });
  return (
    <div className="save-all">
      <Button block loading={all.isPending} onClick={() => all.mutate()}>
        {all.isPending ? `Выгружено ${saved} из ${documents.length}` : 'Выгрузить документы'}
      </Button>
      {all.error && (
        <Alert
          type="error"
          showIcon
          role="alert"
          title={`Выгружено ${saved} из ${documents.length}`}
          description="Проверьте связь и повторите, или скачайте документы по одному."
        />
      )}
    </div>
  );
}

function save(content: Blob, name: string): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser has read the content by then.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
