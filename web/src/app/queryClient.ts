import { QueryClient } from '@tanstack/react-query';
import { offline, ProblemError } from '../api/problem';

const attempts = 3;

/** A reading is repeated only where that may help: the API's refusals stay what they are. */
function worthRepeating(failures: number, error: Error): boolean {
  if (failures >= attempts || !(error instanceof ProblemError)) return false;
  return error.code === offline || error.status >= 502;
}

export const queryClient = new QueryClient({
  defaultOptions: {
    // The stream of events says what has changed; a window that was away looks once more.
    queries: { staleTime: 15_000, retry: worthRepeating, refetchOnWindowFocus: true },
    // What is sent without a connection fails at once, in words; it does not wait for one unseen.
    mutations: { retry: false, networkMode: 'always' },
  },
});
