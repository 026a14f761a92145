import { Card } from 'antd';
import type { Schema } from '@/shared/api/client';
import type { OrderCard } from '@/shared/api/order';
import type { SigningForm } from '@/features/order/actions/actionForm';
import { documentToSign } from '@/features/order/documents';
import { type Files, refOf, refsOf } from '@/features/order/fields/files';
import { FilesField } from '@/features/order/fields/FilesField';
import { NoteField } from '@/features/order/fields/NoteField';
import { PowerFields } from '@/features/order/fields/PowerFields';
import { powersOf, type PowerValues } from '@/features/order/fields/powers';
import { SignatureField } from '@/features/order/fields/SignatureField';
import { withText } from '@/features/order/fields/text';
import type { GoskeyAction } from '@/features/order/goskey';
import { AcceptanceChoice } from '@/features/order/signing/AcceptanceChoice';
import { CardDocumentPane } from '@/features/order/signing/DocumentPane';
import { Parties } from '@/features/order/signing/Parties';
import { DeliveredResults } from '@/features/order/signing/DeliveredResults';

interface ActSignatureValues extends PowerValues {
  details?: PowerValues['details'] & { signature?: Files };
  text?: Schema<'Note'>;
}

/**
 * Returns the act that waits for the customer's signature; undefined if it comes later with
 * ГКУ/ГРП.
 */
const actToSign = ({ act }: OrderCard) => (act && !act.customerSignature && !act.alone ? act : undefined);

function ActToSign({ card }: { card: OrderCard }) {
  const act = actToSign(card);
  return act ? <CardDocumentPane card={card} file={act.file} /> : null;
}

function ResultsAndAct({ card }: { card: OrderCard }) {
  return (
    <>
      <DeliveredResults card={card} />
      <ActToSign card={card} />
    </>
  );
}

function ActSignature({ card, goskey }: { card: OrderCard; goskey?: GoskeyAction }) {
  const act = actToSign(card);
  if (!act) return null;
  return (
    <>
      <PowerFields card={card} />
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

function ActParties({ card }: { card: OrderCard }) {
  const act = actToSign(card);
  return act ? <Parties card={card} performerSignature={act.signature} /> : null;
}

const actSigning = {
  signedSha256: (card: OrderCard) => actToSign(card)?.file.sha256,
  body: (values: ActSignatureValues, card: OrderCard) => {
    const act = actToSign(card);
    const signed = act && {
      act: act.file.sha256,
      signature: refOf(values.details?.signature),
      ...powersOf(values, card),
    };
    return { details: signed ?? {}, ...withText(values.text) };
  },
};

const acceptance = 'Приемка работ';

/** «Перейти к приемке» → «Принять и перейти к подписанию» → «Отправить». */
export const acceptResults: SigningForm<'accept-results', ActSignatureValues> = {
  heading: acceptance,
  submit: 'Отправить',
  Document: ResultsAndAct,
  Fields: ({ card }) => (
    <>
      <AcceptanceChoice card={card} chosen="accept-results" />
      <ActParties card={card} />
      <Card title={<h2>{actToSign(card) ? 'Подпись акта' : 'Приёмка без замечаний'}</h2>}>
        {card.contract?.registration && (
          <p className="note">Акт придёт вместе с результатом ГКУ/ГРП, сейчас подписывать нечего.</p>
        )}
        <ActSignature card={card} goskey="accept-results" />
        <NoteField label="Комментарий исполнителю" />
      </Card>
    </>
  ),
  ...actSigning,
};

export const signAct: SigningForm<'sign-act', ActSignatureValues> = {
  Document: ResultsAndAct,
  Fields: ({ card }) => (
    <>
      <ActParties card={card} />
      <Card title={<h2>Подпись акта</h2>}>
        <ActSignature card={card} goskey="sign-act" />
        <NoteField label="Комментарий исполнителю" />
      </Card>
    </>
  ),
  ...actSigning,
};

/** The engineer signs alone after the customer missed the deadline. */
export const signActAlone: SigningForm<'sign-act-alone', ActSignatureValues> = {
  Document: ResultsAndAct,
  Fields: ({ card, action }) => (
    <Card title={<h2>Приёмка в одностороннем порядке</h2>}>
      <p>
        Заказчик не ответил в срок. Работы считаются принятыми в одностороннем порядке (статья 753 Гражданского
        кодекса). Отметка об этом останется в истории.
      </p>
      <ActSignature card={card} />
      <NoteField required={action.reasoned ?? false} />
    </Card>
  ),
  ...actSigning,
};

interface RemarksValues {
  details?: { files?: Files };
  text?: Schema<'Note'>;
}

/** «Вернуть на доработку»: remarks with optional files. */
export const returnResults: SigningForm<'return-results', RemarksValues> = {
  heading: acceptance,
  Document: ResultsAndAct,
  Fields: ({ card, action }) => (
    <>
      <AcceptanceChoice card={card} chosen="return-results" />
      <Card title={<h2>Замечания</h2>}>
        <NoteField label="Замечания" required={action.reasoned ?? false} extra="Опишите, что исправить." />
        <FilesField order={card.id} name={['details', 'files']} label="Файлы к замечаниям" />
      </Card>
    </>
  ),
  body: ({ details, text }) => {
    const files = refsOf(details?.files);
    return { details: files.length > 0 ? { files } : {}, ...withText(text) };
  },
};
