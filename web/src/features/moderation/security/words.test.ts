import { describe, expect, it } from 'vitest';
import { eventTitle, nameOf, onlyPerson, subjectText } from './words';

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

  it('names the person whose events alone are shown', () => {
    const events = [{ person: { id: 'm', name: 'Модератор' }, subject: 'p', subjectName: 'Иванова Мария' }];
    expect(nameOf('m', events)).toBe('Модератор');
    expect(nameOf('p', events)).toBe('Иванова Мария');
    expect(nameOf('x', events)).toBeUndefined();
  });

  it('keeps the other filters beside the person', () => {
    expect(onlyPerson(new URLSearchParams('kind=decision&person=a'), 'b')).toBe('?kind=decision&person=b');
  });
});
