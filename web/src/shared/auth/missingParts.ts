import type { Schema } from '@/shared/api/client';
import { employerPath, formOfWorkPath, profileEditPath, requisitesPath } from './entrySteps';

/** A mandatory part of an engineer's profile. */
export type MissingCode = Schema<'Missing'>['code'];

interface MissingPart {
  label: string;
  /** The page that fills it in, with the field to go to; none if somebody else fills it in. */
  path?: string;
}

const field = (page: string, name: string) => `${page}?field=${name}`;

/** The mandatory parts by their codes. */
export const missingParts: Record<MissingCode, MissingPart> = {
  regions: { label: 'Регионы деятельности', path: field(profileEditPath, 'regions') },
  email: { label: 'Электронная почта', path: field(profileEditPath, 'email') },
  phone: { label: 'Телефон', path: field(profileEditPath, 'phone') },
  experience: { label: 'Опыт работы', path: field(profileEditPath, 'experienceSince') },
  education: { label: 'Образование', path: field(profileEditPath, 'education') },
  works: { label: 'Виды работ и стоимость', path: field(profileEditPath, 'works') },
  form: { label: 'Форма работы', path: field(formOfWorkPath, 'form') },
  employer: { label: 'Работодатель', path: employerPath },
  ogrnip: { label: 'ОГРНИП', path: field(formOfWorkPath, 'ogrnip') },
  'ogrnip-differs': { label: 'ОГРНИП по данным Госуслуг', path: field(formOfWorkPath, 'ogrnip') },
  document: { label: 'Документ о форме работы', path: field(formOfWorkPath, 'documentName') },
  'document-former': {
    label: 'Документ для нынешней формы работы и работодателя',
    path: field(formOfWorkPath, 'documentName'),
  },
  requisites: { label: 'Реквизиты и оплата', path: requisitesPath },
  'employer-requisites': { label: 'Реквизиты работодателя' },
};
