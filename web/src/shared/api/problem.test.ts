import { describe, expect, it, vi } from 'vitest';
import { problemOf, problemOfAnswer, type Problem, type ProblemCode, ProblemError } from './problem';
import { concernsSession } from './sessionSignal';

const sent: Problem = {
  type: '/api/problems/not_found',
  code: 'not_found',
  status: 404,
  title: 'Не найдено',
  detail: 'Такой страницы нет.',
};

describe('problems', () => {
  it('keeps the texts of the API', () => expect(problemOfAnswer(404, sent)).toBe(sent));

  it("has a text for a proxy's page", () => {
    expect(problemOfAnswer(502, '<html>Bad Gateway</html>')).toMatchObject({ code: 'unavailable', status: 502 });
    expect(problemOfAnswer(404, undefined)).toMatchObject({ code: 'unreadable' });
  });

  it('shows no internals of an error of the page', () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    expect(problemOf(new TypeError('x is undefined')).detail).not.toContain('undefined');
    expect(log).toHaveBeenCalledOnce();
    log.mockRestore();
  });

  it('is returned by problemOf from its error', () => expect(problemOf(new ProblemError(sent))).toBe(sent));
});

describe('whether a problem concerns the session', () => {
  it.each<[number, ProblemCode, boolean]>([
    [401, 'session_expired', true],
    [401, 'not_signed_in', true],
    [403, 'consent_required', true],
    [403, 'role_unavailable', true],
    [403, 'wrong_role', false],
    [409, 'wrong_stage', false],
  ])('%d %s: %s', (status, code, concerns) => expect(concernsSession({ ...sent, status, code })).toBe(concerns));
});
