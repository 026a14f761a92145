import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FormSaver, type SaveState } from './FormSaver';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const conflict = new Error('conflict');
const refusal = new Error('too long');

/** The platform's row of a form. lose makes the answer, not the saving, fail. */
function row() {
  const kept = { content: '', version: 0, saves: 0, lose: false, away: false, attempts: 0 };
  const states: SaveState[] = [];
  const arrived: [version: number, all: boolean][] = [];
  const saver = new FormSaver<string>(
    {
      save: async (content, version) => {
        kept.attempts++;
        if (content.length > 20) throw refusal;
        if (kept.away) throw new Error('offline');
        if (version !== kept.version) throw conflict;
        Object.assign(kept, { content, version: version + 1, saves: kept.saves + 1 });
        if (kept.lose) throw new Error('lost');
        return kept.version;
      },
      read: async () => ({ content: kept.content, version: kept.version }),
      judge: (error) => (error === conflict ? 'conflict' : error === refusal ? 'refused' : 'failed'),
      same: (a, b) => a === b,
      onState: (state) => states.push(state),
      onSaved: (...one) => arrived.push(one),
    },
    0,
  );
  return { kept, saver, states, arrived };
}

describe('saving a form while it is typed', () => {
  it('waits for a pause and saves the newest content once', async () => {
    const { kept, saver, states } = row();
    for (const typed of ['Т', 'Тв', 'Тверь']) saver.change(typed);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(kept).toMatchObject({ content: 'Тверь', saves: 1 });
    expect(states.at(-1)).toBe('saved');
  });

  it('saves what was typed while the connection was away', async () => {
    const { kept, saver, states } = row();
    kept.away = true;
    saver.change('Тверь');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(states.at(-1)).toBe('failed');
    kept.away = false;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(kept.content).toBe('Тверь');
  });

  it('does not take its own lost answer for another window', async () => {
    const { kept, saver, states } = row();
    kept.lose = true;
    saver.change('Тверь');
    await vi.advanceTimersByTimeAsync(2_000);
    kept.lose = false;
    saver.change('Тверь, Мира');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(kept.content).toBe('Тверь, Мира');
    expect(states).not.toContain('conflict');
  });

  it('does not take for another window what arrived before an attempt that did not', async () => {
    const { kept, saver, states } = row();
    kept.lose = true;
    saver.change('Тверь');
    await vi.advanceTimersByTimeAsync(2_000);
    Object.assign(kept, { lose: false, away: true });
    saver.change('Тверь, Мира');
    await vi.advanceTimersByTimeAsync(2_000);
    kept.away = false;
    saver.change('Тверь, Мира, 8');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(kept.content).toBe('Тверь, Мира, 8');
    expect(states).not.toContain('conflict');
  });

  it('tells each version that has arrived, also of what is typed over already', async () => {
    const { saver, arrived } = row();
    saver.change('Тверь');
    vi.advanceTimersByTime(1_200);
    saver.change('Тверь, Мира');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(arrived).toEqual([
      [1, false],
      [2, true],
    ]);
  });

  it('does not repeat what is refused, and saves what is typed instead', async () => {
    const { kept, saver, states } = row();
    saver.change('Тверская область, город Тверь');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(states.at(-1)).toBe('refused');
    expect(kept.attempts).toBe(1);
    saver.change('Тверь');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(kept.content).toBe('Тверь');
    expect(states.at(-1)).toBe('saved');
  });

  it('never saves over another window', async () => {
    const { kept, saver, states } = row();
    Object.assign(kept, { content: 'чужое', version: 3 });
    saver.change('своё');
    await vi.advanceTimersByTimeAsync(30_000);
    expect(kept.content).toBe('чужое');
    expect(states.at(-1)).toBe('conflict');
  });

  it('saves at once when the page is left, and nothing after the order was sent', async () => {
    const { kept, saver } = row();
    saver.change('Тверь');
    await saver.leave();
    saver.resume();
    expect(kept.content).toBe('Тверь');
    await saver.stop();
    saver.change('позже');
    await vi.advanceTimersByTimeAsync(30_000);
    expect(kept.content).toBe('Тверь');
    saver.resume();
    saver.change('после отказа');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(kept.content).toBe('после отказа');
  });

  it('tries once when the page is left, and not again', async () => {
    const { kept, saver } = row();
    kept.away = true;
    saver.change('Тверь');
    await saver.leave();
    kept.away = false;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(kept).toMatchObject({ content: '', attempts: 1 });
  });
});
