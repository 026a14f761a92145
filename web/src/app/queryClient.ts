import { QueryClient } from '@tanstack/react-query';
import { retryDelay, shouldRetry } from './retry';

export const queryClient = new QueryClient({
  defaultOptions: {
    // The event stream reports changes. A window that was in the background reads once more when it
    // gets the focus.
    queries: { staleTime: 15_000, retry: shouldRetry, retryDelay: retryDelay, refetchOnWindowFocus: true },
    // Without a connection a mutation fails at once with a message. It does not wait unseen for the
    // connection.
    mutations: { retry: false, networkMode: 'always' },
  },
});
