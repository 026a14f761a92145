import { useMutation } from '@tanstack/react-query';
import { Alert, Button } from 'antd';
import { useState } from 'react';
import { type CardDocument, contentOf } from '@/features/order/documents';

/**
 * «Выгрузить документы»: saves the documents one after another. The browser may ask whether to
 * allow several downloads.
 */
export function SaveAll({ order, documents }: { order: string; documents: readonly CardDocument[] }) {
  const [savedKeys, setSavedKeys] = useState<ReadonlySet<string>>(new Set());
  const isSaved = (document: CardDocument) => savedKeys.has(keyOf(document));
  const saved = documents.filter(isSaved).length;
  const all = useMutation({
    // After an error only the rest is saved.
    mutationFn: async () => {
      const again = saved === documents.length;
      if (again) setSavedKeys(new Set());
      for (const document of again ? documents : documents.filter((one) => !isSaved(one))) {
        save(await contentOf(order, document), document.name);
        setSavedKeys((before) => new Set([...before, keyOf(document)]));
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

const keyOf = ({ seq, file }: CardDocument) => `${seq}.${file}`;

function save(content: Blob, name: string): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser has read the content by then.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
