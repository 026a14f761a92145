import { employerPath, formOfWorkPath } from '@/shared/auth/entrySteps';
import type { Requisites, RequisiteValues } from './queries';

export const fieldLabels: Record<keyof RequisiteValues, string> = {
  inn: 'ИНН',
  kpp: 'КПП',
  address: 'Адрес',
  bic: 'БИК',
  bankName: 'Банк',
  account: 'Расчетный счет',
  correspondentAccount: 'Корреспондентский счет',
};

/** Returns why the requisites cannot be changed here; undefined if they can. */
export function readOnlyReason({ holding, owner }: Pick<Requisites, 'holding' | 'owner'>): string | undefined {
  const reasons: Record<Requisites['holding'], string | undefined> = {
    own: undefined,
    employer: `Это реквизиты вашего работодателя: ${owner}. Изменить их может только он.`,
    'employer-pending': `Реквизиты появятся здесь, когда работодатель подтвердит вас сотрудником: ${owner}.`,
    'no-employer': 'Реквизиты сотрудника заполняет работодатель. Сначала укажите работодателя в профиле.',
    'no-form':
      'Сначала укажите в профиле форму работы. Индивидуальный предприниматель вводит реквизиты сам, реквизиты сотрудника заполняет его работодатель.',
  };
  return reasons[holding];
}

/** The page on which an engineer removes the reason himself, and the link to it. */
export const readOnlyRemedies: Partial<Record<Requisites['holding'], { path: string; label: string }>> = {
  'no-employer': { path: employerPath, label: 'Добавить работодателя' },
  'no-form': { path: formOfWorkPath, label: 'Указать форму работы' },
};

/** Returns the name of the registration number: that of an organisation, or of an entrepreneur. */
export const numberLabel = (kind: Requisites['kind']): string => (kind === 'organisation' ? 'ОГРН' : 'ОГРНИП');
