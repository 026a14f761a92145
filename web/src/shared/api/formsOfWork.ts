import type { Schema } from './client';

/** The forms in which an engineer works. */
export const formsOfWork: Record<Schema<'WorkForm'>['form'], string> = {
  entrepreneur: 'Индивидуальный предприниматель',
  employee: 'Сотрудник юридического лица',
};
