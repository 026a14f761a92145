import { useMutation } from '@tanstack/react-query';
import { Button, Flex } from 'antd';
import { Link, useSearchParams } from 'react-router';
import { api, unwrap } from '@/shared/api/client';
import { settingsPath, startPath } from '@/shared/auth/entrySteps';
import { ProblemAlert } from '@/shared/ui/ProblemAlert';
import { EntryCard } from './EntryCard';

/**
 * Confirms the address of a letter. It needs no session, and a click: programs that open the links of
 * letters confirm nothing.
 */
export default function MailConfirmPage() {
  const [address] = useSearchParams();
  const token = address.get('token') ?? '';
  const confirmation = useMutation({
    mutationFn: () => unwrap(api.POST('/api/mail/confirm', { body: { token } })),
  });
  if (confirmation.isSuccess) {
    return (
      <EntryCard title="Адрес подтверждён">
        <p role="status">Уведомления платформы будут приходить и на этот адрес.</p>
        <Flex gap="small" wrap align="center">
          <Link to={settingsPath}>Выбрать, какие письма присылать</Link>
          <Link to={startPath}>На главную</Link>
        </Flex>
      </EntryCard>
    );
  }
  return (
    <EntryCard title="Адрес электронной почты">
      <p>Подтвердите, что уведомления Электронной платформы кадастровых работ можно присылать на ваш адрес.</p>
      <ProblemAlert error={confirmation.error} />
      <Flex gap="small" wrap align="center">
        <Button type="primary" loading={confirmation.isPending} onClick={() => confirmation.mutate()}>
          Подтвердить адрес
        </Button>
        <Link to={startPath}>На главную</Link>
      </Flex>
    </EntryCard>
  );
}
