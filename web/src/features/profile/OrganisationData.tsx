import { Button } from 'antd';
import { organisationAddress } from '@/shared/auth/entrySteps';
import { useSession } from '@/shared/auth/session';
import { formatDateTime } from '@/shared/lib/dates';

interface Props {
  /** When ЕСИА reported the data of the organisation, and when they were last asked for. */
  readAt: string | undefined;
  triedAt: string | undefined;
  /** The path to return to. */
  returnTo: string;
}

/** When ЕСИА reported the organisation, and the link that asks for it again. */
export function OrganisationData({ readAt, triedAt, returnTo }: Props) {
  const { partyKind } = useSession();
  if (partyKind !== 'organisation') return null;
  const refused = triedAt !== undefined && (readAt === undefined || triedAt > readAt);
  return (
    <div className="organisation-data">
      <p className="note">
        {refused
          ? `Госуслуги не передали сведения об организации (${formatDateTime(triedAt)}). Недостающее можно ввести самим или запросить ещё раз.`
          : readAt
            ? `Сведения об организации получены с Госуслуг ${formatDateTime(readAt)}.`
            : 'Сведения об организации с Госуслуг ещё не запрашивались.'}
      </p>
      <Button href={organisationAddress(returnTo)}>Обновить сведения с Госуслуг</Button>
    </div>
  );
}
