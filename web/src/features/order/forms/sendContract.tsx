import { Card } from 'antd';
import { amountText } from '@/shared/lib/money';
import type { SigningForm } from '@/features/order/actions/actionForm';
import { parsePercent, snapToShare } from '@/features/order/advance';
import { SentFile, SentFilePane } from '@/features/order/contract/SentFile';
import type { SendContractValues } from '@/features/order/contract/sending';
import { kopecksOf } from '@/features/order/fields/AmountField';
import { refOf } from '@/features/order/fields/files';
import { NoteField } from '@/features/order/fields/NoteField';
import { withText } from '@/features/order/fields/text';
import { AgreedConditions } from '@/features/order/signing/Conditions';
import { Parties } from '@/features/order/signing/Parties';

/**
 * «Отправить договор»: the generated contract or the engineer's own PDF/A file, with his signature
 * and the conditions of the contract.
 */
export const sendContract: SigningForm<'send-contract', SendContractValues> = {
  Document: ({ card }) => <SentFilePane order={card.id} />,
  Fields: ({ card }) => (
    <>
      <AgreedConditions card={card} />
      <Parties card={card} />
      <Card title={<h2>Договор и подпись</h2>}>
        <SentFile card={card} />
        <NoteField label="Комментарий заказчику" />
      </Card>
    </>
  ),
  initial: ({ terms, responses, performer }) => {
    const bid = responses?.find(({ engineer }) => engineer.id === performer?.id);
    const price = bid?.price ?? terms?.price;
    const { percent, remainder, ...texts } = snapToShare({
      price: price ? amountText(price) : '',
      percent: terms?.prepayment ? '' : '0',
      advance: '',
      remainder: '',
    });
    // Days that were agreed count from the choice of the performer.
    const termDate = bid ? bid.termUntil : terms?.termDate;
    return {
      details: {
        ...texts,
        advanceBasisPoints: percent,
        ...(termDate && { termDate }),
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
      ...(details?.acceptanceDays ? { acceptanceDays: details.acceptanceDays } : {}),
      ...(details?.silenceAcceptsAfter ? { silenceAcceptsAfter: details.silenceAcceptsAfter } : {}),
    },
    ...withText(text),
  }),
};
