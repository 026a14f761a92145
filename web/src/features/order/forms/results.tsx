import { Card, Form, Input, Radio } from 'antd';
import type { Schema } from '@/shared/api/client';
import type { SigningForm } from '@/features/order/actions/actionForm';
import { ActFields, actOf, type ActValues } from '@/features/order/fields/ActFields';
import { type Files, refsOf } from '@/features/order/fields/files';
import { FilesField } from '@/features/order/fields/FilesField';
import { type InvoiceBy, InvoiceFields, invoiceOf } from '@/features/order/fields/InvoiceFields';
import { LinkField } from '@/features/order/fields/LinkField';
import { withText } from '@/features/order/fields/text';
import { ActPane } from '@/features/order/signing/ActPane';
import type { OrderCard } from '@/shared/api/order';
import { filledIn } from '@/shared/lib/humanText';

export type Way = Schema<'ResultsDelivery'>['way'];

interface ResultsValues {
  invoiceBy?: InvoiceBy;
  details?: { way?: Way; files?: Files; act?: ActValues; invoice?: { file?: Files } };
  text?: Schema<'ResultsText'>;
}

const wayOptions: { value: Way; label: string }[] = [
  { value: 'physical', label: 'Физически, вне системы по договоренности с заказчиком' },
  { value: 'files', label: 'Загрузить файлы (архив)' },
  { value: 'link', label: 'Указать ссылку на облачное хранилище' },
  { value: 'uin', label: 'Указать номер УИН электронного хранилища' },
];

function WayFields({ order }: { order: string }) {
  const way = Form.useWatch<Way | undefined>(['details', 'way']);
  return (
    <>
      <Form.Item
        name={['details', 'way']}
        label="Способ передачи"
        rules={[{ required: true, message: 'Выберите способ передачи.' }]}
      >
        <Radio.Group className="choices" options={wayOptions} />
      </Form.Item>
      {way === 'files' && (
        <FilesField
          order={order}
          name={['details', 'files']}
          label="Файлы результата"
          missing="Приложите хотя бы один файл."
        />
      )}
      {way === 'link' && (
        <LinkField
          name={['text', 'link']}
          label="Ссылка на облачное хранилище"
          extra="Например, на Яндекс Диск. Проверьте, что заказчик может её открыть."
        />
      )}
      {way === 'uin' && (
        <Form.Item
          name={['text', 'uin']}
          label="Номер УИН"
          rules={[
            filledIn('Укажите номер УИН электронного хранилища.'),
            { max: 64, message: 'Номер длиннее 64 знаков.' },
          ]}
        >
          <Input autoComplete="off" />
        </Form.Item>
      )}
      <Form.Item
        name={['text', 'note']}
        label={way === 'files' ? 'Комментарий заказчику' : 'Что и как передано'}
        rules={way === 'files' ? [] : [filledIn('Опишите, что и как передано.')]}
      >
        <Input.TextArea rows={4} maxLength={4000} showCount />
      </Form.Item>
    </>
  );
}

const hasRemainder = ({ remainder }: OrderCard) => (remainder ?? 0) > 0;

/**
 * «Передать результаты работ» in one of four ways. The act is included if the contract has no
 * ГКУ/ГРП.
 */
export const submitResults: SigningForm<'submit-results', ResultsValues> = {
  Document: ({ card }) => <ActPane order={card.id} expected={!card.contract?.registration} />,
  Fields: ({ card }) => (
    <>
      <Card title={<h2>Результаты</h2>}>
        <WayFields order={card.id} />
      </Card>
      <Card title={<h2>Акт</h2>}>
        {card.contract?.registration ? (
          <p className="note">По этому договору акт передаётся вместе с результатом ГКУ/ГРП.</p>
        ) : (
          <ActFields order={card.id} />
        )}
      </Card>
      {!card.contract?.registration && hasRemainder(card) && (
        <Card title={<h2>Счет</h2>}>
          <InvoiceFields
            order={card.id}
            kind="invoice"
            file={['details', 'invoice', 'file']}
            link={['text', 'invoiceLink']}
            optional
          />
        </Card>
      )}
    </>
  ),
  initial: () => ({ invoiceBy: 'later', details: { way: 'files' } }),
  body: ({ invoiceBy, details, text }, card) => {
    const way = details?.way ?? 'files';
    const invoice =
      card.contract?.registration || !hasRemainder(card) ? undefined : invoiceOf(invoiceBy, details?.invoice?.file);
    const { link, uin, invoiceLink, note } = text ?? {};
    return {
      details: {
        way,
        ...(way === 'files' && { files: refsOf(details?.files) }),
        ...(!card.contract?.registration && { act: actOf(details?.act) }),
        ...(invoice && { invoice }),
      },
      ...withText({
        ...(note && { note }),
        ...(way === 'link' && link && { link }),
        ...(way === 'uin' && uin && { uin }),
        ...(invoice?.link && invoiceLink && { invoiceLink }),
      }),
    };
  },
};
