import type { Run } from './queries';
import { verdictOf } from './labels';

/** Shows the verdict of a run. */
export function RunBadge({ verdict }: Pick<Run, 'verdict'>) {
  const { label, tone } = verdictOf(verdict);
  return <span className={`badge ${tone}`}>{label}</span>;
}
