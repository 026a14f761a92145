import { Form } from 'antd';
import { FilesField } from './FilesField';
import type { Files } from './files';
import { type DocumentToSign, SignInBrowser } from './SignInBrowser';
import { SignInGoskey } from './SignInGoskey';
import type { GoskeyAction } from '@/features/order/goskey';

interface Props {
  order: string;
  name: (string | number)[];
  /** «договора», «акта» */
  of: string;
  /** The document to sign; undefined as long as there is none. */
  document: DocumentToSign | undefined;
  /** The action that a signature in «Госключ» carries out; without it «Госключ» is not offered. */
  goskey?: GoskeyAction;
}

/** A form field for a detached signature: made in the browser, or outside the platform as a file. */
export function SignatureField({ order, name, of, document, goskey }: Props) {
  return (
    <FilesField
      order={order}
      name={name}
      label={`Файл подписи ${of}`}
      extra={`Подпишите файл ${of} в браузере или приложите готовую открепленную подпись УКЭП (.sig, .sgn, .p7s), сделанную программой КриптоПро.`}
      missing={`Подпишите файл ${of} или приложите файл подписи.`}
      accept=".sig,.sgn,.p7s"
      maxCount={1}
      source={(add) => (
        <>
          <SignInBrowser order={order} of={of} document={document} onSigned={(file) => add([file])} />
          {goskey && <SignInGoskey order={order} action={goskey} document={document?.sha256} />}
        </>
      )}
    />
  );
}

interface UploadedProps extends Omit<Props, 'document'> {
  /** The field of the document. */
  file: (string | number)[];
}

/** A SignatureField for the document that another field of the form has. */
export function UploadedSignatureField({ file, ...field }: UploadedProps) {
  return <SignatureField {...field} document={Form.useWatch<Files | undefined>(file)?.[0]} />;
}
