import type { Session } from './session';

/** The path where an entry begins, and the path of each step. */
export const startPath = '/';
export const signInPath = '/signin';
/** The open page that checks signatures. */
export const checkPath = '/check';
/** The pages to which the links of letters lead. */
export const mailConfirmPath = '/mail/confirm';
export const mailUnsubscribePath = '/mail/unsubscribe';
export const rolePath = '/role';
export const consentPath = '/consent';
export const settingsPath = '/settings';
export const profilePath = '/profile';
export const profileEditPath = '/profile/edit';
export const formOfWorkPath = '/profile/work';
export const requisitesPath = '/profile/requisites';
export const admissionsPath = '/organisation/admissions';
export const staffPath = '/staff';
export const employerPath = '/employer';
export const engineersPath = '/engineers';
export const ownReviewsPath = '/profile/reviews';

const stepPath: Record<Session['next'], string> = {
  role: rolePath,
  consent: consentPath,
  settings: settingsPath,
  profile: profilePath,
};

/** Returns the path of the step that must be completed before any page opens, if there is one. */
export function pendingStep(session: Session): string | undefined {
  return session.next === 'role' || session.next === 'consent' ? stepPath[session.next] : undefined;
}

/**
 * Returns the path after a step of the entry: the next step, the settings after the first consent,
 * then the requested page, or the profile.
 */
export function afterEntry(next: Session['next'], returnTo: string | null): string {
  if (next === 'role' || next === 'consent') return withReturn(stepPath[next], returnTo);
  if (next === 'settings') return settingsPath;
  return localPath(returnTo) ?? profilePath;
}

/**
 * Adds the path to return to later as a parameter. An address that localPath refuses is left out.
 */
export function withReturn(path: string, returnTo: string | null): string {
  const target = localPath(returnTo);
  return target ? `${path}?${new URLSearchParams({ returnTo: target }).toString()}` : path;
}

/** Returns the address that starts a sign-in. It is outside the app. */
export function signInAddress(returnTo: string | null): string {
  return withReturn('/api/auth/login', returnTo ?? startPath);
}

/** Returns the address of a sign-in that asks nothing: without a session at ЕСИА it leads back. */
export function automaticAddress(returnTo: string | null): string {
  return `/api/auth/login?${new URLSearchParams({ automatic: 'true', returnTo: localPath(returnTo) ?? startPath }).toString()}`;
}

/**
 * Returns the address of a sign-in that confirms again for whom the person acts, and keeps the
 * role.
 */
export function renewAddress(returnTo: string): string {
  return `/api/auth/login?${new URLSearchParams({ renew: 'true', returnTo: localPath(returnTo) ?? startPath }).toString()}`;
}

/**
 * Returns the address of a pass through ЕСИА that reads the organisation for which the person acts,
 * and keeps the role.
 */
export function organisationAddress(returnTo: string): string {
  return `/api/auth/login?${new URLSearchParams({ organisation: 'true', returnTo }).toString()}`;
}

const entryPaths = [signInPath, rolePath, consentPath];

/**
 * Returns the path if a user may be led back to it; undefined for other sites and for the steps of
 * the entry.
 */
export function localPath(path: string | null): string | undefined {
  // eslint-disable-next-line no-control-regex -- browsers drop control characters from an address
  if (!path?.startsWith('/') || path.startsWith('//') || path.startsWith('/api/') || /[\\\u0000-\u001f]/.test(path))
    return undefined;
  const pathname = path.split(/[?#]/)[0] ?? '';
  return pathname === startPath || entryPaths.includes(pathname) ? undefined : path;
}
