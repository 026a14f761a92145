import type { BrowserContext, Page } from '@playwright/test';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { platform } from '../e2e/harness/platform';
import { test } from '../e2e/harness/test';
import { installMeasurement, timeToInteractive } from './interactive';
import { print, type PageResult } from './table';

const orders = Number(process.env['ORDERS'] ?? 1000);
/** The number of loads of each page; the table shows medians. */
const rounds = 5;
/** The maximum size of the start page, in kB of 1,000 bytes. */
const maxKilobytes = 250;
/** The maximum number of scripts and styles of the order list. */
const maxParts = 20;

/** A page, and the selector of its content. */
interface Subject {
  name: string;
  path: string;
  content: string;
}

test('the first page and the time until a page can be used', async ({ visit, enter }) => {
  test.setTimeout(15 * 60_000);
  const anonymous = await visit();
  const customer = await enter('customer2');
  const first = await createOrders(customer.context(), orders);
  const lines: PageResult[] = [];
  for (const [context, subject] of [
    [anonymous.context(), { name: 'start page', path: '/', content: 'main h1' }],
    [customer.context(), { name: `list of ${orders} orders`, path: '/orders', content: 'main a[href^="/orders/"]' }],
    [
      customer.context(),
      { name: 'order card', path: `/orders/${first}`, content: 'main [aria-label="Действия"] button' },
    ],
  ] as [BrowserContext, Subject][]) {
    lines.push(await measure(context, subject));
  }
  print(lines, maxKilobytes, maxParts);
});

/**
 * Publishes an order as the user of the context, copies its row until there are count orders, and
 * returns its id.
 */
async function createOrders(context: BrowserContext, count: number): Promise<string> {
  const post = async (path: string, body?: unknown): Promise<{ order: { id: string } }> => {
    const answer = await context.request.post(`${platform.url}/api/orders${path}`, {
      headers: { 'Idempotency-Key': randomUUID() },
      ...(body !== undefined && { data: body }),
    });
    if (!answer.ok()) throw new Error(`publishing an order: ${answer.status()} ${await answer.text()}`);
    return (await answer.json()) as { order: { id: string } };
  };
  const { order } = await post('');
  await post(`/${order.id}/publish`, {
    details: { region: '50', workKind: 'parcel-formation', termDays: 30, price: 5_000_000 },
    text: {
      address: 'Московская область, Химки, улица Заречная, 1',
      description: 'Участок в СНТ «Заречье», границы не установлены.',
    },
  });
  // The API limits how many orders a user may publish.
  await promisify(execFile)('psql', [
    process.env['DATABASE_URL'] ?? '',
    '-v',
    'ON_ERROR_STOP=1',
    '-c',
    `
    insert into orders
    select copy.* from orders o, (select gen_random_uuid() as id from generate_series(2, ${count})) n,
      jsonb_populate_record(o, jsonb_build_object('id', n.id, 'number', n.id, 'state', o.state || jsonb_build_object('id', n.id, 'number', n.id))) copy
    where o.id = '${order.id}'`,
  ]);
  return order.id;
}

/**
 * Loads the page with an empty cache, with a full cache, and with an empty cache on a CPU four
 * times slower.
 */
async function measure(context: BrowserContext, subject: Subject): Promise<PageResult> {
  const state = await context.storageState();
  const browser = context.browser();
  if (!browser) throw new Error('the context has no browser');
  const cold: number[] = [],
    warm: number[] = [],
    slow: number[] = [];
  let bytes = 0;
  let parts = 0;
  for (let round = 0; round < rounds; round++) {
    for (const slowdown of [1, 4]) {
      const fresh = await browser.newContext({ storageState: state, locale: 'ru-RU', timezoneId: 'Europe/Moscow' });
      const { time, size, parts: count } = await open(await fresh.newPage(), subject, slowdown);
      (slowdown === 1 ? cold : slow).push(time);
      if (slowdown === 1) {
        bytes = size;
        parts = count;
        warm.push((await open(await fresh.newPage(), subject, 1)).time);
      }
      await fresh.close();
    }
  }
  return { name: subject.name, bytes, parts, cold, warm, slow };
}

/**
 * Loads a page. Returns the time until it was usable in ms, the transferred bytes, and the number
 * of scripts and styles.
 */
async function open(
  page: Page,
  subject: Subject,
  slowdown: number,
): Promise<{ time: number; size: number; parts: number }> {
  const sizes: Promise<number>[] = [];
  let parts = 0;
  page.on('requestfinished', (request) => {
    if (['script', 'stylesheet'].includes(request.resourceType())) parts++;
    if (['document', 'script', 'stylesheet', 'font', 'image'].includes(request.resourceType())) {
      sizes.push(request.sizes().then(({ responseBodySize }) => responseBodySize));
    }
  });
  if (slowdown > 1) {
    await (await page.context().newCDPSession(page)).send('Emulation.setCPUThrottlingRate', { rate: slowdown });
  }
  await installMeasurement(page, subject.content);
  await page.goto(platform.url + subject.path);
  const time = await timeToInteractive(page);
  const size = (await Promise.all(sizes)).reduce((sum, one) => sum + one, 0);
  await page.close();
  return { time, size, parts };
}
