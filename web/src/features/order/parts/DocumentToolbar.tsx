import { DownloadOutlined, PrinterOutlined } from '@ant-design/icons';
import { App as AntdApp, Button } from 'antd';
import type { Ref, RefObject } from 'react';
import { contentAddress } from '@/features/order/documents';

interface Props {
  order: string;
  file: string;
  name: string;
  /** The file with the same text as DOCX, if the platform made the document. */
  docx?: string | undefined;
  /** The frame that shows the PDF. */
  frame: RefObject<HTMLIFrameElement | null>;
  headingId?: string;
  heading?: Ref<HTMLHeadingElement>;
}

/** The name of a PDF that a page shows, and the buttons to download and print it. */
export function DocumentToolbar({ order, file, name, docx, frame, headingId, heading }: Props) {
  const { message } = AntdApp.useApp();
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
    <div className="document-toolbar">
      <h2 id={headingId} tabIndex={-1} ref={heading ?? null}>
        {name}
      </h2>
      <div className="document-tools">
        <Button icon={<DownloadOutlined />} href={contentAddress(order, file)}>
          Скачать PDF
        </Button>
        {docx && (
          <Button icon={<DownloadOutlined />} href={contentAddress(order, docx)}>
            Скачать DOCX
          </Button>
        )}
        <Button icon={<PrinterOutlined />} onClick={print}>
          Распечатать
        </Button>
      </div>
    </div>
  );
}
