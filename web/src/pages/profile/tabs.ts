import { profilePath, settingsPath } from '../../app/entrySteps';
import type { Role } from '../../app/session';

/** A tab of the profile; its path is that of a page in index.ts. */
interface ProfileTab {
  path: string;
  title: string;
  /** The roles that have it; all where there are none named. */
  roles?: readonly Role[];
}

export const profileTabs: readonly ProfileTab[] = [
  { path: profilePath, title: 'Общие сведения' },
  { path: settingsPath, title: 'Настройки учетной записи' },
];
