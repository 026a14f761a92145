import type { MissingForContract } from '@/shared/codes';

const needs: Record<MissingForContract, string> = {
  snils: 'СНИЛС',
  inn: 'ИНН',
  kpp: 'КПП',
  ogrn: 'ОГРН или ОГРНИП',
  address: 'адрес',
  bank: 'банк и расчетный счет',
  employer: 'работодатель, который подтвердил вас сотрудником',
  form: 'форма работы: ИП или сотрудник организации',
};

/** Returns what is missing as one text: «адрес; банк и расчетный счет». */
export const missingText = (missing: readonly MissingForContract[]): string =>
  missing.map((code) => needs[code]).join('; ');
