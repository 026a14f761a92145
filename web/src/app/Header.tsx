import { Layout } from 'antd';
import { Link } from 'react-router';
import { AccountMenu } from './AccountMenu';
import { HelpButton } from './HelpButton';
import { MessageLink } from './MessageLink';
import { NotificationBell } from './NotificationBell';
import type { Page } from '@/shared/routing/page';
import { PlatformName } from '@/shared/ui/PlatformName';
import { profilePath } from '@/shared/auth/entrySteps';
import { SectionLinks } from './SectionLinks';

/**
 * Shows, from left to right, the platform's name, the sections of the role, messages,
 * notifications, help and the account.
 */
export function Header({ page }: { page: Page | undefined }) {
  return (
    <Layout.Header className="header">
      <Link to={profilePath} className="platform-link">
        <PlatformName />
      </Link>
      <SectionLinks page={page} />
      <div className="header-tools">
        <MessageLink />
        <NotificationBell />
        <HelpButton page={page} />
        <AccountMenu />
      </div>
    </Layout.Header>
  );
}
