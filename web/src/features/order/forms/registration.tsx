import { Card, Form, Input, Radio } from 'antd';
import type { Schema } from '@/shared/api/client';
import type { ActionForm, SigningForm } from '@/features/order/actions/actionForm';
import { ActFields, actOf, type ActValues } from '@/features/order/fields/ActFields';
import { type Files, refsOf } from '@/features/order/fields/files';
import { FilesField } from '@/features/order/fields/FilesField';
import { type InvoiceBy, InvoiceFields, invoiceOf } from '@/features/order/fields/InvoiceFields';
import { NoteField } from '@/features/order/fields/NoteField';
import { withText } from '@/features/order/fields/text';
import { ActPane } from '@/features/order/signing/ActPane';

type Status = Schema<'RegistrationStatus'>['status'];

interface StatusValues {
  details?: { status?: Status };
  text?: Schema<'RegistrationText'>;
}

const statuses: { value: Status; label: string }[] = [
  { value: 'review', label: 'На рассмотрении' },
  { value: 'suspended', label: 'Приостановлено' },
  { value: 'refused', label: 'Отказ' },
];

/** «Сообщить о ходе ГКУ/ГРП»: the status of the application at Rosreestr. */
export const reportRegistration: ActionForm<'report-registration', StatusValues> = {
  submit: 'Отправить',
  Fields: () => (
    <>
      <Form.Item
        name={['details', 'status']}
        label="Состояние заявления"
        rules={[{ required: true, message: 'Выберите состояние.' }]}
      >
        <Radio.Group className="choices" options={statuses} />
      </Form.Item>
      <Form.Item
        name={['text', 'kuvd']}
        label="Номер КУВД"
        extra="Например, КУВД-001/2026-1234567."
        rules={[{ max: 64, message: 'Номер длиннее 64 знаков.' }]}
      >
        <Input autoComplete="off" />
      </Form.Item>
      <NoteField label="Комментарий заказчику" />
    </>
  ),
  initial: ({ application }) => ({
    details: { status: statuses.find(({ value }) => value === application?.status)?.value ?? 'review' },
    ...(application?.kuvd && { text: { kuvd: application.kuvd } }),
  }),
  body: ({ details, text }) => ({ details: { status: details?.status ?? 'review' }, ...withText(text) }),
};

export interface FinalValues {
  invoiceBy?: InvoiceBy;
  details?: { files?: Files; act?: ActValues; invoice?: { file?: Files } };
  text?: Schema<'LinkNote'>;
}

/** «Отправить заказчику итог»: the documents of ГКУ/ГРП, the act and the invoice. */
export const submitFinal: SigningForm<'submit-final', FinalValues> = {
  submit: 'Отправить',
  Document: ({ card }) => <ActPane order={card.id} expected />,
  Fields: ({ card }) => (
    <>
      <Card title={<h2>Результат ГКУ/ГРП</h2>}>
        <FilesField
          order={card.id}
          name={['details', 'files']}
          label="Документы о результате ГКУ/ГРП"
          missing="Приложите хотя бы один документ."
        />
      </Card>
      <Card title={<h2>Акт</h2>}>
        <ActFields order={card.id} />
      </Card>
      {(card.remainder ?? 0) > 0 && (
        <Card title={<h2>Счет</h2>}>
          <InvoiceFields
            order={card.id}
            kind="invoice"
            file={['details', 'invoice', 'file']}
            link={['text', 'link']}
            optional
          />
        </Card>
      )}
      <Card title={<h2>Пояснение</h2>}>
        <NoteField label="Комментарий заказчику" />
      </Card>
    </>
  ),
  initial: () => ({ invoiceBy: 'link' }),
  body: ({ invoiceBy, details, text }, { remainder }) => {
    const invoice = (remainder ?? 0) > 0 ? invoiceOf(invoiceBy, details?.invoice?.file) : undefined;
    const { link, note } = text ?? {};
    return {
      details: { files: refsOf(details?.files), act: actOf(details?.act), ...(invoice && { invoice }) },
      ...withText({ ...(note && { note }), ...(invoice?.link && link && { link }) }),
    };
  },
};

interface ActDeliveryValues {
  details?: { act?: ActValues };
  text?: Schema<'Note'>;
}

/** «Отправить акт» after a return. */
export const sendAct: SigningForm<'send-act', ActDeliveryValues> = {
  submit: 'Отправить',
  Document: ({ card }) => <ActPane order={card.id} expected />,
  Fields: ({ card }) => (
    <Card title={<h2>Акт</h2>}>
      <ActFields order={card.id} />
      <NoteField label="Комментарий заказчику" />
    </Card>
  ),
  body: ({ details, text }) => ({ details: { act: actOf(details?.act) }, ...withText(text) }),
};
