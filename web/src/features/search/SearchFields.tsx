import { Checkbox, Form, Input, Select } from 'antd';
import { clearable } from '@/shared/ui/fields/clearable';
import { CodedSelect } from '@/shared/ui/fields/CodedSelect';
import { OptionalDay } from '@/shared/ui/fields/DayField';
import { WholeNumberField } from '@/shared/ui/fields/WholeNumberField';
import { maxTermDays } from '@/shared/lib/term';
import { regions, workKinds } from '@/shared/api/reference';

const sorts = [
  { value: 'published', label: 'по дате публикации' },
  { value: 'urgency', label: 'по срочности' },
];

const customers = [
  { value: 'individuals', label: 'физические лица' },
  { value: 'organisations', label: 'юридические лица' },
];

const flags = [
  { name: 'withoutResponses', label: 'заказы без откликов' },
  { name: 'prepayment', label: 'показывать только заказы с предоплатой' },
  { name: 'priced', label: 'только заказы, где указана стоимость' },
] as const;

/** The filter fields of «Поиск по заказам». */
export function SearchFields() {
  return (
    <>
      <Form.Item name="region" label="Регион заказа">
        <CodedSelect list={regions} multiple placeholder="Ваши регионы деятельности" />
      </Form.Item>
      <Form.Item name="place" label="Населенный пункт, улица">
        <Input allowClear={clearable} maxLength={200} autoComplete="off" />
      </Form.Item>
      <Form.Item name="number" label="Номер заказа">
        <Input allowClear={clearable} maxLength={50} autoComplete="off" />
      </Form.Item>
      <Form.Item name="workKind" label="Вид работ">
        <CodedSelect list={workKinds} multiple placeholder="Все" />
      </Form.Item>
      <OptionalDay name="termDateTo" label="Срок выполнения до даты" />
      <WholeNumberField
        name="termDaysTo"
        label="Срок выполнения в днях"
        of="дней"
        min={1}
        max={maxTermDays}
        placeholder="не больше"
      />
      <Form.Item name="customer" label="Заказчики">
        <Checkbox.Group options={customers} />
      </Form.Item>
      <Form.Item label="Показывать">
        {flags.map(({ name, label }) => (
          <Form.Item
            key={name}
            name={name}
            valuePropName="checked"
            getValueProps={(value) => ({ checked: value === true || value === 'true' })}
            noStyle
          >
            <Checkbox>{label}</Checkbox>
          </Form.Item>
        ))}
      </Form.Item>
      <Form.Item name="sort" label="Сортировка">
        <Select allowClear placeholder="по дате публикации" options={sorts} />
      </Form.Item>
    </>
  );
}
