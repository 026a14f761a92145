import type { Session } from './session';

/** Where an entry begins, and where each step of it is made. */
export const startPath = '/';
export const signInPath = '/signin';
export const rolePath = '/role';
export const consentPath = '/consent';
export const settingsPath = '/settings';
export const profilePath = '/profile';
export const admissionsPath = '/organisation/admissions';

const stepPath: Record<Session['next'], string> = {
  role: rolePath,
  consent: consentPath,
  settings: settingsPath,
  profile: profilePath,
};

/** The step that is still to be made before any page opens, if there is one. */
export function pendingStep(session: Session): string | undefined {
  return session.next === 'role' || session.next === 'consent' ? stepPath[session.next] : undefined;
}

/** Where an entry leads: the next step, the settings after the first consent, then the page that was wanted, or the profile. */
export function afterEntry(next: Session['next'], returnTo: string | null): string {
  if (next === 'role' || next === 'consent') return withReturn(stepPath[next], returnTo);
  if (next === 'settings') return settingsPath;
  return localPath(returnTo) ?? profilePath;
}

/** The address of a page that leads back to another one afterwards. */
export function withReturn(path: string, returnTo: string | null): string {
  const wanted = localPath(returnTo);
  return wanted ? `${path}?${new URLSearchParams({ returnTo: wanted }).toString()}` : path;
}

/** The address that begins a sign-in. It leaves the app. */
export function signInAddress(returnTo: string | null): string {
  return withReturn('/api/auth/login', returnTo ?? startPath);
}

/** The address of a sign-in that confirms anew for whom the person acts, and keeps his role. */
export function renewAddress(returnTo: string): string {
  return `/api/auth/login?${new URLSearchParams({ renew: 'true', returnTo: localPath(returnTo) ?? startPath }).toString()}`;
}

const entryPaths = [signInPath, rolePath, consentPath];

/** A path of the platform that a person can come back to; undefined for other sites and for the entry itself. */
export function localPath(path: string | null): string | undefined {
  // eslint-disable-next-line no-control-regex -- browsers drop control characters from an address
  if (!path?.startsWith('/') || path.startsWith('//') || path.startsWith('/api/') || /[\\\u0000-\u001f]/.test(path))
    return undefined;
  const bare = path.split(/[?#]/)[0] ?? '';
  return bare === startPath || entryPaths.includes(bare) ? undefined : path;
}
