import { formsOfWork } from '@/shared/api/formsOfWork';
import { formatDay } from '@/shared/lib/dates';
import type { UploadedFile } from '@/shared/upload/useUploads';
import type { OwnProfile, WorkForm } from './queries';
import { uploadedOf } from './values';

/** The values of the form «Форма работы». */
export interface WorkValues {
  form?: WorkForm['form'];
  ogrnip?: string;
  documentName?: string;
  documentNumber?: string;
  documentDate?: string;
  documents?: UploadedFile[];
}

export const workLabels: Record<keyof WorkValues, string> = {
  form: 'Как вы работаете',
  ogrnip: 'ОГРНИП',
  documentName: 'Наименование документа',
  documentNumber: 'Номер документа',
  documentDate: 'Дата документа',
  documents: 'Электронная копия документа',
};

/** Returns the values of a saved profile. Where ЕСИА reports an ИП, only its ОГРНИП is accepted. */
export const workValuesOf = (p: OwnProfile): WorkValues => ({
  ...(p.form && { form: p.form }),
  ogrnip: p.businessOgrnip ?? p.ogrnip ?? '',
  documentName: p.documentName ?? '',
  documentNumber: p.documentNumber ?? '',
  ...(p.documentDate && { documentDate: p.documentDate }),
  documents: p.documents.map(uploadedOf),
});

/** Returns the request body of values that are based on a version of the form of work. */
export function workBodyOf(version: number, form: WorkForm['form'], v: WorkValues): WorkForm {
  return {
    version,
    form,
    ...(form === 'entrepreneur' && v.ogrnip && { ogrnip: v.ogrnip }),
    ...(v.documentName && { documentName: v.documentName }),
    ...(v.documentNumber && { documentNumber: v.documentNumber }),
    ...(v.documentDate && { documentDate: v.documentDate }),
    documents: (v.documents ?? []).map(({ id }) => ({ file: id })),
  };
}

/** Returns the fields in which what was typed differs from what is saved, with the saved values. */
export function workDifferences(mine: WorkValues, saved: OwnProfile): [label: string, saved: string][] {
  const theirs = workValuesOf(saved);
  const comparable = (v: WorkValues) => ({ ...workBodyOf(0, v.form ?? 'entrepreneur', v), form: v.form });
  const [a, b] = [comparable(mine), comparable(theirs)];
  const shown: Record<keyof WorkValues, string> = {
    form: theirs.form ? formsOfWork[theirs.form] : '',
    ogrnip: theirs.ogrnip ?? '',
    documentName: theirs.documentName ?? '',
    documentNumber: theirs.documentNumber ?? '',
    documentDate: theirs.documentDate ? formatDay(theirs.documentDate) : '',
    documents: (theirs.documents ?? []).map(({ name }) => name).join(', '),
  };
  return (Object.keys(workLabels) as (keyof WorkValues)[])
    .filter((field) => JSON.stringify(a[field]) !== JSON.stringify(b[field]))
    .map((field) => [workLabels[field], shown[field]]);
}
