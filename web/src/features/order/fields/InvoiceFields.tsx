import { Form, Radio } from 'antd';
import { FileButtons } from '@/features/order/generated/FileButtons';
import { GenerateButton } from '@/features/order/generated/GenerateButton';
import { FinalInvoiceDialog, PrepaymentInvoiceDialog } from '@/features/order/generated/InvoiceDialog';
import type { InvoiceKind } from '@/features/order/generated/queries';
import { type Files, refOf } from './files';
import { FilesField } from './FilesField';
import { LinkField } from './LinkField';

export type InvoiceBy = 'link' | 'file' | 'later';

interface Props {
  order: string;
  /** The names of the file and of the link in the body. */
  file: (string | number)[];
  link: (string | number)[];
  kind: InvoiceKind;
  /** Whether the invoice may be sent later with an action of its own. */
  optional?: boolean;
}

const dialogs = { 'prepayment-invoice': PrepaymentInvoiceDialog, invoice: FinalInvoiceDialog };

/** The fields for an invoice: a link or a file. */
export function InvoiceFields({ order, file, link, kind, optional = false }: Props) {
  const by = Form.useWatch<InvoiceBy | undefined>('invoiceBy');
  const options = [
    { value: 'link', label: 'Ссылка' },
    { value: 'file', label: 'Файл' },
  ];
  return (
    <>
      <Form.Item
        name="invoiceBy"
        label={optional ? 'Счет на оплату' : 'Счет'}
        extra="Файл — ваш или сформированный платформой, с QR-кодом для оплаты."
      >
        <Radio.Group options={optional ? [...options, { value: 'later', label: 'Отправлю позже' }] : options} />
      </Form.Item>
      {by === 'link' && (
        <LinkField name={link} label="Ссылка на счет" extra="Ссылка на оплату или QR-код в вашем банке." />
      )}
      {by === 'file' && (
        <FilesField
          order={order}
          name={file}
          label="Файл счета"
          missing="Сформируйте счет или приложите файл."
          maxCount={1}
          renderFile={(one) => <FileButtons order={order} file={one} />}
          maker={(set) => (
            <GenerateButton order={order} title="Сформировать счет" Dialog={dialogs[kind]} onGenerated={set} />
          )}
        />
      )}
    </>
  );
}

/** Returns the invoice of validated fields. */
export function invoiceOf(
  by: InvoiceBy | undefined,
  files: Files | undefined,
): { file?: ReturnType<typeof refOf>; link?: boolean } | undefined {
  if (by === 'link') return { link: true };
  return by === 'file' ? { file: refOf(files) } : undefined;
}
