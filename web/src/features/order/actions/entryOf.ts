import type { ActionKind } from '@/shared/api/actions';
import type { Action, ActionForm, ActionPage } from './actionForm';
import { actionForms } from './actionForms';

/** How an action is made; undefined for one that is newer than this page. */
export function entryOf({ kind }: Action): ActionForm<ActionKind> | ActionPage | undefined {
  return (actionForms as Record<string, ActionForm<ActionKind> | ActionPage | undefined>)[kind];
}
