import type { ReactNode } from 'react';
import { FileButtons } from '@/features/order/generated/FileButtons';
import type { UploadedFile } from '@/shared/upload/useUploads';
import { FilesField } from './FilesField';
import { PdfaReport } from './PdfaReport';

interface Props {
  order: string;
  name: (string | number)[];
  label: string;
  missing: string;
  /** A way to make the document on the platform. */
  maker?: (set: (file: UploadedFile) => void) => ReactNode;
}

/** A form field for the file of a contract or an act: one PDF/A, checked as soon as it is uploaded. */
export function DocumentField({ order, name, label, missing, maker }: Props) {
  return (
    <FilesField
      order={order}
      name={name}
      label={label}
      extra="Файл PDF/A. Платформа проверит его сразу после загрузки."
      missing={missing}
      accept=".pdf,application/pdf"
      maxCount={1}
      renderFile={(file) => (
        <>
          <PdfaReport order={order} file={file.id} />
          <FileButtons order={order} file={file} />
        </>
      )}
      {...(maker && { maker })}
    />
  );
}
