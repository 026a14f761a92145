import type { SessionRole } from '@/shared/codes';
import { otherChosen } from '@/shared/lib/orderTexts';
import type { OrderLine } from './queries';

/** A column for a person of an order, with a text while the person is unknown. */
export interface PersonColumn {
  title: string;
  name: (line: OrderLine) => string;
}

const engineer: PersonColumn = {
  title: 'Исполнитель',
  name: (line) => line.engineer?.name ?? (line.otherChosen ? otherChosen : 'не выбран'),
};
const customer: PersonColumn = {
  title: 'Заказчик',
  name: (line) => line.customer?.name ?? 'виден выбранному исполнителю',
};

/** Returns the columns for a role. A user's own name has no column. */
export function peopleFor(role: SessionRole): readonly PersonColumn[] {
  switch (role) {
    case 'customer':
      return [engineer];
    case 'engineer':
      return [customer];
    default:
      return [customer, engineer];
  }
}
