import { createBrowserRouter, type RouteObject } from 'react-router';
import { loadChunk } from '@/shared/routing/loadChunk';
import type { Page } from '@/shared/routing/page';
import { pages, type RouteHandle } from './pages';
import {
  checkPath,
  consentPath,
  mailConfirmPath,
  mailUnsubscribePath,
  rolePath,
  signInPath,
  startPath,
} from '@/shared/auth/entrySteps';
import StartPage from '@/features/start/StartPage';
import { RouteError } from './RouteError';
import { PageLoading } from '@/shared/ui/PageLoading';

const lazyComponent = (load: Page['load']) => async () => ({ Component: (await loadChunk(load)).default });

function pageRoute(page: Page): RouteObject {
  return { path: page.path, lazy: lazyComponent(page.load), handle: { page } satisfies RouteHandle };
}

const entry: RouteObject[] = [
  // Not lazy: the first page is part of the initial chunk.
  { path: startPath, Component: StartPage },
  { path: signInPath, lazy: lazyComponent(() => import('@/features/entry/SignInErrorPage')) },
  { path: checkPath, lazy: lazyComponent(() => import('@/features/check/CheckPage')) },
  { path: mailConfirmPath, lazy: lazyComponent(() => import('@/features/entry/MailConfirmPage')) },
  { path: mailUnsubscribePath, lazy: lazyComponent(() => import('@/features/entry/MailUnsubscribePage')) },
  { path: rolePath, lazy: lazyComponent(() => import('@/features/entry/RolePage')) },
  { path: consentPath, lazy: lazyComponent(() => import('@/features/entry/ConsentPage')) },
];

export const router = createBrowserRouter([
  {
    errorElement: <RouteError />,
    hydrateFallbackElement: <PageLoading />,
    children: [
      ...entry,
      {
        lazy: lazyComponent(() => import('./Frame')),
        children: [
          { errorElement: <RouteError />, children: pages.map(pageRoute) },
          { path: '*', lazy: lazyComponent(() => import('./NotFoundPage')) },
        ],
      },
    ],
  },
]);
