import type { Query } from '@tanstack/react-query';

/**
 * All query keys. The first elements of a key group the queries that one event or action makes
 * stale: `order.one(id)` covers everything of one order, `orders.all` every list of orders.
 */
export const queryKeys = {
  session: ['session'],
  sessions: ['sessions'],
  roles: ['roles'],
  consent: ['consent'],
  problem: (code: string) => ['problem', code],

  help: {
    content: ['help'],
    page: (path: string) => ['help', path],
  },
  reference: {
    workKinds: ['reference', 'work-kinds'],
    regions: ['reference', 'regions'],
    stages: ['reference', 'stages'],
    limits: ['reference', 'limits'],
    cities: (q: string, region: string | undefined) => ['reference', 'cities', q, region],
  },
  order: {
    all: ['order'],
    one: (order: string) => ['order', order],
    card: (order: string) => ['order', order, 'card'],
    history: (order: string) => ['order', order, 'history'],
    unattachedFiles: (order: string) => ['order', order, 'loose-files'],
    candidates: (order: string, q: string) => ['order', order, 'candidates', q],
  },
  orders: {
    all: ['orders'],
    mine: (filters: object) => ['orders', 'mine', filters],
    open: (filters: object) => ['orders', 'open', filters],
  },
  /**
   * What the event stream reports about open orders. An event that makes the lists stale does not
   * invalidate it.
   */
  openOrders: {
    stages: ['open', 'stage'],
    stage: (order: string) => ['open', 'stage', order],
    newest: ['open', 'newest'],
    found: (filters: object, number: string, at: number) => ['open', 'found', filters, number, at],
  },
  form: (order: string) => ['form', order],
  document: (sha256: string) => ['document', sha256],
  notifications: {
    all: ['notifications'],
    unread: ['notifications', 'unread'],
    list: (unread: boolean) => ['notifications', 'list', unread],
  },
  requisites: ['requisites'],
  bank: (bic: string) => ['bank', bic],
  party: ['party'],
  organisation: {
    all: ['organisation'],
    people: ['organisation', 'people'],
    admissions: ['organisation', 'admissions'],
  },
  engineers: {
    all: ['engineers'],
    list: (filters: object) => ['engineers', 'list', filters],
    one: (engineer: string) => ['engineers', 'one', engineer],
    decisions: (engineer: string) => ['engineers', 'decisions', engineer],
  },
  registry: {
    all: ['registry'],
    runs: (filters: object) => ['registry', 'runs', filters],
    run: (run: string) => ['registry', 'run', run],
  },
  securityEvents: (filters: object) => ['security-events', filters],
};

/** Matches the queries of the session's account: all but the session itself. */
export const accountQueries = {
  predicate: ({ queryKey }: Pick<Query, 'queryKey'>) => queryKey[0] !== queryKeys.session[0],
};
