import { FilesField } from './FilesField';
import { PdfaReport } from './PdfaReport';

interface Props {
  order: string;
  name: (string | number)[];
  label: string;
  missing: string;
}

/** A form field for the own file of a contract or an act: one PDF/A, checked as soon as it is uploaded. */
export function DocumentField({ order, name, label, missing }: Props) {
  return (
    <FilesField
      order={order}
      name={name}
      label={label}
      extra="Файл PDF/A. Платформа проверит его сразу после загрузки."
      missing={missing}
      accept=".pdf,application/pdf"
      maxCount={1}
      renderFile={(file) => <PdfaReport order={order} file={file.id} />}
    />
  );
}
