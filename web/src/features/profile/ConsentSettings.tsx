import { useMutation, useQuery } from '@tanstack/react-query';
import { App as AntdApp, Button, Card, Skeleton, Space } from 'antd';
import { useState } from 'react';
import { api, unwrap } from '@/shared/api/client';
import { problemOf } from '@/shared/api/problem';
import { startPath } from '@/shared/auth/entrySteps';
import { useSession } from '@/shared/auth/session';
import { removeDrafts, clearAllTabs } from '@/shared/auth/signOut';
import { ProblemAlert } from '@/shared/ui/ProblemAlert';
import { formatDateTime } from '@/shared/lib/dates';
import { consentQuery } from '@/shared/auth/consentQuery';
import { ConsentTextModal } from '@/shared/auth/ConsentTextModal';

/** Shows the given consent, its text, and the button that withdraws it. */
export function ConsentSettings() {
  const consent = useQuery(consentQuery);
  const [reading, setReading] = useState(false);
  const confirmWithdrawal = useWithdrawal();
  return (
    <Card title={<h2>Согласие на обработку персональных данных</h2>}>
      {consent.error && <ProblemAlert error={consent.error} onRetry={() => void consent.refetch()} />}
      {consent.isPending && <Skeleton active title={false} />}
      {consent.data && (
        <>
          <p>{consent.data.givenAt ? `Согласие дано ${formatDateTime(consent.data.givenAt)}.` : 'Согласие не дано.'}</p>
          <Space wrap>
            <Button onClick={() => setReading(true)}>Подробнее</Button>
            <Button danger onClick={confirmWithdrawal}>
              Отозвать согласие
            </Button>
          </Space>
          <ConsentTextModal consent={consent.data} open={reading} onClose={() => setReading(false)} />
        </>
      )}
    </Card>
  );
}

/**
 * Returns a function that asks for confirmation and withdraws the consent, which ends every session
 * of the person.
 */
function useWithdrawal() {
  const { modal, message } = AntdApp.useApp();
  const { person } = useSession();
  const withdrawal = useMutation({
    mutationFn: () => unwrap(api.DELETE('/api/auth/consent')),
    onSuccess: () => {
      removeDrafts(person.id);
      clearAllTabs(startPath);
    },
    onError: (error) => void message.error(problemOf(error).detail),
  });
  return () =>
    void modal.confirm({
      title: 'Отозвать согласие?',
      content:
        'Работа на платформе прекратится во всех окнах и на всех устройствах. При следующем входе согласие будет запрошено снова. Документы подписанных договоров хранятся и после отзыва.',
      okText: 'Отозвать согласие',
      okButtonProps: { danger: true },
      cancelText: 'Отмена',
      onOk: () => withdrawal.mutateAsync().catch(() => undefined),
    });
}
