import { expect } from '@playwright/test';
import { platform } from './platform';

/** Answers the document of an order as the person does on the page of the simulator of «Госключ». */
export async function answerInGoskey(order: string, action: 'sign' | 'refuse'): Promise<void> {
  const text = await (await fetch(platform.goskey)).text();
  const waiting = text.split('<li>').find((item) => item.includes(order) && item.includes('<form'));
  const id = waiting?.match(/name="order" value="(\d+)"/)?.[1] ?? '';
  const done = await fetch(platform.goskey, { method: 'POST', body: new URLSearchParams({ order: id, action }) });
  expect(done.ok).toBe(true);
}
