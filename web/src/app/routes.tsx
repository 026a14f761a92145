import { createBrowserRouter, type RouteObject } from 'react-router';
import { readPart } from '@/shared/routing/appPart';
import type { Page } from '@/shared/routing/page';
import { pages, type RouteHandle } from './pages';
import { consentPath, rolePath, signInPath, startPath } from '@/shared/auth/entrySteps';
import StartPage from '@/features/start/StartPage';
import { RouteError } from './RouteError';
import { PageLoading } from '@/shared/ui/PageLoading';

const lazily = (load: Page['load']) => async () => ({ Component: (await readPart(load)).default });

function pageRoute(page: Page): RouteObject {
  return { path: page.path, lazy: lazily(page.load), handle: { page } satisfies RouteHandle };
}

const entry: RouteObject[] = [
  // Not lazy: what the first page needs is what the app begins with.
  { path: startPath, Component: StartPage },
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
