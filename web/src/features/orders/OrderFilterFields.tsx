import { Checkbox, Form, Input, Select } from 'antd';
import { clearable } from '@/shared/ui/fields/clearable';
import { CodedSelect } from '@/shared/ui/fields/CodedSelect';
import { OptionalDay } from '@/shared/ui/fields/DayField';
import { moscowDays } from '@/shared/lib/dates';
import { regions, stages, workKinds } from '@/shared/api/reference';

const sorts = [
  { value: 'updated', label: 'по изменению' },
  { value: 'published', label: 'по дате публикации' },
  { value: 'deadline', label: 'по сроку следующего шага, сначала истёкший' },
  { value: 'created', label: 'по дате создания' },
];

/** The filter fields of «Мои заказы». */
export function OrderFilterFields({ sortable }: { sortable: boolean }) {
  return (
    <>
      <Form.Item name="number" label="Номер заказа">
        <Input allowClear={clearable} maxLength={50} autoComplete="off" />
      </Form.Item>
      <Form.Item name="stage" label="Статус">
        <CodedSelect list={stages} multiple placeholder="Все" />
      </Form.Item>
      <Form.Item name="workKind" label="Вид работ">
        <CodedSelect list={workKinds} multiple placeholder="Все" />
      </Form.Item>
      <Form.Item name="region" label="Регион">
        <CodedSelect list={regions} multiple placeholder="Все" />
      </Form.Item>
      <OptionalDay name="publishedFrom" label="Опубликован не раньше" extra={moscowDays} />
      <OptionalDay name="publishedTo" label="Опубликован не позже" extra={moscowDays} />
      <Form.Item
        name="overdue"
        valuePropName="checked"
        getValueProps={(value) => ({ checked: value === 'true' || value === true })}
      >
        <Checkbox>Только с истёкшим сроком</Checkbox>
      </Form.Item>
      {sortable && (
        <Form.Item name="sort" label="Сортировка">
          <Select allowClear placeholder="по изменению" options={sorts} />
        </Form.Item>
      )}
    </>
  );
}
