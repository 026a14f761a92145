import { useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { acting } from '@/shared/api/acting';
import { browserPorts } from '@/shared/lib/events/browserPorts';
import { EventFeed, type FeedState } from '@/shared/lib/events/feed';
import { invalidateFor } from './invalidateFor';
import { isOtherAccount, isUnauthorized, sessionQuery } from '@/shared/auth/session';
import { accountQueries } from '@/shared/queryKeys';

const FeedContext = createContext<EventFeed | null>(null);

/**
 * Subscribes to the user's event stream and invalidates the queries that each event makes stale.
 * The stream is closed while the session is over; when the session is back, all queries are
 * invalidated.
 */
export function EventFeedProvider({ identity, children }: { identity: string; children: ReactNode }) {
  const queries = useQueryClient();
  const { error } = useQuery(sessionQuery);
  const over = isUnauthorized(error) || isOtherAccount(error);
  const [feed, setFeed] = useState<EventFeed | null>(null);
  // A change of the role in another window starts another session: the data of the former one is
  // removed.
  useEffect(() => () => void queries.resetQueries(accountQueries), [identity, queries]);
  useEffect(() => {
    if (over) return () => void queries.invalidateQueries();
    const opened = new EventFeed(
      `epkr.events.${identity}`,
      browserPorts(
        () => acting.streamAddress('/api/events'),
        () => isSessionValid(queries),
      ),
    );
    const unsubscribe = opened.onEvent((event) => invalidateFor(queries, event));
    opened.start();
    // eslint-disable-next-line react-hooks/set-state-in-effect -- the effect opens and closes the connection
    setFeed(opened);
    return () => {
      unsubscribe();
      opened.stop();
      setFeed(null);
    };
  }, [identity, over, queries]);
  return <FeedContext value={feed}>{children}</FeedContext>;
}

/**
 * Reports whether the session is still valid. Only a 401 says that it is not: without a connection
 * it may well be.
 */
function isSessionValid(queries: QueryClient): Promise<boolean> {
  return queries.fetchQuery({ ...sessionQuery, staleTime: 0 }).then(
    () => true,
    (failure: unknown) => !isUnauthorized(failure),
  );
}

/** Returns the state of the event stream. */
export function useFeedState(): FeedState {
  const feed = useContext(FeedContext);
  const subscribe = useMemo(() => (changed: () => void) => feed?.onState(changed) ?? (() => undefined), [feed]);
  return useSyncExternalStore(subscribe, () => feed?.state ?? 'connecting');
}
