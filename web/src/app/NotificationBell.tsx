import { BellOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Badge } from 'antd';
import { Link } from 'react-router';
import { counted } from '@/shared/lib/plural';
import { unreadQuery } from '@/features/notifications/queries';

/** Shows the number of unread notifications and links to them. */
export function NotificationBell() {
  const unread = useQuery(unreadQuery).data ?? 0;
  const label = unread > 0 ? `Уведомления: ${counted(unread, 'новое', 'новых', 'новых')}` : 'Уведомления';
  return (
    <Link to="/notifications" className="header-icon" aria-label={label} title={label}>
      <Badge count={unread} size="small">
        <BellOutlined className="icon" />
      </Badge>
    </Link>
  );
}
