import { createBrowserRouter, type RouteObject } from 'react-router';
import { readPart } from '@/shared/routing/appPart';
import { isFor, type Page } from '@/shared/routing/page';
import { pages } from './pages';
import type { Session } from '@/shared/auth/session';
import { consentPath, rolePath, signInPath, startPath } from '@/shared/auth/entrySteps';
import { RouteError } from './RouteError';
import { PageLoading } from '@/shared/ui/PageLoading';

/** What a route carries for the frame around it. */
export interface RouteHandle {
  page: Page;
}

const lazily = (load: Page['load']) => async () => ({ Component: (await readPart(load)).default });

function pageRoute(page: Page): RouteObject {
  return { path: page.path, lazy: lazily(page.load), handle: { page } satisfies RouteHandle };
}

const entry: RouteObject[] = [
  { path: startPath, lazy: lazily(() => import('@/features/start/StartPage')) },
  { path: signInPath, lazy: lazily(() => import('@/features/entry/SignInErrorPage')) },
  { path: rolePath, lazy: lazily(() => import('@/features/entry/RolePage')) },
  { path: consentPath, lazy: lazily(() => import('@/features/entry/ConsentPage')) },
];

export const router = createBrowserRouter([
  {
    errorElement: <RouteError />,
    hydrateFallbackElement: <PageLoading />,
    children: [
      ...entry,
      {
        lazy: lazily(() => import('./Frame')),
        children: [
          { errorElement: <RouteError />, children: pages.map(pageRoute) },
          { path: '*', lazy: lazily(() => import('./NotFoundPage')) },
        ],
      },
    ],
  },
]);

/** The sections of the header for who is signed in. */
export function sectionsFor(session: Session): Page[] {
  return pages.filter((page) => page.section !== undefined && isFor(page, session));
}
