import { FilesField } from './FilesField';

interface Props {
  order: string;
  name: (string | number)[];
  /** «договора», «акта» */
  of: string;
}

/** A form field for a detached signature, made outside the platform, as a file. */
export function SignatureField({ order, name, of }: Props) {
  return (
    <FilesField
      order={order}
      name={name}
      label={`Файл подписи ${of}`}
      extra={`Открепленная подпись УКЭП (.sig, .sgn, .p7s). Подпишите файл ${of} программой КриптоПро на своём компьютере и приложите файл подписи.`}
      missing={`Приложите файл подписи ${of}.`}
      accept=".sig,.sgn,.p7s"
      maxCount={1}
    />
  );
}
