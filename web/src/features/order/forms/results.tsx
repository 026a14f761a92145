import { Form, Input, Radio } from 'antd';
import type { Schema } from '@/shared/api/client';
import type { ActionForm } from '@/features/order/actions/actionForm';
import { documentToSign } from '@/features/order/documents';
import type { GoskeyAction } from '@/features/order/goskey';
import { ActFields, actOf, type ActValues } from '@/features/order/fields/ActFields';
import { type Files, refOf, refsOf } from '@/features/order/fields/files';
import { FilesField } from '@/features/order/fields/FilesField';
import { type InvoiceBy, InvoiceFields, invoiceOf } from '@/features/order/fields/InvoiceFields';
import { LinkField } from '@/features/order/fields/LinkField';
import { NoteField } from '@/features/order/fields/NoteField';
import { SignatureField } from '@/features/order/fields/SignatureField';
import { SignedDocument } from '@/features/order/fields/SignedDocument';
import { withText } from '@/features/order/fields/text';
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
export const submitResults: ActionForm<'submit-results', ResultsValues> = {
  Fields: ({ card }) => (
    <>
      <WayFields order={card.id} />
      {card.contract?.registration ? (
        <p className="note">По этому договору акт передаётся вместе с результатом ГКУ/ГРП.</p>
      ) : (
        <>
          <ActFields order={card.id} />
          {hasRemainder(card) && (
            <InvoiceFields
              order={card.id}
              kind="invoice"
              file={['details', 'invoice', 'file']}
              link={['text', 'invoiceLink']}
              optional
            />
          )}
        </>
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

interface ActSignatureValues {
  details?: { signature?: Files };
  text?: Schema<'Note'>;
}

/**
 * Returns the act that waits for the customer's signature; undefined if it comes later with
 * ГКУ/ГРП.
 */
const actToSign = ({ act }: OrderCard) => (act && !act.customerSignature && !act.alone ? act : undefined);

function ActToSign({ card, goskey }: { card: OrderCard; goskey?: GoskeyAction }) {
  const act = actToSign(card);
  if (!act) return null;
  return (
    <>
      <p>Скачайте акт, проверьте его содержание и подпишите этот же файл.</p>
      <SignedDocument card={card} file={act.file} title="Акт выполненных работ" />
      <SignatureField
        order={card.id}
        name={['details', 'signature']}
        of="акта"
        document={documentToSign(card, act.file)}
        {...(goskey && { goskey })}
      />
    </>
  );
}

const actSigning = {
  signedSha256: (card: OrderCard) => actToSign(card)?.file.sha256,
  body: ({ details, text }: ActSignatureValues, card: OrderCard) => {
    const act = actToSign(card);
    return { details: act ? { act: act.file.sha256, signature: refOf(details?.signature) } : {}, ...withText(text) };
  },
};

/** «Перейти к приемке» → «Принять и перейти к подписанию» → «Отправить». */
export const acceptResults: ActionForm<'accept-results', ActSignatureValues> = {
  button: 'Перейти к приемке',
  submit: 'Отправить',
  Fields: ({ card }) => (
    <>
      <p>Результаты приняты без замечаний. Прежде чем отправить, скачайте и посмотрите все приложенные документы.</p>
      {card.contract?.registration && (
        <p className="note">Акт придёт вместе с результатом ГКУ/ГРП, сейчас подписывать нечего.</p>
      )}
      <ActToSign card={card} goskey="accept-results" />
      <NoteField label="Комментарий исполнителю" />
    </>
  ),
  ...actSigning,
};

export const signAct: ActionForm<'sign-act', ActSignatureValues> = {
  Fields: ({ card }) => (
    <>
      <ActToSign card={card} goskey="sign-act" />
      <NoteField label="Комментарий исполнителю" />
    </>
  ),
  ...actSigning,
};

/** The engineer signs alone after the customer missed the deadline. */
export const signActAlone: ActionForm<'sign-act-alone', ActSignatureValues> = {
  Fields: ({ card, action }) => (
    <>
      <p>
        Заказчик не ответил в срок. Работы считаются принятыми в одностороннем порядке (статья 753 Гражданского
        кодекса). Отметка об этом останется в истории.
      </p>
      <ActToSign card={card} />
      <NoteField required={action.reasoned ?? false} />
    </>
  ),
  ...actSigning,
};

interface RemarksValues {
  details?: { files?: Files };
  text?: Schema<'Note'>;
}

/** «Вернуть на доработку»: remarks with optional files. */
export const returnResults: ActionForm<'return-results', RemarksValues> = {
  Fields: ({ card, action }) => (
    <>
      <NoteField label="Замечания" required={action.reasoned ?? false} extra="Опишите, что исправить." />
      <FilesField order={card.id} name={['details', 'files']} label="Файлы к замечаниям" />
    </>
  ),
  body: ({ details, text }) => {
    const files = refsOf(details?.files);
    return { details: files.length > 0 ? { files } : {}, ...withText(text) };
  },
};
