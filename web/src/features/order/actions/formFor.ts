import type { Action, ActionPage, AnyActionForm } from './actionForm';
import { actionForms } from './actionForms';

/**
 * Returns the form or the page of an action; undefined for an action that is newer than this build.
 */
export function formFor({ kind }: Action): AnyActionForm | ActionPage | undefined {
  return (actionForms as Record<string, AnyActionForm | ActionPage | undefined>)[kind];
}
