import type { Engineer } from './queries';

/**
 * Shows the status of an engineer: that of the registry and the moderators' block. Both can apply.
 */
export function EngineerStatusBadge({
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
