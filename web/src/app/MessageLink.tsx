import { MailOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Badge } from 'antd';
import { Link } from 'react-router';
import { unreadMessagesQuery } from '@/features/messages/queries';
import { counted } from '@/shared/lib/plural';

/** Shows the number of unread messages in the chats of the orders, and links to them. */
export function MessageLink() {
  const unread = useQuery(unreadMessagesQuery).data ?? 0;
  const label = unread > 0 ? `Сообщения: ${counted(unread, 'новое', 'новых', 'новых')}` : 'Сообщения';
  return (
    <Link to="/messages" className="header-icon" aria-label={label} title={label}>
      <Badge count={unread} size="small">
        <MailOutlined className="icon" />
      </Badge>
    </Link>
  );
}
