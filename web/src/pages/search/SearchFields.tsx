import { Form, Input, InputNumber, Select } from 'antd';
import { clearable } from '../../components/fields/clearable';
import { CodedSelect } from '../../components/fields/CodedSelect';
import { DayField } from '../../components/fields/DayField';
import { regions, workKinds } from '../orders/reference';

const sorts = [
  { value: 'published', label: 'по дате публикации' },
  { value: 'urgency', label: 'по срочности' },
];

/** What «Поиск по заказам» can be narrowed by. */
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
      <Form.Item name="termDateTo" label="Срок выполнения до даты">
        <DayField />
      </Form.Item>
      <Form.Item name="termDaysTo" label="Срок выполнения в днях">
        <InputNumber placeholder="не больше" className="field-wide" min={1} max={3650} precision={0} />
      </Form.Item>
      <Form.Item name="sort" label="Сортировка">
        <Select allowClear placeholder="по дате публикации" options={sorts} />
      </Form.Item>
    </>
  );
}
