import type { Run } from './queries';

type Verdict = Run['verdict'];

const verdicts: Record<Verdict, { label: string; tone: 'quiet' | 'active' | 'done' | 'held' }> = {
  running: { label: 'идёт', tone: 'active' },
  completed: { label: 'применена', tone: 'done' },
  noop: { label: 'нового снимка нет', tone: 'quiet' },
  held: { label: 'ждёт решения', tone: 'held' },
  failed: { label: 'не удалась', tone: 'held' },
  rejected: { label: 'отклонена', tone: 'quiet' },
  superseded: { label: 'заменена более новой', tone: 'quiet' },
  missed: { label: 'не началась', tone: 'held' },
};

export const verdictOf = (verdict: Verdict) => verdicts[verdict];

/** The verdicts as options of a filter. */
export const verdictOptions = Object.entries(verdicts).map(([value, { label }]) => ({ value, label }));

const number = new Intl.NumberFormat('ru-RU', { maximumFractionDigits: 1 });

/** Formats a duration: «340 мс», «2,5 с», «3 мин 20 с». */
export function durationText(millis: number): string {
  if (millis < 1000) return `${millis}\u00a0мс`;
  if (millis < 60_000) return `${number.format(millis / 1000)}\u00a0с`;
  const seconds = Math.round(millis / 1000);
  return `${Math.floor(seconds / 60)}\u00a0мин ${seconds % 60}\u00a0с`;
}

/** Formats lost / active as a percentage: «5,3 %». */
export function shareText(lost: number, active: number): string {
  return active === 0 ? '—' : `${number.format((lost * 100) / active)}\u00a0%`;
}
