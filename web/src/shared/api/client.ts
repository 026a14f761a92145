import createClient from 'openapi-fetch';
import { acting } from './acting';
import { noConnection, ProblemError, problemOfAnswer } from './problem';
import type { components, paths } from './schema.gen';
import { sessionSignal } from './sessionSignal';

/** The type of a schema in openapi.json, by its name. */
export type Schema<Name extends keyof components['schemas']> = components['schemas'][Name];

/** The API client, typed by openapi.json. Wrap each call in unwrap. */
export const api = createClient<paths>({ fetch: (request) => send(request) });

interface ApiResult<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

/** Returns the data of a successful answer and throws a ProblemError otherwise. */
export async function unwrap<Data>(call: Promise<ApiResult<Data>>): Promise<Data> {
  const { data, error, response } = await call;
  if (response.ok) return data as Data;
  throw toProblemError(response.status, error, response.headers.get('Retry-After'));
}

/**
 * Calls fetch for the account that this tab shows. It throws a ProblemError when there is no
 * answer.
 */
export async function send(request: Request): Promise<Response> {
  try {
    return await fetch(acting.addHeader(request));
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ProblemError(noConnection());
  }
}

/** Converts an unsuccessful answer to a ProblemError, and reports the problem to sessionSignal. */
export function toProblemError(status: number, body: unknown, retryAfter?: string | null): ProblemError {
  const problem = problemOfAnswer(status, body);
  sessionSignal.report(problem);
  return new ProblemError(problem, Number(retryAfter) || 0);
}
