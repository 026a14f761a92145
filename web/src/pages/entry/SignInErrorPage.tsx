import { useQuery } from '@tanstack/react-query';
import { Button, Flex, Skeleton } from 'antd';
import { Link, useSearchParams } from 'react-router';
import { api, ask } from '../../api/client';
import { signInAddress, startPath } from '../../app/entrySteps';
import { EntryCard } from './EntryCard';

/** Why a sign-in did not succeed. The address holds the code, the API has its words. */
export default function SignInErrorPage() {
  const code = useSearchParams()[0].get('error') ?? 'login_expired';
  const explanation = useQuery({
    queryKey: ['problem', code],
    queryFn: ({ signal }) => ask(api.GET('/api/problems/{code}', { params: { path: { code } }, signal })),
    staleTime: 'static',
  });
  return (
    <EntryCard title="Войти не удалось">
      {explanation.isPending ? <Skeleton active title={false} /> : <p>{explanation.data?.detail ?? 'Попробуйте войти ещё раз.'}</p>}
      <Flex gap="small" wrap align="center">
        <Button type="primary" href={signInAddress(null)}>
          Войти через Госуслуги
        </Button>
        <Link to={startPath}>На главную</Link>
      </Flex>
    </EntryCard>
  );
}
