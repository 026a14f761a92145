import type { Schema } from '@/shared/api/client';

export type Statistics = Schema<'EngineerStatistics'>;

export const rules: Record<Schema<'ReviewVerdict'>['rule'], string> = {
  'personal-data': 'персональные данные',
  insult: 'оскорбление',
  advertising: 'реклама',
  'off-topic': 'не о работе по заказу',
  unlawful: 'нарушение закона',
};

/** «4,67»; the API rounds to two decimals. */
export function ratingText(rating: number): string {
  return rating.toLocaleString('ru-RU', { minimumFractionDigits: 1, maximumFractionDigits: 2 });
}

/** «2 из 40 (5 %)»; who was asked to do nothing has refused nothing. */
export function refusalsText({ refusals, asked }: Statistics): string {
  if (asked === 0) return 'заказов ещё не предлагали';
  return `${refusals} из ${asked} (${Math.round((100 * refusals) / asked)}\u00a0%)`;
}

export function progressText({ progress, inWork }: Statistics): string {
  return progress === undefined ? 'заказов в работе нет' : `${progress}\u00a0% (в работе ${inWork})`;
}

/** Which marks the rating counts; it stands beside the rating and in the help. */
export const countedMarks =
  'Учтены все оценки заказчиков, и тех заказов, что расторгнуты после оценки. Оценка отменяется, если работы переделывают или исполнителя заменяют.';
