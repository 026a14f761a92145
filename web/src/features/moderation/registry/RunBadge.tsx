import type { Run } from './queries';
import { verdictOf } from './words';

/** What came of a run, in a word. */
export function RunBadge({ verdict }: Pick<Run, 'verdict'>) {
  const { label, tone } = verdictOf(verdict);
  return <span className={`badge ${tone}`}>{label}</span>;
}
