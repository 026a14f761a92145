import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Flex, Skeleton } from 'antd';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { api, unwrap, type Schema } from '@/shared/api/client';
import { ProblemError } from '@/shared/api/problem';
import { afterEntry, startPath } from '@/shared/auth/entrySteps';
import { sessionQuery } from '@/shared/auth/session';
import { ProblemAlert } from '@/shared/ui/ProblemAlert';
import { ConsentTextModal } from '@/shared/auth/ConsentTextModal';
import { consentQuery } from '@/shared/auth/consentQuery';
import { EntryCard } from './EntryCard';
import { EntryStep } from './EntryStep';

/** Requests the consent: at the first entry, after a withdrawal, and when the text has changed. */
export default function ConsentPage() {
  return (
    <EntryCard title="Согласие на обработку персональных данных">
      <EntryStep>{(_, returnTo) => <Request returnTo={returnTo} />}</EntryStep>
    </EntryCard>
  );
}

function Request({ returnTo }: { returnTo: string | null }) {
  const consent = useQuery(consentQuery);
  if (consent.error) return <ProblemAlert error={consent.error} onRetry={() => void consent.refetch()} />;
  return consent.data ? <Decision consent={consent.data} returnTo={returnTo} /> : <Skeleton active />;
}

function Decision({ consent, returnTo }: { consent: Schema<'ConsentPageBody'>; returnTo: string | null }) {
  const [reading, setReading] = useState(false);
  const give = useConsentApproval(consent.version, returnTo);
  const refuse = useConsentRefusal();
  const busy = give.isPending || refuse.isPending;
  return (
    <>
      <p>
        Чтобы работать на платформе, дайте согласие на обработку ваших персональных данных.{' '}
        <Button type="link" className="inline-link" onClick={() => setReading(true)}>
          Подробнее
        </Button>
      </p>
      <p>
        Согласие запрашивается при первом входе, после его отзыва и когда меняется его текст. Отозвать его можно в
        настройках учетной записи.
      </p>
      {isChanged(give.error) ? (
        <Alert
          type="warning"
          showIcon
          role="alert"
          title="Текст согласия изменился, пока вы его читали. Прочитайте новый текст и подтвердите согласие."
        />
      ) : (
        <ProblemAlert error={give.error ?? refuse.error} />
      )}
      <Flex gap="small" wrap justify="end" className="entry-buttons">
        <Button disabled={busy} onClick={() => refuse.mutate()}>
          ОТКАЗАТЬСЯ
        </Button>
        <Button type="primary" loading={give.isPending} disabled={busy} onClick={() => give.mutate()}>
          ВОЙТИ
        </Button>
      </Flex>
      <ConsentTextModal consent={consent} open={reading} onClose={() => setReading(false)} />
    </>
  );
}

const isChanged = (error: unknown) => error instanceof ProblemError && error.code === 'consent_changed';

function useConsentApproval(version: string, returnTo: string | null) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: () => unwrap(api.POST('/api/auth/consent', { body: { version } })),
    onSuccess: async ({ next }) => {
      await queries.fetchQuery({ ...sessionQuery, staleTime: 0 });
      void navigate(afterEntry(next, returnTo), { replace: true });
    },
    onSettled: () => queries.invalidateQueries(consentQuery),
  });
}

/**
 * Refuses the consent, which ends the session, and opens the start page. The consent is requested
 * again at the next entry.
 */
function useConsentRefusal() {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: () => unwrap(api.POST('/api/auth/consent/refusal')),
    onSuccess: async () => {
      await navigate(startPath, { replace: true });
      queries.clear();
    },
  });
}
