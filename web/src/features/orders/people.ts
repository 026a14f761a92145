import { otherChosen } from '@/shared/lib/orderTexts';
import type { OrderLine } from './queries';

/** Who of an order is worth a column for a role, and what stands there while he is not known. */
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

/** One's own name is no news. */
export function peopleFor(role: string): readonly PersonColumn[] {
  switch (role) {
    case 'customer':
      return [engineer];
    case 'engineer':
      return [customer];
    default:
      return [customer, engineer];
  }
}
