import { describe, expect, it } from 'vitest';
import { afterEntry, localPath, pendingStep, signInAddress, withReturn } from './entrySteps';
import type { Session } from './session';

const session = (next: Session['next']) => ({ next }) as Session;

describe('the steps of an entry', () => {
  it('open no page before role and consent', { meta: { covers: ['R-AUTH-5', 'R-AUTH-9'] } }, () => {
    expect(pendingStep(session('role'))).toBe('/role');
    expect(pendingStep(session('consent'))).toBe('/consent');
    expect(pendingStep(session('settings'))).toBeUndefined();
    expect(pendingStep(session('profile'))).toBeUndefined();
  });

  it(
    'open the settings after the first consent, whatever page was requested',
    { meta: { covers: ['R-AUTH-9'] } },
    () => {
      expect(afterEntry('settings', '/orders/7')).toBe('/settings');
    },
  );

  it('end at the profile', { meta: { covers: ['R-AUTH-15'] } }, () =>
    expect(afterEntry('profile', null)).toBe('/profile'),
  );

  it('lead back to the page where the session ended', () => {
    expect(afterEntry('consent', '/orders/7?tab=files')).toBe('/consent?returnTo=%2Forders%2F7%3Ftab%3Dfiles');
    expect(afterEntry('profile', '/orders/7?tab=files')).toBe('/orders/7?tab=files');
    expect(signInAddress('/orders/7')).toBe('/api/auth/login?returnTo=%2Forders%2F7');
  });

  it.each([
    '//evil.example',
    'https://evil.example',
    '/\\evil.example',
    '/api/auth/logout',
    '',
    '/role',
    '/consent?x=1',
    '/',
  ])('do not lead to «%s»', (path) => {
    expect(localPath(path)).toBeUndefined();
    expect(withReturn('/role', path)).toBe('/role');
  });
});
