import { expect, it } from 'vitest';
import type { Account } from './queries';
import { whoText } from './labels';

const person: Account = {
  id: '',
  name: '',
  active: true,
  seenAt: '',
  engineer: false,
  entrepreneur: false,
  moderator: false,
  organisations: [],
};

it('says who a person is besides a natural person', () => {
  expect(whoText(person)).toBe('физическое лицо');
  expect(whoText({ ...person, engineer: true, entrepreneur: true })).toBe('кадастровый инженер, ИП');
});
