import { Card } from 'antd';
import { noChat, writeInstead } from '@/features/messages/labels';

/** A placeholder for the chat of the order. */
export function Chat() {
  return (
    <Card title={<h2>Чат</h2>}>
      <p>{noChat}</p>
      <p className="note">{writeInstead}</p>
    </Card>
  );
}
