import { queryOptions, useQuery } from '@tanstack/react-query';
import { Alert, Button } from 'antd';
import { useEffect } from 'react';
import { Link, Navigate, useSearchParams } from 'react-router';
import { api, unwrap } from '@/shared/api/client';
import { ProblemError } from '@/shared/api/problem';
import { queryKeys } from '@/shared/queryKeys';
import { afterEntry, automaticAddress, checkPath, localPath, signInAddress } from '@/shared/auth/entrySteps';
import { PlatformName } from '@/shared/ui/PlatformName';
import { sessionQuery } from '@/shared/auth/session';
import { useDocumentTitle } from '@/shared/routing/useDocumentTitle';
import { PageLoading } from '@/shared/ui/PageLoading';
import './start.css';

/** The start page: what the platform is, and the sign-in. A signed-in user is redirected. */
export default function StartPage() {
  const [search] = useSearchParams();
  const returnTo = search.get('returnTo');
  useDocumentTitle();
  const { data: session, error, isPending } = useQuery({ ...sessionQuery, retry: false });
  const signedOut = isSignedOut(error);
  const automatic = useAutomaticSignIn(signedOut, returnTo);
  if (session && !error) return <Navigate to={afterEntry(session.next, returnTo)} replace />;
  if (isPending || automatic === 'pending') return <PageLoading />;
  const address = signInAddress(returnTo);
  return (
    <div className="start">
      <header className="start-header">
        <PlatformName />
        <Button type="primary" href={address}>
          ВОЙТИ
        </Button>
      </header>
      <main className="start-main">
        <Notices unreachable={!signedOut} pageRequested={localPath(returnTo) !== undefined} />
        <h1>Электронная платформа кадастровых работ</h1>
        <p className="start-lead">
          Закажите межевание, технический план или другие кадастровые работы у инженера из реестра: договор, документы,
          приемка и оплата — в одном месте.
        </p>
        <Button type="primary" size="large" href={address}>
          Войти через Госуслуги
        </Button>
        <Cabinets />
        <p className="start-check">
          Получили документ с электронной подписью?{' '}
          <Link to={checkPath} className="underlined">
            Проверка подписи
          </Link>{' '}
          — без входа, бесплатно, файлы не сохраняются.
        </p>
      </main>
    </div>
  );
}

/**
 * Begins a sign-in without a click, once while the browser is open: a person whom Госуслуги know
 * already enters at once, and anybody else comes back here. Returns whether the page has to wait.
 */
function useAutomaticSignIn(signedOut: boolean, returnTo: string | null): 'pending' | 'none' {
  const { data, isPending } = useQuery({ ...automaticQuery, enabled: signedOut });
  const attempt = signedOut && data?.attempt === true;
  useEffect(() => {
    // Without an entry in the history: «Назад» must not begin it again.
    if (attempt) window.location.replace(automaticAddress(returnTo));
  }, [attempt, returnTo]);
  return signedOut && (isPending || attempt) ? 'pending' : 'none';
}

const automaticQuery = queryOptions({
  queryKey: queryKeys.automaticSignIn,
  queryFn: ({ signal }) => unwrap(api.GET('/api/auth/automatic', { signal })),
  retry: false,
});

const isSignedOut = (error: unknown) => error instanceof ProblemError && error.status === 401;

function Notices({ unreachable, pageRequested }: { unreachable: boolean; pageRequested: boolean }) {
  if (unreachable) {
    return (
      <Alert type="warning" showIcon title="Платформа сейчас не отвечает. Подождите минуту и обновите страницу." />
    );
  }
  return pageRequested ? <Alert type="info" showIcon title="Войдите, чтобы открыть эту страницу." /> : null;
}

const cabinets = [
  [
    'Заказчикам',
    'Гражданам, предпринимателям и организациям: опубликуйте заказ, выберите исполнителя по цене и сроку, следите за каждым этапом.',
  ],
  [
    'Кадастровым инженерам',
    'Находите заказы в своих регионах, откликайтесь и ведите работу от договора до оплаты. Войдите как физическое лицо: роль исполнителя назначается по реестру СРО.',
  ],
  ['Работодателям инженеров', 'Следите за заказами своих сотрудников: смотрите карточки, документы и сроки.'],
] as const;

function Cabinets() {
  return (
    <ul className="start-cabinets">
      {cabinets.map(([heading, text]) => (
        <li key={heading}>
          <h2>{heading}</h2>
          <p>{text}</p>
        </li>
      ))}
    </ul>
  );
}
