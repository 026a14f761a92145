import { describe, expect, it } from 'vitest';
import { eventTitle, subjectText } from './words';

describe('the words of the trail', () => {
  it('names what happened, and leaves what it does not know', () => {
    expect(eventTitle('signed-in')).toBe('Вход');
    expect(eventTitle('something-new')).toBe('something-new');
  });

  it('names whom it concerned', () => {
    expect(subjectText({ subjectKind: 'order', subjectName: '2026-000001' })).toBe('заказ 2026-000001');
    expect(subjectText({ subjectKind: 'session', subject: 'id' })).toBe('сеанс id');
    expect(subjectText({})).toBe('—');
  });
});
