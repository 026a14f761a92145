import type { ProfileValues } from './queries';

export const fieldLabels: Record<keyof ProfileValues, string> = {
  email: 'Электронная почта для заказов',
  phone: 'Телефон для заказов',
  website: 'Сайт',
  region: 'Регион',
  about: 'О себе',
};
