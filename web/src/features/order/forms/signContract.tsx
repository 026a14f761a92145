import { Typography } from 'antd';
import type { Schema } from '@/shared/api/client';
import type { ActionForm } from '@/features/order/actions/actionForm';
import { documentToSign } from '@/features/order/documents';
import { ContractDifferences } from '@/features/order/parts/ContractDifferences';
import { type Files, refOf } from '@/features/order/fields/files';
import { NoteField } from '@/features/order/fields/NoteField';
import { SignatureField } from '@/features/order/fields/SignatureField';
import { SignedDocument } from '@/features/order/fields/SignedDocument';
import { withText } from '@/features/order/fields/text';

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
        goskey="sign-contract"
        document={card.contract && documentToSign(card, card.contract.file)}
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
