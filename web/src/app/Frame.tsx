import { App as AntdApp, Layout } from 'antd';
import { useEffect, useRef } from 'react';
import { Outlet, useLocation, useMatches } from 'react-router';
import { acting } from '@/shared/api/acting';
import { ConnectionNotice } from './ConnectionNotice';
import { EntryGate } from './EntryGate';
import { EventFeedProvider } from './EventFeedProvider';
import { Header } from './Header';
import { isFor, type Page } from '@/shared/routing/page';
import type { RouteHandle } from './pages';
import { RestrictionNotice } from './RestrictionNotice';
import { identityOf, useSession } from '@/shared/auth/session';
import { useDocumentTitle } from '@/shared/routing/useDocumentTitle';
import { WrongRole } from './WrongRole';
import './frame.css';

/** Renders the header and the work area for users who have entered. */
export default function Frame() {
  return (
    <AntdApp>
      <EntryGate>
        <Window />
      </EntryGate>
    </AntdApp>
  );
}

function Window() {
  const session = useSession();
  const page = useCurrentPage();
  useDocumentTitle(page?.title ?? 'Страница не найдена');
  const main = useFocusOnNewPage();
  const identity = identityOf(session);
  acting.setIdentity(identity);
  return (
    <EventFeedProvider identity={identity}>
      <a className="skip-link" href="#main">
        Перейти к содержанию
      </a>
      <Layout className="window">
        <Header page={page} />
        <ConnectionNotice />
        <RestrictionNotice />
        <Layout.Content id="main" className="work-area" tabIndex={-1} ref={main}>
          {page && !isFor(page, session) ? <WrongRole page={page} /> : <Outlet key={identity} />}
        </Layout.Content>
      </Layout>
    </EventFeedProvider>
  );
}

function useCurrentPage(): Page | undefined {
  return useMatches()
    .map(({ handle }) => (handle as RouteHandle | undefined)?.page)
    .findLast((page) => page !== undefined);
}

/**
 * Moves the focus to the new page after a navigation, so that a screen reader continues there and
 * not at the link that was followed.
 */
function useFocusOnNewPage() {
  const main = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  const shown = useRef(pathname);
  useEffect(() => {
    if (shown.current === pathname) return;
    shown.current = pathname;
    main.current?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }, [pathname]);
  return main;
}
