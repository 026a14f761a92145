import { Checkbox, Form, Input, Radio } from 'antd';
import type { Schema } from '@/shared/api/client';
import { formatMoney } from '@/shared/lib/money';
import type { ActionForm } from '@/features/order/actions/actionForm';
import { type Files, refOf } from '@/features/order/fields/files';
import { FilesField } from '@/features/order/fields/FilesField';
import { type InvoiceBy, InvoiceFields, invoiceOf } from '@/features/order/fields/InvoiceFields';
import { NoteField } from '@/features/order/fields/NoteField';
import { withText } from '@/features/order/fields/text';
import { PaymentDetails } from '@/features/order/generated/PaymentDetails';
import type { InvoiceKind } from '@/features/order/generated/queries';
import { contentAddress } from '@/features/order/documents';
import type { OrderCard } from '@/shared/api/order';

interface InvoiceValues {
  invoiceBy?: InvoiceBy;
  details?: { file?: Files };
  text?: Schema<'LinkNote'>;
}

function invoiceForm(
  kind: InvoiceKind,
  amount: (card: OrderCard) => number | undefined,
): ActionForm<'send-prepayment-invoice' | 'send-invoice', InvoiceValues> {
  return {
    submit: 'Отправить',
    Fields: ({ card }) => (
      <>
        <Amount kopecks={amount(card)} title="Сумма по договору" />
        <InvoiceFields order={card.id} kind={kind} file={['details', 'file']} link={['text', 'link']} />
        <NoteField label="Комментарий заказчику" />
      </>
    ),
    initial: () => ({ invoiceBy: 'link' }),
    body: ({ invoiceBy, details, text }) => ({
      details: invoiceOf(invoiceBy, details?.file) ?? {},
      ...withText(text),
    }),
  };
}

function Amount({ kopecks, title }: { kopecks: number | undefined; title: string }) {
  return kopecks === undefined ? null : (
    <p>
      {title}: <strong>{formatMoney(kopecks)}</strong>
    </p>
  );
}

export const sendPrepaymentInvoice = invoiceForm('prepayment-invoice', ({ contract }) => contract?.advance);
export const sendInvoice = invoiceForm('invoice', ({ remainder }) => remainder);

interface ReportValues {
  details?: { file?: Files; withoutDocument?: boolean };
  text?: Schema<'Note'>;
}

interface PaymentReport {
  button: string;
  bill: (card: OrderCard) => OrderCard['payment'];
  amount: (card: OrderCard) => number | undefined;
}

/**
 * The form with which the customer reports a payment made outside the platform, with a document or
 * without one.
 */
function reportForm({
  button,
  bill,
  amount,
}: PaymentReport): ActionForm<'report-prepayment' | 'report-payment', ReportValues> {
  return {
    button,
    Fields: ({ card }) => {
      const withoutDocument = Form.useWatch<boolean | undefined>(['details', 'withoutDocument']);
      const invoiced = bill(card);
      return (
        <>
          <Amount kopecks={amount(card)} title="К оплате по договору" />
          <p>
            {invoiced?.link && (
              <a href={invoiced.link} target="_blank" rel="noopener noreferrer">
                Перейти к оплате по ссылке исполнителя
              </a>
            )}
            {invoiced?.invoice?.file && <a href={contentAddress(card.id, invoiced.invoice.file.id)}>Скачать счет</a>}
          </p>
          <PaymentDetails order={card.id} />
          <p>Оплатите счет и сообщите об этом исполнителю: он подтвердит, что деньги поступили.</p>
          {!withoutDocument && (
            <FilesField
              order={card.id}
              name={['details', 'file']}
              label="Документ об оплате"
              missing="Приложите документ об оплате или отметьте, что его нет."
              maxCount={1}
            />
          )}
          <Form.Item name={['details', 'withoutDocument']} valuePropName="checked">
            <Checkbox>Документа об оплате нет</Checkbox>
          </Form.Item>
          <NoteField label="Комментарий исполнителю" />
        </>
      );
    },
    body: ({ details, text }) => ({
      details: details?.withoutDocument ? { withoutDocument: true } : { file: refOf(details?.file) },
      ...withText(text),
    }),
  };
}

export const reportPrepayment = reportForm({
  button: 'Оплатить счет на предоплату',
  bill: ({ prepayment }) => prepayment,
  amount: ({ contract }) => contract?.advance,
});
export const reportPayment = reportForm({
  button: 'Оплатить работу исполнителя',
  bill: ({ payment }) => payment,
  amount: ({ remainder }) => remainder,
});

export interface RateValues {
  details?: { mark?: number };
  text?: Schema<'Review'>;
}

/** «Оценить работу»: a rating and a review. */
export const rate: ActionForm<'rate', RateValues> = {
  submit: 'Сохранить',
  Fields: () => (
    <>
      <Form.Item
        name={['details', 'mark']}
        label="Оценка"
        extra="1 — плохо, 5 — отлично."
        rules={[{ required: true, type: 'number', min: 1, message: 'Поставьте оценку от 1 до 5.' }]}
      >
        <Radio.Group aria-label="Оценка" options={[1, 2, 3, 4, 5].map((value) => ({ value, label: value }))} />
      </Form.Item>
      <Form.Item name={['text', 'review']} label="Отзыв" extra="Оценку и отзыв увидит исполнитель в карточке заказа.">
        <Input.TextArea rows={4} maxLength={4000} showCount />
      </Form.Item>
    </>
  ),
  initial: ({ rating }) => (rating ? { details: { mark: rating.mark }, text: { review: rating.review } } : {}),
  body: ({ details, text }) => ({ details: { mark: details?.mark ?? 0 }, ...withText(text) }),
};
