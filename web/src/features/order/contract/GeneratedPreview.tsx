import { Button } from 'antd';
import { useEffect, useRef } from 'react';
import { DocumentToolbar } from '@/features/order/parts/DocumentToolbar';
import { DocumentView } from '@/features/order/parts/DocumentView';
import { ContractConditions } from './ContractConditions';
import type { ReadyContract } from './queries';

interface Props {
  order: string;
  document: ReadyContract;
  /** Whether the focus moves here: the contract has just been generated. */
  focused: boolean;
  /** Signs and sends; undefined while the order accepts no contract. */
  onSend: (() => void) | undefined;
  onEdit: () => void;
  onSave: () => void;
}

/** The generated contract with its conditions, and what can be done with it. */
export function GeneratedPreview({ order, document, focused, onSend, onEdit, onSave }: Props) {
  const frame = useRef<HTMLIFrameElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const { pdf, docx } = document;
  useEffect(() => {
    if (!focused) return;
    heading.current?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }, [focused]);
  return (
    <section className="stack" aria-labelledby="generated-contract">
      <DocumentToolbar
        order={order}
        file={pdf.id}
        name={pdf.name}
        docx={docx.id}
        frame={frame}
        headingId="generated-contract"
        heading={heading}
      />
      <div className="document-columns">
        <DocumentView
          order={order}
          document={{ file: pdf.id, name: pdf.name, sha256: pdf.sha256, contentType: 'application/pdf' }}
          frame={frame}
        />
        <div className="stack">
          <ContractConditions document={document} />
          <p className="note">
            Чтобы исправить текст, которого нет в форме, скачайте DOCX, измените его, сохраните в PDF/A и при отправке
            выберите «Собственный файл».
          </p>
        </div>
      </div>
      <div className="sticky-buttons">
        {onSend && (
          <Button type="primary" onClick={onSend}>
            Подписать и отправить
          </Button>
        )}
        <Button onClick={onEdit}>Изменить</Button>
        <Button onClick={onSave}>Сохранить</Button>
      </div>
    </section>
  );
}
