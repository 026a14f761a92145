import { useMutation } from '@tanstack/react-query';
import { Button, Flex } from 'antd';
import { Link, useSearchParams } from 'react-router';
import { api, unwrap } from '@/shared/api/client';
import { settingsPath, startPath } from '@/shared/auth/entrySteps';
import { ProblemAlert } from '@/shared/ui/ProblemAlert';
import { EntryCard } from './EntryCard';

/** Ends the letters to a person by the link of a letter. It needs no session. */
export default function MailUnsubscribePage() {
  const [address] = useSearchParams();
  const token = address.get('token') ?? '';
  const end = useMutation({
    mutationFn: () => unwrap(api.POST('/api/mail/unsubscribe', { params: { query: { token } } })),
  });
  if (end.isSuccess) {
    return (
      <EntryCard title="Писем больше не будет">
        <p role="status">
          Уведомления по-прежнему видны на платформе. Снова получать письма можно в настройках учетной записи.
        </p>
        <Flex gap="small" wrap align="center">
          <Link to={settingsPath}>Настройки учетной записи</Link>
          <Link to={startPath}>На главную</Link>
        </Flex>
      </EntryCard>
    );
  }
  return (
    <EntryCard title="Больше не присылать писем?">
      <p>
        Письма об уведомлениях приходить перестанут. Если мешают только некоторые, выберите нужные в настройках учетной
        записи.
      </p>
      <ProblemAlert error={end.error} />
      <Flex gap="small" wrap align="center">
        <Button type="primary" loading={end.isPending} onClick={() => end.mutate()}>
          Не присылать писем
        </Button>
        <Link to={settingsPath}>Выбрать письма</Link>
      </Flex>
    </EntryCard>
  );
}
