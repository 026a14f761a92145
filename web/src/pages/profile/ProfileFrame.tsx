import { Tabs } from 'antd';
import type { ReactNode } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { useSession } from '../../app/session';
import { PageHeading } from '../../components/PageHeading';
import { profileTabs } from './tabs';

/** The tabs of the profile, each a page of its own; which there are depends on the role. */
export function ProfileFrame({ children }: { children: ReactNode }) {
  const { pathname } = useLocation();
  const navigate = useNavigate();
  const { role } = useSession();
  const items = profileTabs
    .filter(({ roles }) => !roles || roles.some((one) => one === role))
    .map(({ path, title }) => ({ key: path, label: title, children: path === pathname ? children : null }));
  return (
    <>
      <PageHeading>Профиль</PageHeading>
      <Tabs className="profile-tabs" activeKey={pathname} items={items} onChange={(path) => void navigate(path)} />
    </>
  );
}
