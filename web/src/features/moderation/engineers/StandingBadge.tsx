import type { Engineer } from './queries';

/** What the registry and the moderators say of an engineer: each has its own word, both may be against him. */
export function StandingBadge({
  engineer: { inRegistry, blocked },
}: {
  engineer: Pick<Engineer, 'inRegistry' | 'blocked'>;
}) {
  return (
    <div className="badges">
      {inRegistry ? (
        <span className="badge done">действующий</span>
      ) : (
        <span className="badge quiet">нет действующего статуса</span>
      )}
      {blocked && <span className="badge held">заблокирован</span>}
    </div>
  );
}
