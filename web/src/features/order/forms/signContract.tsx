import { Card } from 'antd';
import type { Schema } from '@/shared/api/client';
import type { SigningForm } from '@/features/order/actions/actionForm';
import { documentToSign } from '@/features/order/documents';
import { type Files, refOf } from '@/features/order/fields/files';
import { NoteField } from '@/features/order/fields/NoteField';
import { PowerFields } from '@/features/order/fields/PowerFields';
import { powersOf, type PowerValues } from '@/features/order/fields/powers';
import { SignatureField } from '@/features/order/fields/SignatureField';
import { withText } from '@/features/order/fields/text';
import { ContractConditionsCompared } from '@/features/order/signing/Conditions';
import { CardDocumentPane } from '@/features/order/signing/DocumentPane';
import { Parties } from '@/features/order/signing/Parties';

interface SignatureValues extends PowerValues {
  details?: PowerValues['details'] & { signature?: Files };
  text?: Schema<'Note'>;
}

/**
 * «Перейти к подписанию»: the customer's signature under the same bytes that the engineer signed.
 */
export const signContract: SigningForm<'sign-contract', SignatureValues> = {
  submit: 'Подписать и отправить',
  Document: ({ card }) => (card.contract ? <CardDocumentPane card={card} file={card.contract.file} /> : null),
  Fields: ({ card }) => (
    <>
      <ContractConditionsCompared card={card} />
      <Parties card={card} performerSignature={card.contract?.signature} />
      <Card title={<h2>Подпись</h2>}>
        <PowerFields card={card} />
        <SignatureField
          order={card.id}
          name={['details', 'signature']}
          of="договора"
          goskey="sign-contract"
          document={card.contract && documentToSign(card, card.contract.file)}
        />
        <NoteField label="Комментарий исполнителю" />
      </Card>
    </>
  ),
  signedSha256: ({ contract }) => contract?.file.sha256,
  body: (values, card) => ({
    details: {
      contract: card.contract?.file.sha256 ?? '',
      signature: refOf(values.details?.signature),
      ...powersOf(values, card),
    },
    ...withText(values.text),
  }),
};
