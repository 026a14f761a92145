import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap, type Schema } from '@/shared/api/client';
import { underKey } from '@/shared/api/idempotency';
import type { paths } from '@/shared/api/schema.gen';
import { queryKeys } from '@/shared/queryKeys';
import type { Filters } from '@/shared/ui/list/useFilters';
import type { Verb } from './labels';

export type Employment = Schema<'Employment'>;
export type Member = Schema<'Employee'>;
export type OwnEmployment = Schema<'OwnEmployment'>;
export type LiveOrder = Schema<'LiveOrder'>;
export type Answer = Schema<'OrderAnswer'>;

/** The names of the filters in the address, which are the API's names. */
export const staffFilters = ['status'] as const;

type Statuses = NonNullable<paths['/api/staff']['get']['parameters']['query']>['status'];

/** The employees of the organisation, then the requests, page by page. */
export const staffQuery = (filters: Filters<never, (typeof staffFilters)[number]>) =>
  infiniteQueryOptions({
    queryKey: queryKeys.staff.list(filters),
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/staff', {
          params: {
            query: {
              ...(filters.status && { status: filters.status as NonNullable<Statuses> }),
              ...(pageParam && { cursor: pageParam }),
            },
          },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  });

/** One employee with the orders that his suspension or removal stops. */
export const memberQuery = (employment: string) =>
  queryOptions({
    queryKey: queryKeys.staff.one(employment),
    queryFn: ({ signal }) => unwrap(api.GET('/api/staff/{employment}', { params: { path: { employment } }, signal })),
    staleTime: 0,
  });

/** The employer of the engineer, his requests and invitations, and former employers. */
export const employmentsQuery = queryOptions({
  queryKey: queryKeys.staff.own,
  queryFn: ({ signal }) => unwrap(api.GET('/api/engineer/employments', { signal })),
});

/** What a search of the other side found. */
export interface Found {
  id: string;
  name: string;
  details: string;
  /** Why this one cannot be asked now; undefined if it can. */
  taken?: string;
}

const takenTexts: Record<Employment['status'], string | undefined> = {
  pending: 'заявка на рассмотрении',
  confirmed: 'уже сотрудник',
  suspended: 'уже сотрудник, деятельность приостановлена',
  rejected: undefined,
  withdrawn: undefined,
  removed: undefined,
};

const withTaken = (status: Employment['status'] | undefined) => {
  const taken = status && takenTexts[status];
  return taken === undefined ? {} : { taken };
};

/** Searches employers for an engineer. */
export const findEmployers = async (q: string, signal: AbortSignal): Promise<Found[]> => {
  const { items } = await unwrap(api.GET('/api/employers', { params: { query: { q } }, signal }));
  return items.map(({ id, name, inn, ogrn, address, status }) => ({
    id,
    name,
    details: [inn && `ИНН ${inn}`, ogrn && `ОГРН ${ogrn}`, address].filter(Boolean).join(', '),
    ...withTaken(status),
  }));
};

/** Searches engineers for an employer. */
export const findEngineers = async (q: string, signal: AbortSignal): Promise<Found[]> => {
  const { items } = await unwrap(api.GET('/api/staff-candidates', { params: { query: { q } }, signal }));
  return items.map(({ id, name, registryName, registryNumber, sro, inRegistry, status }) => ({
    id,
    name,
    details: [
      registryName && `в реестре: ${registryName}`,
      `№ ${registryNumber}`,
      sro,
      !inRegistry && 'нет действующего статуса в реестре',
    ]
      .filter(Boolean)
      .join(', '),
    ...withTaken(status),
  }));
};

export const searchQuery = (side: Side, q: string) =>
  queryOptions({
    queryKey: queryKeys.staff.search(side, q),
    queryFn: ({ signal }) => (side === 'engineer' ? findEmployers(q, signal) : findEngineers(q, signal)),
    enabled: q !== '',
  });

/** The side of an employment that the user acts for. */
export type Side = 'engineer' | 'employer';

const useInvalidate = () => {
  const queries = useQueryClient();
  return () =>
    Promise.all(
      [
        queryKeys.staff.all,
        queryKeys.session,
        queryKeys.orders.all,
        queryKeys.order.all,
        queryKeys.notifications.all,
      ].map((queryKey) => queries.invalidateQueries({ queryKey })),
    );
};

/** Asks the other side. */
export function useAsk(side: Side) {
  const invalidate = useInvalidate();
  return useMutation({
    mutationFn: ({ id, comment }: { id: string; comment: string }) =>
      underKey(`staff/ask/${id}`, comment, (key) => {
        const params = { header: { 'Idempotency-Key': key } };
        const said = comment ? { comment } : {};
        return unwrap(
          side === 'engineer'
            ? api.POST('/api/engineer/employments', { params, body: { employer: id, ...said } })
            : api.POST('/api/staff', { params, body: { engineer: id, ...said } }),
        );
      }),
    onSettled: invalidate,
  });
}

export interface Decision {
  comment: string;
  answers?: Answer[];
}

const decisionPaths = {
  confirm: '/api/employments/{employment}/confirm',
  reject: '/api/employments/{employment}/reject',
  withdraw: '/api/employments/{employment}/withdraw',
  suspend: '/api/employments/{employment}/suspend',
  resume: '/api/employments/{employment}/resume',
  remove: '/api/employments/{employment}/remove',
  leave: '/api/employments/{employment}/leave',
} as const satisfies Record<Verb, string>;

/** Decides on an employment as the user saw it. */
export function useDecision({ id, version }: Pick<Employment, 'id' | 'version'>, verb: Verb) {
  const invalidate = useInvalidate();
  return useMutation({
    mutationFn: (decision: Decision) =>
      underKey(`staff/${id}/${verb}`, { version, ...decision }, (key) =>
        unwrap(
          api.POST(decisionPaths[verb], {
            params: { path: { employment: id }, header: { 'Idempotency-Key': key } },
            body: {
              version,
              ...(decision.comment && { comment: decision.comment }),
              ...(decision.answers && { answers: decision.answers }),
            },
          }),
        ),
      ),
    // A refusal may also mean that the list is outdated.
    onSettled: invalidate,
  });
}
