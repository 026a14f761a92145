import {
  DownOutlined,
  LogoutOutlined,
  SettingOutlined,
  SwapOutlined,
  TeamOutlined,
  UserOutlined,
} from '@ant-design/icons';
import { App as AntdApp, Avatar, Button, Dropdown, type MenuProps } from 'antd';
import { Link, useNavigate } from 'react-router';
import { problemOf } from '@/shared/api/problem';
import { admissionsPath, profilePath, rolePath, settingsPath } from '@/shared/auth/entrySteps';
import { initialsOf } from '@/shared/lib/personName';
import { roleTitle, useSession } from '@/shared/auth/session';
import { signOut } from '@/shared/auth/signOut';

/**
 * Shows the avatar, which links to the profile, and a menu with the settings, the change of role
 * and the sign-out.
 */
export function AccountMenu() {
  const session = useSession();
  const navigate = useNavigate();
  const { message } = AntdApp.useApp();
  const leave = () => signOut(session.person.id).catch((error: unknown) => message.error(problemOf(error).detail));
  const initials = initialsOf(session.person.name);
  const items: MenuProps['items'] = [
    {
      key: 'who',
      type: 'group',
      label: (
        <div className="account-who">
          <strong>{session.person.name}</strong>
          <span>{roleTitle(session)}</span>
          {session.partyKind !== 'person' && session.partyName && <span>{session.partyName}</span>}
        </div>
      ),
    },
    { type: 'divider' },
    { key: 'profile', icon: <UserOutlined />, label: 'Профиль', onClick: () => void navigate(profilePath) },
    {
      key: 'settings',
      icon: <SettingOutlined />,
      label: 'Настройки учетной записи',
      onClick: () => void navigate(settingsPath),
    },
    ...(session.head
      ? [
          {
            key: 'admissions',
            icon: <TeamOutlined />,
            label: 'Допуск сотрудников',
            onClick: () => void navigate(admissionsPath),
          },
        ]
      : []),
    { key: 'role', icon: <SwapOutlined />, label: 'Сменить роль', onClick: () => void navigate(rolePath) },
    { key: 'out', icon: <LogoutOutlined />, label: 'Выйти', onClick: () => void leave() },
  ];
  return (
    <>
      <Link
        to={profilePath}
        className="account-link"
        aria-label={`${initials}, профиль: ${session.person.name}`}
        title="Профиль"
      >
        <Avatar className="account-avatar">{initials}</Avatar>
      </Link>
      <Dropdown menu={{ items }} trigger={['click']} placement="bottomRight">
        <Button
          type="text"
          className="account-button"
          aria-label={`учётная запись: ${session.person.name}`}
          icon={<DownOutlined />}
        />
      </Dropdown>
    </>
  );
}
