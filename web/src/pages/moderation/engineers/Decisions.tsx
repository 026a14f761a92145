import { formatDateTime } from '../../../lib/dates';
import type { EngineerCard } from './queries';

/** What moderators have decided on an engineer, and why; the newest first. */
export function Decisions({ decisions }: Pick<EngineerCard, 'decisions'>) {
  if (decisions.length === 0) return <p className="note">Решений пока не было.</p>;
  return (
    <ul className="decisions">
      {decisions.map(({ id, blocked, reason, moderator, decidedAt, applied, overtaken }) => (
        <li key={id}>
          <strong>{blocked ? 'Заблокирован' : 'Блокировка снята'}</strong> <span className="note">{formatDateTime(decidedAt)}, {moderator}</span>
          {!applied && <span className="note"> · {overtaken ? 'не исполнено: раньше пришло более позднее решение' : 'исполняется'}</span>}
          <div className="words">{reason}</div>
        </li>
      ))}
    </ul>
  );
}
