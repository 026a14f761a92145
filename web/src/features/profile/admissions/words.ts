import { roleTitle } from '@/shared/auth/session';
import type { Admission, AdmissionDecision, OrganisationPerson } from './queries';

/** The names of the roles that somebody is admitted to. */
export function rolesOf({ customer, employer }: Admission): string[] {
  return [customer && 'customer', employer && 'employer']
    .filter((role): role is 'customer' | 'employer' => Boolean(role))
    .map((role) => roleTitle({ role, partyKind: 'organisation' }));
}

/** What was decided, in words. */
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

/** What a head may decide about a person. */
export type Verb = 'admit' | 'change' | 'confirm' | 'withdraw';

/** The words of a decision: the button, which is the heading of its window too, and what is said once it is made. */
export const verbs: Record<Verb, { button: string; done: string }> = {
  admit: { button: 'Допустить', done: 'Сотрудник допущен' },
  change: { button: 'Изменить допуск', done: 'Допуск изменён' },
  confirm: { button: 'Подтвердить допуск', done: 'Допуск подтверждён' },
  withdraw: { button: 'Отозвать допуск', done: 'Допуск отозван' },
};

/** The decisions that can be made about a person now. choice says whether there is more than one role to admit to. */
export function verbsFor(
  { head, confirmed, customer, employer }: Pick<OrganisationPerson, 'head' | 'confirmed' | 'customer' | 'employer'>,
  choice: boolean,
): Verb[] {
  if (head) return [];
  if (!customer && !employer) return ['admit'];
  if (!confirmed) return ['confirm', 'withdraw'];
  return choice ? ['change', 'withdraw'] : ['withdraw'];
}
