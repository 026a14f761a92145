import { expect, it, vi } from 'vitest';
import { formQuery } from '@/features/orders/queries';
import { trackPendingSave } from './pendingSaves';

const read = vi.hoisted(() => vi.fn());
vi.mock('@/shared/api/client', () => ({ api: { GET: read }, unwrap: (answer: unknown) => answer }));

it('reads a form only after its pending save has arrived', async () => {
  const row = { version: 1 };
  read.mockImplementation(() => ({ ...row }));
  let arrive: () => void = () => undefined;
  trackPendingSave('o', new Promise((resolve) => (arrive = resolve)));
  const query = formQuery('o').queryFn as (context: object) => Promise<unknown>;
  const reading = query({ signal: new AbortController().signal });
  await new Promise((resolve) => setImmediate(resolve));
  row.version = 2;
  arrive();
  expect(await reading).toEqual({ version: 2 });
});
