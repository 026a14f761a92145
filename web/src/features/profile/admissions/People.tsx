import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Button, Space, Tag } from 'antd';
import { useEffect } from 'react';
import { useSearchParams } from 'react-router';
import { useSession } from '@/shared/auth/session';
import { PagedList } from '@/shared/ui/list/PagedList';
import { type Column, RowList } from '@/shared/ui/list/RowList';
import { formatDateTime } from '@/shared/lib/dates';
import { rolesQuery } from '@/shared/auth/rolesQuery';
import { AdmissionDialog } from './AdmissionDialog';
import { type OrganisationPerson, peopleQuery } from './queries';
import { rolesOf, type Verb, verbs, verbsFor } from './labels';

/** Lists the people of the organisation, what each may do for it, and the available decisions. */
export function People() {
  const people = useInfiniteQuery(peopleQuery);
  const employsEngineers = useEmploysEngineers();
  const { decision, open, close } = useOpenDecision();
  const about = people.data?.pages
    .flatMap(({ items }) => items ?? [])
    .find(({ person }) => person === decision?.person);
  const { hasNextPage, isFetching, isError, fetchNextPage } = people;
  const missing = decision !== undefined && about === undefined && hasNextPage && !isFetching && !isError;
  // A user who returns from a sign-in during a decision may have left from a later page.
  useEffect(() => {
    if (missing) void fetchNextPage();
  }, [missing, fetchNextPage]);
  const choice = (row: OrganisationPerson) => employsEngineers || row.employer;
  const columns: Column<OrganisationPerson>[] = [
    { title: 'Сотрудник', cell: ({ name }) => name },
    { title: 'Что может', cell: (row) => <Rights row={row} /> },
    {
      title: 'Кто решил',
      cell: ({ decidedAt, decidedBy }) =>
        decidedAt && (
          <>
            {decidedBy || 'платформа'}
            <div className="note">{formatDateTime(decidedAt)}</div>
          </>
        ),
    },
    { title: 'Сотрудник по данным Госуслуг', cell: ({ readAt }) => formatDateTime(readAt) },
    {
      title: 'Действие',
      cell: (row) => (
        <Space wrap>
          {verbsFor(row, choice(row)).map((verb, place) => (
            <Button
              key={place}
              id={place === 0 ? buttonId(row.person) : undefined}
              type={verb === 'confirm' ? 'primary' : 'default'}
              danger={verb === 'withdraw'}
              aria-label={`${verbs[verb].button}: ${row.name}`}
              onClick={() => open(verb, row.person)}
            >
              {verbs[verb].button}
            </Button>
          ))}
        </Space>
      ),
    },
  ];
  return (
    <>
      <PagedList query={people} empty="Госуслуги ещё не назвали сотрудников этой организации.">
        {(rows) => (
          <>
            <RowList rows={rows} columns={columns} keyOf={({ person }) => person} />
            {!hasNextPage && rows.every(({ head }) => head) && (
              <p className="note">
                Другие сотрудники ещё не входили на платформу. Попросите сотрудника войти через Госуслуги: после этого
                его можно допустить.
              </p>
            )}
          </>
        )}
      </PagedList>
      {decision && about && (
        <AdmissionDialog
          key={`${decision.verb}.${decision.person}`}
          row={about}
          verb={decision.verb}
          choice={choice(about)}
          onClosed={() => close(decision.person)}
        />
      )}
    </>
  );
}

function Rights({ row }: { row: OrganisationPerson }) {
  if (row.head) return 'Руководитель: действует и подписывает без допуска';
  const roles = rolesOf(row);
  if (roles.length === 0) return 'Не допущен';
  return (
    <>
      {roles.map((role) => (
        <div key={role}>{role}</div>
      ))}
      {!row.confirmed && <Tag color="warning">перенесено, подтвердите</Tag>}
    </>
  );
}

/**
 * Reports whether the organisation employs engineers, so that people can be admitted as the
 * employer.
 */
function useEmploysEngineers(): boolean {
  const { role, party } = useSession();
  const { data } = useQuery({ ...rolesQuery, enabled: role !== 'employer' });
  return role === 'employer' || (data?.roles ?? []).some((one) => one.role === 'employer' && one.party === party);
}

const buttonId = (person: string) => `admission-${person}`;

/** Stores the open decision in the address, so that a sign-in in between leads back to it. */
function useOpenDecision() {
  const [search, setSearch] = useSearchParams();
  const verb = search.get('decision');
  const person = search.get('person');
  return {
    decision: verb && verb in verbs && person ? { verb: verb as Verb, person } : undefined,
    open: (next: Verb, about: string) => setSearch({ decision: next, person: about }, { replace: true }),
    close: (about: string) => {
      setSearch({}, { replace: true });
      // The button that opened the dialog may have gone with the decision.
      requestAnimationFrame(() => {
        if (document.activeElement === document.body) document.getElementById(buttonId(about))?.focus();
      });
    },
  };
}
