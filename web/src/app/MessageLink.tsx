import { MailOutlined } from '@ant-design/icons';
import { Link } from 'react-router';

/** Links to the messages of the orders. */
export function MessageLink() {
  return (
    <Link to="/messages" className="header-icon" aria-label="Сообщения" title="Сообщения">
      <MailOutlined className="icon" />
    </Link>
  );
}
