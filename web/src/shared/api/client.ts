import createClient from 'openapi-fetch';
import { acting } from './acting';
import { noConnection, ProblemError, problemOfAnswer } from './problem';
import type { components, paths } from './schema.gen';
import { sessionLost } from './sessionSignal';

/** A type of the API by its name in openapi.json. */
export type Schema<Name extends keyof components['schemas']> = components['schemas'][Name];

/** The API, typed by its description. Wrap each call in ask. */
export const api = createClient<paths>({ fetch: (request) => send(request) });

interface Answer<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

/** The data of an answer; every other outcome is a ProblemError. */
export async function ask<Data>(call: Promise<Answer<Data>>): Promise<Data> {
  const { data, error, response } = await call;
  if (response.ok) return data as Data;
  throw refusal(response.status, error, response.headers.get('Retry-After'));
}

/** send is fetch, with a problem where nothing comes back. */
export async function send(request: Request): Promise<Response> {
  try {
    return await fetch(acting.mark(request));
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ProblemError(noConnection());
  }
}

/** refusal is the error of an answer; the pages learn when it says that the session is over. */
export function refusal(status: number, body: unknown, retryAfter?: string | null): ProblemError {
  const problem = problemOfAnswer(status, body);
  sessionLost.see(problem);
  return new ProblemError(problem, Number(retryAfter) || 0);
}
