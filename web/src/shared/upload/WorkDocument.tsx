import type { Schema } from '@/shared/api/client';
import { formatDay } from '@/shared/lib/dates';
import { Facts } from '@/shared/ui/Facts';
import { FileGallery } from './FileGallery';

/** The document that proves an engineer's form of work, for those who have to check it. */
export function WorkDocument({ document }: { document: Schema<'WorkDocument'> | undefined }) {
  if (!document) return <p className="note">Документ о форме работы не указан.</p>;
  const { name, number, date, files } = document;
  return (
    <>
      <Facts
        items={[
          ['Документ', name],
          ['Номер', number],
          ['Дата', date && formatDay(date)],
        ]}
      />
      <FileGallery
        files={files.map((file) => ({ ...file, title: file.title || file.name }))}
        empty="Копия документа не приложена."
      />
    </>
  );
}
