import type { Schema } from '@/shared/api/client';
import { ActDialog } from '@/features/order/generated/ActDialog';
import { GenerateButton } from '@/features/order/generated/GenerateButton';
import { DocumentField } from './DocumentField';
import { type Files, refOf } from './files';
import { UploadedSignatureField } from './SignatureField';

export interface ActValues {
  file?: Files;
  signature?: Files;
}

/** The fields for an act of completed works and its engineer's signature. */
export function ActFields({ order }: { order: string }) {
  return (
    <>
      <DocumentField
        order={order}
        name={['details', 'act', 'file']}
        label="Акт выполненных работ"
        missing="Сформируйте или приложите акт выполненных работ."
        maker={(set) => <GenerateButton order={order} title="Сформировать акт" Dialog={ActDialog} onGenerated={set} />}
      />
      <UploadedSignatureField
        order={order}
        name={['details', 'act', 'signature']}
        of="акта"
        file={['details', 'act', 'file']}
      />
    </>
  );
}

export function actOf(act: ActValues | undefined): Schema<'SignedAct'> {
  return { file: refOf(act?.file), signature: refOf(act?.signature) };
}
