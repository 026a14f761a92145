import { Card } from 'antd';
import { noChat, writeInstead } from '@/features/messages/words';

/** The place of the order's chat. */
export function Chat() {
  return (
    <Card title={<h2>Чат</h2>}>
      <p>{noChat}</p>
      <p className="note">{writeInstead}</p>
    </Card>
  );
}
