import { KeyKeeper } from '@/shared/lib/keyKeeper';
import { storageOr } from '@/shared/lib/memoryStorage';
import { refusal, send, type Schema } from './client';
import { lostAnswer, offline, ProblemError } from './problem';
import type { paths } from './schema.gen';

interface ActionAnswer {
  200: { content: { 'application/json': Schema<'MessageOutputBody'> } };
}

type BodyOf<Operation> = Operation extends { requestBody?: { content: { 'application/json': infer Body } } }
  ? Body
  : undefined;

/** Every action on an order, by its name in the API, with the body that it takes. */
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

/** What became of an action: done, or taken over and not judged yet. A refusal is a ProblemError. */
export interface Verdict {
  state: 'applied' | 'pending';
  message: Schema<'MessageStatus'>;
  /** The order after the action, if its sender still sees it. */
  order?: Schema<'OrderCard'>;
}

const keys = new KeyKeeper(storageOr('sessionStorage'));

/**
 * A verdict makes the next action a new one. These answers are none: an earlier attempt whose answer was lost may have been
 * applied all the same.
 */
const noVerdict = (status: number) => [401, 403, 408, 425, 429].includes(status) || status >= 500;

/** As long after a lost answer, in milliseconds, one more press is for the same order; later it is for another one. */
const creationKept = 3 * 60_000;

/** Creates an order as a draft. */
export function createOrder(): Promise<Verdict> {
  const action = 'create';
  return post('/api/orders', action, keys.keyFor(action, undefined, creationKept), undefined);
}

/** An order as its person saw it when he began with an action. */
export type SeenOrder = Pick<Schema<'OrderCard'>, 'id' | 'seq'>;

/**
 * Sends an action to an order. A repetition after a lost answer goes under the same key, so that it happens once; to an order
 * that the person has seen move on since, it is another action.
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
  if (!noVerdict(response.status)) keys.settle(action, key);
  if (!response.ok) throw refusal(response.status, content);
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

const lookEvery = 2_000;
const lookAtMost = 60_000;

/** A verdict that takes longer is waited for a minute; then the person may go on, and the history shows what came of it. */
async function awaitVerdict(action: string, key: string, content: unknown): Promise<Verdict> {
  const { message } = content as Schema<'MessageOutputBody'>;
  for (const end = Date.now() + lookAtMost; Date.now() < end;) {
    await new Promise((resolve) => setTimeout(resolve, lookEvery));
    const judged = await lookAt(message).catch(() => undefined); // a look that fails is repeated
    if (!judged || judged.state === 'pending') continue;
    keys.settle(action, key);
    if (judged.state === 'refused') throw refusedLater(judged);
    return { state: 'applied', message: judged };
  }
  return { state: 'pending', message };
}

async function lookAt(message: Schema<'MessageStatus'>): Promise<Schema<'MessageStatus'>> {
  const response = await send(new Request(`/api/orders/${message.order}/messages/${message.id}`));
  const content: unknown = await response.json();
  if (!response.ok) throw refusal(response.status, content);
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
