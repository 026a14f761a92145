import { roleTitle } from '@/shared/auth/session';
import type { Admission, AdmissionDecision, OrganisationPerson } from './queries';

/** Returns the names of the roles of an admission. */
export function rolesOf({ customer, employer }: Admission): string[] {
  return [customer && 'customer', employer && 'employer']
    .filter((role): role is 'customer' | 'employer' => Boolean(role))
    .map((role) => roleTitle({ role, partyKind: 'organisation' }));
}

/** Returns the label of a decision. */
export function decisionText({
  cause,
  ...admission
}: Pick<AdmissionDecision, 'cause' | 'customer' | 'employer'>): string {
  const roles = rolesOf(admission).join(', ');
  switch (cause) {
    case 'membership':
      return 'Допуск прекращён: Госуслуги больше не называют этого человека сотрудником';
    case 'migration':
      return `Допуск перенесён при обновлении платформы: ${roles}`;
    case 'head':
      return roles ? `Допущен: ${roles}` : 'Допуск отозван';
  }
}

/** The decisions that a head may make about a person. */
export type Verb = 'admit' | 'change' | 'confirm' | 'withdraw';

/**
 * The labels of a decision: the button, which is also the title of the dialog, and the message
 * afterwards.
 */
export const verbs: Record<Verb, { button: string; done: string }> = {
  admit: { button: 'Допустить', done: 'Сотрудник допущен' },
  change: { button: 'Изменить допуск', done: 'Допуск изменён' },
  confirm: { button: 'Подтвердить допуск', done: 'Допуск подтверждён' },
  withdraw: { button: 'Отозвать допуск', done: 'Допуск отозван' },
};

/**
 * Returns the decisions that are available for a person. choice is true if there is more than one
 * role to admit to.
 */
export function verbsFor(
  { head, confirmed, customer, employer }: Pick<OrganisationPerson, 'head' | 'confirmed' | 'customer' | 'employer'>,
  choice: boolean,
): Verb[] {
  if (head) return [];
  if (!customer && !employer) return ['admit'];
  if (!confirmed) return ['confirm', 'withdraw'];
  return choice ? ['change', 'withdraw'] : ['withdraw'];
}
