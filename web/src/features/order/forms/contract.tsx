import { Checkbox, Form, Input, Typography } from 'antd';
import { allValues } from '@/shared/ui/formValues';
import { amountText } from '@/shared/lib/money';
import type { Schema } from '@/shared/api/client';
import { useState } from 'react';
import type { ActionForm } from '@/features/order/actions/actionForm';
import { type AdvanceField, type AdvanceTexts, parsePercent, recompute, snapToShare } from '@/features/order/advance';
import { documentToSign } from '@/features/order/documents';
import { ContractDifferences } from '@/features/order/parts/ContractDifferences';
import { AmountField, kopecksOf } from '@/features/order/fields/AmountField';
import { TermDay } from '@/shared/ui/fields/DayField';
import { type Files, refOf } from '@/features/order/fields/files';
import { DocumentField } from '@/features/order/fields/DocumentField';
import { NoteField } from '@/features/order/fields/NoteField';
import { SignatureField, UploadedSignatureField } from '@/features/order/fields/SignatureField';
import { SignedDocument } from '@/features/order/fields/SignedDocument';
import { withText } from '@/features/order/fields/text';

interface ContractValues {
  details?: {
    file?: Files;
    signature?: Files;
    price?: string;
    advanceBasisPoints?: string;
    advance?: string;
    termDate?: string;
    registration?: boolean;
  };
  remainder?: string;
  text?: Schema<'Note'>;
}

const textsOf = ({ details, remainder }: ContractValues): AdvanceTexts => ({
  price: details?.price ?? '',
  percent: details?.advanceBasisPoints ?? '',
  advance: details?.advance ?? '',
  remainder: remainder ?? '',
});

const valuesOf = ({ price, percent, advance, remainder }: AdvanceTexts): ContractValues => ({
  details: { price, advanceBasisPoints: percent, advance },
  remainder,
});

/**
 * The fields for the price, the advance in per cent and roubles, and the remainder. When one is
 * edited, the others are recomputed.
 */
function PriceFields() {
  const form = Form.useFormInstance<ContractValues>();
  const updateFields = (texts: (now: AdvanceTexts) => AdvanceTexts) =>
    form.setFieldsValue(valuesOf(texts(textsOf(allValues(form)))));
  // When the price changes, the share or the sum stays, whichever the user entered last.
  const [entered, setEntered] = useState<AdvanceField>('percent');
  const recomputeAfter = (field: AdvanceField) => () => {
    if (field !== 'price') setEntered(field === 'percent' ? 'percent' : 'advance');
    updateFields((now) => recompute(field === 'price' ? entered : field, now));
  };
  return (
    <>
      <AmountField name={['details', 'price']} label="Стоимость работ" onEdit={recomputeAfter('price')} />
      <Form.Item
        name={['details', 'advanceBasisPoints']}
        label="Процент аванса"
        extra="0, если работы без предоплаты; не больше двух знаков после запятой."
        required
        rules={[
          {
            validator: (_, value: string | undefined) =>
              parsePercent(value ?? '') === undefined
                ? Promise.reject(new Error('Укажите процент от 0 до 100, не больше двух знаков после запятой.'))
                : Promise.resolve(),
          },
        ]}
      >
        <Input inputMode="decimal" suffix="%" autoComplete="off" onChange={recomputeAfter('percent')} />
      </Form.Item>
      <AmountField
        name={['details', 'advance']}
        label="Сумма аванса"
        zero
        extra="Целые рубли остаются как есть, процент указывается ближайший. Сумма с копейками приводится к проценту от стоимости."
        onEdit={recomputeAfter('advance')}
        onLeave={() => updateFields(snapToShare)}
      />
      <AmountField
        name={['remainder']}
        label="Оставшаяся часть"
        zero
        onEdit={recomputeAfter('remainder')}
        onLeave={() => updateFields(snapToShare)}
      />
    </>
  );
}

/**
 * «Отправить договор»: the engineer's own PDF/A file with his signature, and the conditions of the
 * contract.
 */
export const sendContract: ActionForm<'send-contract', ContractValues> = {
  button: 'Отправить договор',
  Fields: ({ card }) => (
    <>
      <DocumentField
        order={card.id}
        name={['details', 'file']}
        label="Собственный файл договора"
        missing="Приложите файл договора."
      />
      <UploadedSignatureField
        order={card.id}
        name={['details', 'signature']}
        of="договора"
        file={['details', 'file']}
      />
      <PriceFields />
      <TermDay name={['details', 'termDate']} label="Срок исполнения" />
      <Form.Item name={['details', 'registration']} valuePropName="checked">
        <Checkbox>Договор предусматривает постановку на ГКУ/ГРП</Checkbox>
      </Form.Item>
      <NoteField label="Комментарий заказчику" />
    </>
  ),
  initial: ({ terms, responses, performer }) => {
    const bid = responses?.find(({ engineer }) => engineer.id === performer?.id);
    const price = bid?.price ?? terms?.price;
    const texts = snapToShare({
      price: price ? amountText(price) : '',
      percent: terms?.prepayment ? '' : '0',
      advance: '',
      remainder: '',
    });
    const { details, remainder } = valuesOf(texts);
    return {
      // Days that were agreed count from the choice of the performer.
      details: {
        ...details,
        termDate: bid ? bid.termUntil : terms?.termDate,
        registration: terms?.registration ?? false,
      },
      remainder,
    };
  },
  body: ({ details, text }) => ({
    details: {
      file: refOf(details?.file),
      signature: refOf(details?.signature),
      price: kopecksOf(details?.price),
      advanceBasisPoints: parsePercent(details?.advanceBasisPoints ?? '') ?? 0,
      advance: kopecksOf(details?.advance),
      termDate: details?.termDate ?? '',
      registration: details?.registration ?? false,
    },
    ...withText(text),
  }),
};

interface SignatureValues {
  details?: { signature?: Files };
  text?: Schema<'Note'>;
}

/**
 * «Перейти к подписанию»: the customer's signature under the same bytes that the engineer signed.
 */
export const signContract: ActionForm<'sign-contract', SignatureValues> = {
  button: 'Перейти к подписанию',
  submit: 'Подписать и отправить',
  Fields: ({ card }) => (
    <>
      <Typography.Paragraph>Скачайте договор, проверьте его содержание и подпишите этот же файл.</Typography.Paragraph>
      {card.contract && <SignedDocument card={card} file={card.contract.file} title="Договор" />}
      <ContractDifferences card={card} />
      <SignatureField
        order={card.id}
        name={['details', 'signature']}
        of="договора"
        document={card.contract && documentToSign(card, card.contract.file)}
        goskey="sign-contract"
      />
      <NoteField label="Комментарий исполнителю" />
    </>
  ),
  signedSha256: ({ contract }) => contract?.file.sha256,
  body: ({ details, text }, { contract }) => ({
    details: { contract: contract?.file.sha256 ?? '', signature: refOf(details?.signature) },
    ...withText(text),
  }),
};
