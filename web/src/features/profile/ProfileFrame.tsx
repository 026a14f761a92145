import type { ReactNode } from 'react';
import { NavLink } from 'react-router';
import { isFor } from '@/shared/routing/page';
import { useSession } from '@/shared/auth/session';
import { PageHeading } from '@/shared/ui/PageHeading';
import { profileTabs } from './tabs';
import './profile.css';

/** Shows the tabs of the profile, which depend on the role. Each tab is a page of its own. */
export function ProfileFrame({ children }: { children: ReactNode }) {
  const session = useSession();
  return (
    <>
      <PageHeading>Профиль</PageHeading>
      <nav className="tabs" aria-label="Вкладки профиля">
        {profileTabs
          .filter((tab) => isFor(tab, session))
          .map(({ path, title }) => (
            <NavLink key={path} to={path} end className="tab">
              {title}
            </NavLink>
          ))}
      </nav>
      {children}
    </>
  );
}
