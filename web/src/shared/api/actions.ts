import { toProblemError, send, type Schema } from './client';
import { isVerdict, keys } from './idempotency';
import { lostAnswer, offline, ProblemError } from './problem';
import type { paths } from './schema.gen';

interface ActionAnswer {
  200: { content: { 'application/json': Schema<'MessageOutputBody'> } };
}

type BodyOf<Operation> = Operation extends { requestBody?: { content: { 'application/json': infer Body } } }
  ? Body
  : undefined;

/** The actions on an order by their names in the API, each with the type of its body. */
export type Actions = {
  [
    Path in keyof paths as Path extends `/api/orders/{order}/${infer Kind}`
      ? paths[Path] extends { post: { responses: ActionAnswer } }
        ? Kind
        : never
      : never
  ]: paths[Path] extends { post: infer Operation } ? BodyOf<Operation> : never;
};

export type ActionKind = keyof Actions;

/**
 * The outcome of an action: applied, or accepted and not decided yet. A refusal is a ProblemError.
 */
export interface Verdict {
  state: 'applied' | 'pending';
  message: Schema<'MessageStatus'>;
  /** The order after the action, if its sender may still see it. */
  order?: Schema<'OrderCard'>;
}

/**
 * Milliseconds. A repeated creation within this time after a lost answer is for the same order; a
 * later one creates another order.
 */
const creationKeyLifetime = 3 * 60_000;

/** Creates an order as a draft. */
export function createOrder(): Promise<Verdict> {
  const action = 'create';
  return post('/api/orders', action, keys.keyFor(action, undefined, creationKeyLifetime), undefined);
}

/** The version of an order that the user saw when he began an action. */
export type SeenOrder = Pick<Schema<'OrderCard'>, 'id' | 'seq'>;

/**
 * Sends an action to an order. A repetition after a lost answer reuses the idempotency key, so that
 * the action is applied once. The key changes once the user has seen a later version of the order.
 */
export function sendAction<Kind extends ActionKind>(
  { id, seq }: SeenOrder,
  kind: Kind,
  body: Actions[Kind],
): Promise<Verdict> {
  const action = `${id}/${kind}`;
  return post(`/api/orders/${action}`, action, keys.keyFor(action, { seq, body }), body);
}

async function post(address: string, action: string, key: string, body: unknown): Promise<Verdict> {
  const response = await deliver(address, key, body);
  const content: unknown = await response.json().catch(() => undefined);
  if (response.status === 202) return awaitVerdict(action, key, content);
  if (isVerdict(response.status)) keys.forget(action, key);
  if (!response.ok) throw toProblemError(response.status, content);
  return { state: 'applied', ...(content as Schema<'MessageOutputBody'>) };
}

async function deliver(address: string, key: string, body: unknown): Promise<Response> {
  const headers = new Headers({ 'Idempotency-Key': key });
  if (body !== undefined) headers.set('Content-Type', 'application/json');
  const text = body === undefined ? null : JSON.stringify(body);
  try {
    return await send(new Request(address, { method: 'POST', headers, body: text }));
  } catch (error) {
    throw error instanceof ProblemError && error.code === offline ? new ProblemError(lostAnswer()) : error;
  }
}

const pollInterval = 2_000;
const pollTimeout = 60_000;

/**
 * Polls for the verdict for up to a minute. After that it resolves as pending: the user may
 * continue, and the history shows the outcome.
 */
async function awaitVerdict(action: string, key: string, content: unknown): Promise<Verdict> {
  const { message } = content as Schema<'MessageOutputBody'>;
  for (const end = Date.now() + pollTimeout; Date.now() < end;) {
    await new Promise((resolve) => setTimeout(resolve, pollInterval));
    const decided = await fetchMessage(message).catch(() => undefined); // a failed poll is repeated
    if (!decided || decided.state === 'pending') continue;
    keys.forget(action, key);
    if (decided.state === 'refused') throw refusedLater(decided);
    return { state: 'applied', message: decided };
  }
  return { state: 'pending', message };
}

async function fetchMessage(message: Schema<'MessageStatus'>): Promise<Schema<'MessageStatus'>> {
  const response = await send(new Request(`/api/orders/${message.order}/messages/${message.id}`));
  const content: unknown = await response.json();
  if (!response.ok) throw toProblemError(response.status, content);
  return (content as Schema<'MessageStatusOutputBody'>).message;
}

function refusedLater({ code, reason }: Schema<'MessageStatus'>): ProblemError {
  return new ProblemError({
    type: `/api/problems/${code ?? ''}`,
    title: 'Действие не принято',
    status: 409,
    code: code ?? 'refused',
    detail: reason ?? 'Заказ не принял это действие.',
  });
}
