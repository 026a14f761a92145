import { Card } from 'antd';
import { type Fact, Facts } from '@/shared/ui/Facts';
import { formatDateTime } from '@/shared/lib/dates';
import { formatMoney } from '@/shared/lib/money';
import type { OrderCard } from '@/shared/api/order';
import { termText } from '@/shared/lib/term';
import { customerKindName } from '@/features/order/labels';

/** Shows the conditions of the order. */
export function Conditions({ card }: { card: OrderCard }) {
  const { terms, form, region, workKind, customer, customerKind, revision = 0, publishedAt } = card;
  const items: Fact[] = [
    ['Вид кадастровых работ', workKind?.label],
    ['Регион', region?.label],
    ['Населенный пункт', form?.city],
    ['Улица', form?.street],
    ['Адрес', form?.address],
    ['Кадастровые номера', form?.cadastralNumbers?.join(', ')],
    ['Характеристики объекта', form?.object],
    ['Описание', form?.description],
    ['Срок выполнения', terms && termText(terms)],
    ['Стоимость', terms && (terms.price ? formatMoney(terms.price) : 'не указана')],
    ['Предоплата', terms && (terms.prepayment ? 'возможна' : 'не предусмотрена')],
    ['Постановка на ГКУ/ГРП', terms && (terms.registration ? 'нужна' : 'не нужна')],
    ['Заказчик', [customer?.name, customerKind && customerKindName(customerKind)].filter(Boolean).join(', ')],
    ['Опубликован', publishedAt && formatDateTime(publishedAt)],
    ['Редакция условий', revision > 1 ? String(revision) : undefined],
  ];
  return (
    <Card title={<h2>Условия заказа</h2>}>
      <Facts items={items} />
    </Card>
  );
}
