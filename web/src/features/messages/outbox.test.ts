import { describe, expect, it } from 'vitest';
import { noConnection, ProblemError } from '@/shared/api/problem';
import type { ChatMessage } from './chatApi';
import { notYetShown, Outbox, type OutboxPorts, type Outgoing } from './outbox';

const flushTasks = () => new Promise((resolve) => setImmediate(resolve));

const refusal = (status: number) =>
  new ProblemError({ type: 'about:blank', code: 'refused', status, title: 'Нет', detail: 'Чат закрыт.' });

const message = (seq: number, text: string): ChatMessage => ({
  seq,
  id: `m${seq}`,
  side: 'customer',
  author: { name: 'Иванов И. И.', mine: true },
  text,
  files: [],
  sentAt: '2026-11-24T12:00:00Z',
  earlierTexts: 0,
});

/** A platform that keeps each key once, and a connection that the test breaks. */
class Platform {
  online = true;
  /** Whether answers get lost after the message was kept. */
  silent = false;
  refuses: number | undefined;
  stored: { key: string; text: string }[] = [];
  timers: (() => void)[] = [];
  saved: readonly Outgoing[] = [];
  private keys = 0;

  outbox(load: readonly Outgoing[] = []): Outbox {
    const ports: OutboxPorts = {
      send: async (key, { text }) => {
        await flushTasks();
        if (!this.online) throw new ProblemError(noConnection());
        if (this.refuses) throw refusal(this.refuses);
        if (!this.stored.some((one) => one.key === key)) this.stored.push({ key, text });
        if (this.silent) throw new ProblemError(noConnection());
        return message(this.stored.findIndex((one) => one.key === key) + 1, text);
      },
      load: () => load,
      save: (entries) => (this.saved = entries),
      newKey: () => `key-${++this.keys}`,
      schedule: (_, then) => {
        this.timers.push(then);
        return () => (this.timers = this.timers.filter((one) => one !== then));
      },
      onSent: () => undefined,
    };
    return new Outbox(ports);
  }

  get texts() {
    return this.stored.map(({ text }) => text);
  }
}

const write = (outbox: Outbox, text: string) => outbox.add({ text, files: [] }, 0);
const states = (outbox: Outbox) => outbox.snapshot().map(({ state }) => state);

const settled = async () => {
  for (let turn = 0; turn < 10; turn++) await flushTasks();
};

describe('the messages on their way', { meta: { covers: ['S-35'] } }, () => {
  it('are sent in the order in which they were written', async () => {
    const platform = new Platform();
    const outbox = platform.outbox();
    for (const text of ['раз', 'два', 'три']) write(outbox, text);
    expect(states(outbox)).toEqual(['sending', 'sending', 'sending']);
    await settled();
    expect(platform.texts).toEqual(['раз', 'два', 'три']);
    expect(platform.saved).toEqual([]);
    outbox.forget(3);
    expect(outbox.snapshot()).toEqual([]);
  });

  it('wait for the connection, and are then sent once, in order', async () => {
    const platform = new Platform();
    const outbox = platform.outbox();
    platform.online = false;
    write(outbox, 'раз');
    write(outbox, 'два');
    await settled();
    expect(states(outbox)).toEqual(['waiting', 'sending']);
    expect(platform.saved.map(({ text }) => text)).toEqual(['раз', 'два']);
    platform.online = true;
    outbox.flush();
    outbox.flush();
    await settled();
    expect(platform.texts).toEqual(['раз', 'два']);
  });

  it('are repeated by themselves under the same key when an answer was lost', async () => {
    const platform = new Platform();
    const outbox = platform.outbox();
    platform.silent = true;
    write(outbox, 'раз');
    await settled();
    platform.silent = false;
    expect(platform.timers).toHaveLength(1);
    platform.timers[0]?.();
    await settled();
    expect(platform.texts).toEqual(['раз']);
    expect(states(outbox)).toEqual(['sent']);
  });

  it('survive a reload of the page in the middle of sending', async () => {
    const platform = new Platform();
    platform.silent = true;
    write(platform.outbox(), 'раз');
    await settled();
    platform.silent = false;
    const reloaded = platform.outbox(platform.saved.map((entry) => ({ ...entry, state: 'sending' })));
    expect(states(reloaded)).toEqual(['waiting']);
    reloaded.flush();
    await settled();
    expect(platform.texts).toEqual(['раз']);
  });

  it('come back to the field when the platform refuses them, and hold up none', async () => {
    const platform = new Platform();
    const outbox = platform.outbox();
    platform.refuses = 409;
    write(outbox, 'раз');
    await settled();
    expect(states(outbox)).toEqual(['refused']);
    platform.refuses = undefined;
    write(outbox, 'два');
    await settled();
    expect(states(outbox)).toEqual(['refused', 'sent']);
    expect(outbox.take('key-1')).toMatchObject({ text: 'раз', problem: { detail: 'Чат закрыт.' } });
    expect(states(outbox)).toEqual(['sent']);
  });

  it('are not repeated by themselves without a session', async () => {
    const platform = new Platform();
    const outbox = platform.outbox();
    platform.refuses = 401;
    write(outbox, 'раз');
    await settled();
    expect([states(outbox), platform.timers]).toEqual([['waiting'], []]);
  });

  it('are not shown a second time when the thread has them before the answer', () => {
    const entry: Outgoing = { key: 'k', text: 'раз ', files: [], state: 'sending', after: 4 };
    const twice = [entry, { ...entry, key: 'l' }];
    expect(notYetShown(twice, [])).toHaveLength(2);
    expect(notYetShown(twice, [message(4, 'раз')])).toHaveLength(2);
    expect(notYetShown(twice, [message(5, 'раз')])).toHaveLength(1);
    expect(notYetShown([{ ...entry, state: 'sent', seq: 6 }], [message(5, 'раз')])).toHaveLength(1);
    expect(notYetShown([{ ...entry, state: 'sent', seq: 6 }], [message(6, 'раз')])).toHaveLength(0);
  });
});
