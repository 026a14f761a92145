import type { Requisites, RequisiteValues } from './queries';

export const valuesOf = ({
  inn,
  kpp,
  address,
  bic,
  bankName,
  account,
  correspondentAccount,
}: Requisites): RequisiteValues => ({
  inn,
  kpp,
  address,
  bic,
  bankName,
  account,
  correspondentAccount,
});

/** Returns a number without the spaces and dashes that people type. */
export const digits = (text: string): string => text.replace(/[^0-9A-Za-zА-Яа-яЁё]/g, '');

/**
 * Returns what is saved: what was typed, nothing where ЕСИА gives the value, and what was saved of
 * fields that are not shown. Another БИК ends what was saved of the bank.
 */
export function entered(current: Requisites, typed: Partial<RequisiteValues>): RequisiteValues {
  const bic = digits(typed.bic ?? current.bic);
  const bank = bic === current.bic ? {} : { bankName: '', correspondentAccount: '' };
  const all = { ...valuesOf(current), ...bank, ...typed, bic };
  for (const field of current.fromEsia) all[field] = '';
  if (current.kind !== 'organisation') all.kpp = '';
  return all;
}
