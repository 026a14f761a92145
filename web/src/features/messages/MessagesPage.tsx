import { Empty } from 'antd';
import { PageHeading } from '@/shared/ui/PageHeading';
import { noChat, writeInstead } from './labels';

/** A placeholder for the list of orders with chats. */
export default function MessagesPage() {
  return (
    <>
      <PageHeading>Сообщения</PageHeading>
      <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={noChat}>
        <p className="note">{writeInstead}</p>
      </Empty>
    </>
  );
}
