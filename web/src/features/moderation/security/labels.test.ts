import { describe, expect, it } from 'vitest';
import { eventTitle, nameOf, onlyPerson, subjectText } from './labels';

describe('the labels of the security log', () => {
  it('name the kinds of events, and return an unknown kind unchanged', () => {
    expect(eventTitle('signed-in')).toBe('Вход');
    expect(eventTitle('something-new' as 'signed-in')).toBe('something-new');
  });

  it('name the subject of an event', () => {
    expect(subjectText({ subjectKind: 'order', subjectName: '2026-000001' })).toBe('заказ 2026-000001');
    expect(subjectText({ subjectKind: 'session', subject: 'id' })).toBe('сеанс id');
    expect(subjectText({})).toBe('—');
  });

  it('name the person by whom the list is filtered', () => {
    const events = [{ person: { id: 'm', name: 'Модератор' }, subject: 'p', subjectName: 'Иванова Мария' }];
    expect(nameOf('m', events)).toBe('Модератор');
    expect(nameOf('p', events)).toBe('Иванова Мария');
    expect(nameOf('x', events)).toBeUndefined();
  });

  it('keep the other filters when filtering by a person', () => {
    expect(onlyPerson(new URLSearchParams('kind=decision&person=a'), 'b')).toBe('?kind=decision&person=b');
  });
});
