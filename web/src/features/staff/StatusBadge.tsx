import { Badge } from 'antd';
import type { Employment } from './queries';
import { statusBadges } from './labels';

/** Shows the state of a request or of the work, with what was said at its last change. */
export function StatusBadge({
  employment: { status, comment },
  labels,
}: {
  employment: Pick<Employment, 'status' | 'comment'>;
  labels: Record<Employment['status'], string>;
}) {
  return (
    <>
      <Badge status={statusBadges[status]} text={labels[status]} />
      {comment && <div className="note">«{comment}»</div>}
    </>
  );
}
