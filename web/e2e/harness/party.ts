import { expect, type Page } from '@playwright/test';
import { createHash } from 'node:crypto';
import type { ActionKind, Actions } from '@/shared/api/actions';
import type { Schema } from '@/shared/api/client';
import { orderInput } from './orders';
import type { TestFile } from './testFiles';

type FileRef = Schema<'FileRef'>;

/** A signed-in user who performs steps of an order with API calls. */
export class Party {
  constructor(
    readonly page: Page,
    readonly order: string,
  ) {}

  /** Creates an order as a draft. */
  static async createDraft(page: Page): Promise<{ party: Party; number: string }> {
    const { order } = await sendUntilVerdict(page, '/api/orders', undefined);
    if (!order) throw new Error('the new order was not shown');
    return { party: new Party(page, order.id), number: order.number };
  }

  /** Publishes an order in a region, without prepayment and ГКУ/ГРП. */
  static async publish(page: Page, region = '50'): Promise<{ party: Party; number: string }> {
    const draft = await Party.createDraft(page);
    await draft.party.act('publish', {
      details: {
        region,
        workKind: 'boundary-clarification',
        termDays: 45,
        price: 4_200_000,
        prepayment: false,
        registration: false,
      },
      text: { address: orderInput.address },
    });
    return draft;
  }

  /** Sends an action and waits for its verdict; a refusal fails the test. */
  async act<Kind extends ActionKind>(kind: Kind, body: Actions[Kind]): Promise<void> {
    await sendUntilVerdict(this.page, `/api/orders/${this.order}/${kind}`, body);
  }

  /** Returns the order card as the user sees it now. */
  async card(): Promise<Schema<'OrderCard'>> {
    const answer = await this.page.request.get(`/api/orders/${this.order}`);
    expect(answer.status(), await answer.text()).toBe(200);
    return (await answer.json()) as Schema<'OrderCard'>;
  }

  /** Uploads a file of one part for the order. */
  async upload({ name, mimeType, buffer }: TestFile): Promise<FileRef> {
    const files = `/api/orders/${this.order}/files`;
    const digest = createHash('sha256').update(buffer).digest();
    const sha256 = digest.toString('hex');
    const { file } = await this.post<Schema<'FileOutputBody'>>(files, {
      name,
      size: buffer.length,
      sha256,
      type: mimeType,
    });
    const part = { part: 1, sha256: digest.toString('base64') };
    const target = await this.post<Schema<'PartOutputBody'>>(`${files}/${file.id}/parts`, {
      ...part,
      length: buffer.length,
    });
    const put = await fetch(target.url, { method: 'PUT', headers: target.headers, body: new Uint8Array(buffer) });
    expect(put.status, `storing ${name}`).toBe(200);
    await this.post(`${files}/${file.id}/complete`, { parts: [part] });
    const state = async () =>
      ((await (await this.page.request.get(`${files}/${file.id}`)).json()) as Schema<'FileOutputBody'>).file.state;
    await expect.poll(state, { message: `${name} is checked` }).toBe('stored');
    return { id: file.id, sha256 };
  }

  /** Opens the page of the card. */
  async openCard(): Promise<void> {
    await this.page.goto(`/orders/${this.order}`);
  }

  private async post<Answer>(address: string, data: object): Promise<Answer> {
    const answer = await this.page.request.post(address, { data });
    expect(answer.ok(), `${address}: ${await answer.text()}`).toBe(true);
    return (await answer.json()) as Answer;
  }
}

/**
 * Sends a message to an order with a new idempotency key, and repeats it with that key until there
 * is a verdict.
 */
async function sendUntilVerdict(
  page: Page,
  address: string,
  data: object | undefined,
): Promise<Schema<'MessageOutputBody'>> {
  const headers = { 'Idempotency-Key': crypto.randomUUID() };
  let body = '';
  await expect
    .poll(
      async () => {
        const answer = await page.request.post(address, { headers, ...(data && { data }) });
        body = await answer.text();
        if ([202, 429, 503].includes(answer.status())) return 'waits';
        return answer.ok() ? 'applied' : body;
      },
      { message: address },
    )
    .toBe('applied');
  return JSON.parse(body) as Schema<'MessageOutputBody'>;
}
