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
import { rolesOf, type Verb, verbs, verbsFor } from './words';

/** The people of the organisation, what each may do for it, and the decisions about them. */
export function People() {
  const people = useInfiniteQuery(peopleQuery);
  const employs = useEmploys();
  const { asked, ask, done } = useAsked();
  const about = people.data?.pages.flatMap(({ items }) => items ?? []).find(({ person }) => person === asked?.person);
  const { hasNextPage, isFetching, isError, fetchNextPage } = people;
  const missing = asked !== undefined && about === undefined && hasNextPage && !isFetching && !isError;
  // Who comes back from a sign-in in the middle of a decision may have left from a later page.
  useEffect(() => {
    if (missing) void fetchNextPage();
  }, [missing, fetchNextPage]);
  const choice = (row: OrganisationPerson) => employs || row.employer;
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
              id={place === 0 ? buttonOf(row.person) : undefined}
              type={verb === 'confirm' ? 'primary' : 'default'}
              danger={verb === 'withdraw'}
              aria-label={`${verbs[verb].button}: ${row.name}`}
              onClick={() => ask(verb, row.person)}
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
      {asked && about && (
        <AdmissionDialog
          key={`${asked.verb}.${asked.person}`}
          row={about}
          verb={asked.verb}
          choice={choice(about)}
          onClosed={() => done(asked.person)}
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

/** Whether the organisation employs engineers, so that somebody can be admitted as the employer. */
function useEmploys(): boolean {
  const { role, party } = useSession();
  const { data } = useQuery({ ...rolesQuery, enabled: role !== 'employer' });
  return role === 'employer' || (data?.roles ?? []).some((one) => one.role === 'employer' && one.party === party);
}

const buttonOf = (person: string) => `admission-${person}`;

/** The decision that is being made stands in the address, so that a sign-in in the middle of it leads back to it. */
function useAsked() {
  const [search, setSearch] = useSearchParams();
  const verb = search.get('decision');
  const person = search.get('person');
  return {
    asked: verb && verb in verbs && person ? { verb: verb as Verb, person } : undefined,
    ask: (next: Verb, about: string) => setSearch({ decision: next, person: about }, { replace: true }),
    done: (about: string) => {
      setSearch({}, { replace: true });
      // The button that opened the window may have gone with the decision.
      requestAnimationFrame(() => {
        if (document.activeElement === document.body) document.getElementById(buttonOf(about))?.focus();
      });
    },
  };
}
