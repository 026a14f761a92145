import { useQuery } from '@tanstack/react-query';
import { Button, Flex, Skeleton } from 'antd';
import { Link, useSearchParams } from 'react-router';
import { api, unwrap } from '@/shared/api/client';
import { signInAddress, startPath } from '@/shared/auth/entrySteps';
import { queryKeys } from '@/shared/queryKeys';
import { EntryCard } from './EntryCard';

/**
 * Explains why a sign-in failed. The address contains the problem code, whose text comes from the
 * API, and the page that was requested. Why an account is off is told only to the person's browser.
 */
export default function SignInErrorPage() {
  const [address] = useSearchParams();
  const code = address.get('error') ?? 'login_expired';
  const explanation = useQuery({
    queryKey: queryKeys.problem(code),
    queryFn: ({ signal }) => unwrap(api.GET('/api/problems/{code}', { params: { path: { code } }, signal })),
    staleTime: 'static',
  });
  const isOff = code === 'account_inactive';
  const refusal = useQuery({
    queryKey: queryKeys.refusal,
    queryFn: async ({ signal }) => (await unwrap(api.GET('/api/auth/refusal', { signal }))) ?? null,
    enabled: isOff,
  });
  return (
    <EntryCard title={isOff ? 'Учётная запись отключена' : 'Войти не удалось'}>
      {explanation.isPending || refusal.isLoading ? (
        <Skeleton active title={false} />
      ) : (
        <>
          {refusal.data?.reason && (
            <p>
              Причина: <span className="user-text">{refusal.data.reason}</span>
            </p>
          )}
          <p>{explanation.data?.detail ?? 'Попробуйте войти ещё раз.'}</p>
        </>
      )}
      <Flex gap="small" wrap align="center">
        <Button type="primary" href={signInAddress(address.get('returnTo'))}>
          Войти через Госуслуги
        </Button>
        <Link to={startPath}>На главную</Link>
      </Flex>
    </EntryCard>
  );
}
