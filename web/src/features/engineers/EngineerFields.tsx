import { Checkbox, Form, Input, Select } from 'antd';
import { useState } from 'react';
import { formsOfWork } from '@/shared/api/formsOfWork';
import { clearable } from '@/shared/ui/fields/clearable';
import { CodedSelect } from '@/shared/ui/fields/CodedSelect';
import { WholeNumberField } from '@/shared/ui/fields/WholeNumberField';
import { regions, workKinds } from '@/shared/api/reference';

export const sorts = [
  { value: 'rating', label: 'по рейтингу' },
  { value: 'completed', label: 'по числу выполненных заказов' },
  { value: 'experience', label: 'по опыту работы' },
  { value: 'price', label: 'по цене, сначала меньше' },
  { value: 'name', label: 'по фамилии' },
];

export const ratings = [
  { value: '3', label: 'от 3' },
  { value: '4', label: 'от 4' },
  { value: '4.5', label: 'от 4,5' },
];

const formOptions = Object.entries(formsOfWork).map(([value, label]) => ({ value, label }));

/** The ordinary criteria of the search, and behind a button the additional ones (R-CUST-9). */
export function EngineerFields({ additional }: { additional: boolean }) {
  const [open, setOpen] = useState(additional);
  return (
    <>
      <Form.Item name="name" label="Фамилия, имя, отчество">
        <Input allowClear={clearable} maxLength={200} autoComplete="off" />
      </Form.Item>
      <Form.Item name="region" label="Регион деятельности">
        <CodedSelect list={regions} multiple placeholder="Все" />
      </Form.Item>
      <Form.Item name="workKind" label="Вид работ">
        <CodedSelect list={workKinds} placeholder="Все" />
      </Form.Item>
      <Form.Item name="sort" label="Сортировка">
        <Select allowClear placeholder="по рейтингу" options={sorts} />
      </Form.Item>
      <details
        className="additional-criteria"
        open={open}
        onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
      >
        <summary>Дополнительные условия</summary>
        <div className="filter-fields">
          <WholeNumberField
            name="priceTo"
            label="Стоимость до, рублей"
            of="рублей"
            min={1}
            max={999_999_999}
            placeholder="не больше"
          />
          <Form.Item name="ratingFrom" label="Рейтинг">
            <Select allowClear placeholder="Любой" options={ratings} />
          </Form.Item>
          <WholeNumberField
            name="experienceFrom"
            label="Опыт работы, лет"
            of="лет"
            min={1}
            max={80}
            placeholder="не меньше"
          />
          <Form.Item name="form" label="Форма деятельности">
            <Select allowClear placeholder="Любая" options={formOptions} />
          </Form.Item>
          <Form.Item name="sro" label="СРО">
            <Input allowClear={clearable} maxLength={300} autoComplete="off" placeholder="часть названия" />
          </Form.Item>
          <Form.Item name="number" label="Номер в реестре">
            <Input allowClear={clearable} maxLength={50} autoComplete="off" />
          </Form.Item>
          <Form.Item
            name="receives"
            valuePropName="checked"
            getValueProps={(value) => ({ checked: value === true || value === 'true' })}
          >
            <Checkbox>принимает новые заказы</Checkbox>
          </Form.Item>
        </div>
      </details>
    </>
  );
}
