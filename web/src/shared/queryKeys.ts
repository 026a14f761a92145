import type { Query } from '@tanstack/react-query';

/**
 * All query keys. The first elements of a key group the queries that one event or action makes
 * stale: `order.one(id)` covers everything of one order, `orders.all` every list of orders.
 */
export const queryKeys = {
  session: ['session'],
  sessions: ['sessions'],
  mail: ['mail'],
  roles: ['roles'],
  consent: ['consent'],
  problem: (code: string) => ['problem', code],
  refusal: ['refusal'],
  automaticSignIn: ['automatic-sign-in'],

  help: {
    content: ['help'],
    page: (path: string) => ['help', path],
  },
  reference: {
    workKinds: ['reference', 'work-kinds'],
    regions: ['reference', 'regions'],
    stages: ['reference', 'stages'],
    limits: ['reference', 'limits'],
    signing: ['reference', 'signing'],
    landRegistry: ['reference', 'land-registry'],
    cities: (q: string, region: string | undefined) => ['reference', 'cities', q, region],
  },
  order: {
    all: ['order'],
    one: (order: string) => ['order', order],
    card: (order: string) => ['order', order, 'card'],
    review: (order: string) => ['order', order, 'review'],
    history: (order: string) => ['order', order, 'history'],
    goskey: (order: string) => ['order', order, 'goskey'],
    unattachedFiles: (order: string) => ['order', order, 'loose-files'],
    contractForm: (order: string) => ['order', order, 'contract-form'],
    generated: (order: string) => ['order', order, 'generated'],
    candidates: (order: string, q: string) => ['order', order, 'candidates', q],
    generatedForm: (order: string, kind: string) => ['order', order, 'generated-form', kind],
    payment: (order: string) => ['order', order, 'payment'],
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
  file: (order: string, file: string) => ['file', order, file],
  chats: {
    all: ['chats'],
    list: ['chats', 'list'],
    unread: ['chats', 'unread'],
    /** The chats of an order, and their threads. */
    one: (order: string) => ['chats', 'order', order],
    ofOrder: (order: string) => ['chats', 'order', order, 'list'],
    thread: (order: string, engineer: string) => ['chats', 'order', order, 'thread', engineer],
    texts: (message: string) => ['chats', 'texts', message],
  },
  notifications: {
    all: ['notifications'],
    unread: ['notifications', 'unread'],
    list: (unread: boolean) => ['notifications', 'list', unread],
  },
  ownProfile: ['own-profile'],
  requisites: ['requisites'],
  bank: (bic: string) => ['bank', bic],
  party: ['party'],
  organisation: {
    all: ['organisation'],
    people: ['organisation', 'people'],
    admissions: ['organisation', 'admissions'],
    employer: ['organisation', 'employer'],
  },
  staff: {
    all: ['staff'],
    list: (filters: object) => ['staff', 'list', filters],
    one: (employment: string) => ['staff', 'one', employment],
    own: ['staff', 'own'],
    search: (side: string, q: string) => ['staff-search', side, q],
  },
  engineers: {
    all: ['engineers'],
    list: (filters: object) => ['engineers', 'list', filters],
    one: (engineer: string) => ['engineers', 'one', engineer],
    decisions: (engineer: string) => ['engineers', 'decisions', engineer],
  },
  /** The engineers as others see them; `engineers` are those of the moderators' list. */
  publicEngineers: {
    all: ['public-engineers'],
    list: (filters: object) => ['public-engineers', 'list', filters],
    one: (engineer: string) => ['public-engineers', 'one', engineer],
    compared: (engineers: readonly string[]) => ['public-engineers', 'compared', engineers],
    reviews: (engineer: string) => ['public-engineers', 'reviews', engineer],
    offerable: (engineer: string) => ['public-engineers', 'offerable', engineer],
  },
  ownReviews: {
    all: ['own-reviews'],
    rating: ['own-reviews', 'rating'],
    list: ['own-reviews', 'list'],
  },
  moderatedReviews: {
    all: ['moderated-reviews'],
    list: (hidden: boolean, changed: boolean) => ['moderated-reviews', hidden, changed],
  },
  accounts: {
    all: ['accounts'],
    list: (filters: object) => ['accounts', 'list', filters],
    one: (person: string) => ['accounts', 'one', person],
    decisions: (person: string) => ['accounts', 'decisions', person],
  },
  savedSearches: ['saved-searches'],
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
