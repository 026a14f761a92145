import { QueryClient } from '@tanstack/react-query';
import { pauseBefore, worthRepeating } from './retry';

export const queryClient = new QueryClient({
  defaultOptions: {
    // The stream of events says what has changed; a window that was away looks once more.
    queries: { staleTime: 15_000, retry: worthRepeating, retryDelay: pauseBefore, refetchOnWindowFocus: true },
    // What is sent without a connection fails at once, in words; it does not wait for one unseen.
    mutations: { retry: false, networkMode: 'always' },
  },
});
