import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FormSaver, type SaveState } from './FormSaver';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const conflict = new Error('conflict');

/** The platform's row of a form. lose makes the answer, not the saving, fail. */
function row() {
  const kept = { content: '', version: 0, saves: 0, lose: false, away: false };
  const states: SaveState[] = [];
  const saver = new FormSaver<string>(
    {
      save: async (content, version) => {
        if (kept.away) throw new Error('offline');
        if (version !== kept.version) throw conflict;
        Object.assign(kept, { content, version: version + 1, saves: kept.saves + 1 });
        if (kept.lose) throw new Error('lost');
        return kept.version;
      },
      read: async () => ({ content: kept.content, version: kept.version }),
      isConflict: (error) => error === conflict,
      same: (a, b) => a === b,
      onState: (state) => states.push(state),
    },
    0,
  );
  return { kept, saver, states };
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
    await saver.flush();
    expect(kept.content).toBe('Тверь');
    await saver.stop();
    saver.change('позже');
    await vi.advanceTimersByTimeAsync(30_000);
    expect(kept.content).toBe('Тверь');
    saver.resume('после отказа');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(kept.content).toBe('после отказа');
  });
});
