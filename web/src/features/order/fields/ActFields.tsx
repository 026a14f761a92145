import type { Schema } from '@/shared/api/client';
import { type Files, refOf } from './files';
import { FilesField } from './FilesField';
import { SignatureField } from './SignatureField';

export interface ActValues {
  file?: Files;
  signature?: Files;
}

/** The fields for an act of completed works and its engineer's signature. */
export function ActFields({ order }: { order: string }) {
  return (
    <>
      <FilesField
        order={order}
        name={['details', 'act', 'file']}
        label="Акт выполненных работ"
        missing="Приложите акт выполненных работ."
        maxCount={1}
      />
      <SignatureField order={order} name={['details', 'act', 'signature']} of="акта" />
    </>
  );
}

export function actOf(act: ActValues | undefined): Schema<'SignedAct'> {
  return { file: refOf(act?.file), signature: refOf(act?.signature) };
}
