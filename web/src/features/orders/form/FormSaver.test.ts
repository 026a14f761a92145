import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FormSaver, type SaveState } from './FormSaver';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const conflict = new Error('conflict');
const refusal = new Error('too long');

/** The stored form on the platform. lose makes the answer fail, not the save. */
function platform() {
  const stored = { content: '', version: 0, saves: 0, lose: false, offline: false, attempts: 0 };
  const states: SaveState[] = [];
  const savedVersions: [version: number, all: boolean][] = [];
  const saver = new FormSaver<string>(
    {
      save: async (content, version) => {
        stored.attempts++;
        if (content.length > 20) throw refusal;
        if (stored.offline) throw new Error('offline');
        if (version !== stored.version) throw conflict;
        Object.assign(stored, { content, version: version + 1, saves: stored.saves + 1 });
        if (stored.lose) throw new Error('lost');
        return stored.version;
      },
      read: async () => ({ content: stored.content, version: stored.version }),
      classify: (error) => (error === conflict ? 'conflict' : error === refusal ? 'refused' : 'failed'),
      same: (a, b) => a === b,
      onState: (state) => states.push(state),
      onSaved: (...one) => savedVersions.push(one),
    },
    0,
  );
  return { stored, saver, states, savedVersions };
}

describe('saving a form while it is edited', () => {
  it('waits for a pause and saves the newest content once', async () => {
    const { stored, saver, states } = platform();
    for (const typed of ['Т', 'Тв', 'Тверь']) saver.change(typed);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(stored).toMatchObject({ content: 'Тверь', saves: 1 });
    expect(states.at(-1)).toBe('saved');
  });

  it('saves later what was typed without a connection', async () => {
    const { stored, saver, states } = platform();
    stored.offline = true;
    saver.change('Тверь');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(states.at(-1)).toBe('failed');
    stored.offline = false;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(stored.content).toBe('Тверь');
  });

  it('does not mistake its own lost answer for another window', async () => {
    const { stored, saver, states } = platform();
    stored.lose = true;
    saver.change('Тверь');
    await vi.advanceTimersByTimeAsync(2_000);
    stored.lose = false;
    saver.change('Тверь, Мира');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(stored.content).toBe('Тверь, Мира');
    expect(states).not.toContain('conflict');
  });

  it('does not mistake an earlier save whose answer was lost for another window', async () => {
    const { stored, saver, states } = platform();
    stored.lose = true;
    saver.change('Тверь');
    await vi.advanceTimersByTimeAsync(2_000);
    Object.assign(stored, { lose: false, offline: true });
    saver.change('Тверь, Мира');
    await vi.advanceTimersByTimeAsync(2_000);
    stored.offline = false;
    saver.change('Тверь, Мира, 8');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(stored.content).toBe('Тверь, Мира, 8');
    expect(states).not.toContain('conflict');
  });

  it('reports each saved version, also of content that has changed since', async () => {
    const { saver, savedVersions } = platform();
    saver.change('Тверь');
    vi.advanceTimersByTime(1_200);
    saver.change('Тверь, Мира');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(savedVersions).toEqual([
      [1, false],
      [2, true],
    ]);
  });

  it('does not retry a refused content, and saves the next one', async () => {
    const { stored, saver, states } = platform();
    saver.change('Тверская область, город Тверь');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(states.at(-1)).toBe('refused');
    expect(stored.attempts).toBe(1);
    saver.change('Тверь');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(stored.content).toBe('Тверь');
    expect(states.at(-1)).toBe('saved');
  });

  it('never overwrites what another window saved', async () => {
    const { stored, saver, states } = platform();
    Object.assign(stored, { content: 'чужое', version: 3 });
    saver.change('своё');
    await vi.advanceTimersByTimeAsync(30_000);
    expect(stored.content).toBe('чужое');
    expect(states.at(-1)).toBe('conflict');
  });

  it('saves immediately when the page is left, and nothing after the order was sent', async () => {
    const { stored, saver } = platform();
    saver.change('Тверь');
    await saver.flush();
    saver.resume();
    expect(stored.content).toBe('Тверь');
    await saver.stop();
    saver.change('позже');
    await vi.advanceTimersByTimeAsync(30_000);
    expect(stored.content).toBe('Тверь');
    saver.resume();
    saver.change('после отказа');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(stored.content).toBe('после отказа');
  });

  it('tries only once when the page is left', async () => {
    const { stored, saver } = platform();
    stored.offline = true;
    saver.change('Тверь');
    await saver.flush();
    stored.offline = false;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(stored).toMatchObject({ content: '', attempts: 1 });
  });
});
