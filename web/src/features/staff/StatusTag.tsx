import { Tag } from 'antd';
import type { Employment } from './queries';
import { statusColors } from './labels';

/** Shows the state of a request or of the work, with what was said at its last change. */
export function StatusTag({
  employment: { status, comment },
  labels,
}: {
  employment: Pick<Employment, 'status' | 'comment'>;
  labels: Record<Employment['status'], string>;
}) {
  return (
    <>
      <Tag color={statusColors[status]}>{labels[status]}</Tag>
      {comment && <div className="note">«{comment}»</div>}
    </>
  );
}
