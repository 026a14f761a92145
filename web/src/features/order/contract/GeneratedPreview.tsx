import { DownloadOutlined, PrinterOutlined } from '@ant-design/icons';
import { App as AntdApp, Button } from 'antd';
import { useEffect, useRef } from 'react';
import { contentAddress } from '@/features/order/documents';
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
  const { message } = AntdApp.useApp();
  const { pdf, docx } = document;
  useEffect(() => {
    if (!focused) return;
    heading.current?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }, [focused]);
  const print = () => {
    try {
      frame.current?.contentWindow?.focus();
      frame.current?.contentWindow?.print();
    } catch {
      // Some browsers keep the page out of their PDF viewer.
      void message.info('Нажмите «Печать» в окне просмотра или скачайте PDF и распечатайте его.');
    }
  };
  return (
    <section className="stack" aria-labelledby="generated-contract">
      <div className="contract-toolbar">
        <h2 id="generated-contract" tabIndex={-1} ref={heading}>
          {pdf.name}
        </h2>
        <div className="contract-tools">
          <Button icon={<DownloadOutlined />} href={contentAddress(order, pdf.id)}>
            Скачать PDF
          </Button>
          <Button icon={<DownloadOutlined />} href={contentAddress(order, docx.id)}>
            Скачать DOCX
          </Button>
          <Button icon={<PrinterOutlined />} onClick={print}>
            Распечатать
          </Button>
        </div>
      </div>
      <div className="contract-preview">
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
