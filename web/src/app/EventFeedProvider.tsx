import { useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { acting } from '@/shared/api/acting';
import { browserPorts } from '@/shared/lib/events/browserPorts';
import { EventFeed, type FeedState } from '@/shared/lib/events/feed';
import { refresh } from './refresh';
import { isOtherAccount, isOver, sessionQuery } from '@/shared/auth/session';
import { readForAccount } from '@/shared/queryKeys';

const FeedContext = createContext<EventFeed | null>(null);

/**
 * Keeps what the pages have read up to date by the stream of the person's events, while he stays who he is. It rests while his
 * session is over; when he is back, everything is read anew.
 */
export function EventFeedProvider({ identity, children }: { identity: string; children: ReactNode }) {
  const queries = useQueryClient();
  const { error } = useQuery(sessionQuery);
  const over = isOver(error) || isOtherAccount(error);
  const [feed, setFeed] = useState<EventFeed | null>(null);
  // Another role, chosen in another window, is another session: nothing that the former one has read stays.
  useEffect(() => () => void queries.resetQueries(readForAccount), [identity, queries]);
  useEffect(() => {
    if (over) return () => void queries.invalidateQueries();
    const opened = new EventFeed(
      `epkr.events.${identity}`,
      browserPorts(
        () => acting.address('/api/events'),
        () => stands(queries),
      ),
    );
    const unsubscribe = opened.onEvent((event) => refresh(queries, event));
    opened.start();
    // eslint-disable-next-line react-hooks/set-state-in-effect -- the connection is opened and closed by this very effect
    setFeed(opened);
    return () => {
      unsubscribe();
      opened.stop();
      setFeed(null);
    };
  }, [identity, over, queries]);
  return <FeedContext value={feed}>{children}</FeedContext>;
}

/** Only an answer says that the session is over; without a connection it may well stand. */
function stands(queries: QueryClient): Promise<boolean> {
  return queries.fetchQuery({ ...sessionQuery, staleTime: 0 }).then(
    () => true,
    (failure: unknown) => !isOver(failure),
  );
}

/** How the connection stands, for the frame to show. */
export function useFeedState(): FeedState {
  const feed = useContext(FeedContext);
  const subscribe = useMemo(() => (changed: () => void) => feed?.onState(changed) ?? (() => undefined), [feed]);
  return useSyncExternalStore(subscribe, () => feed?.state ?? 'connecting');
}
