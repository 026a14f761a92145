import './list.css';
import { FilterOutlined } from '@ant-design/icons';
import { Badge, Button, Form, Grid, Space } from 'antd';
import { type ReactNode, useLayoutEffect, useState } from 'react';

interface Props<Values extends object> {
  /** The applied filters. */
  filters: Values;
  onApply: (values: Values) => void;
  onReset: () => void;
  count: number;
  /** Form.Items with the names of the filters. */
  children: ReactNode;
}

/**
 * The filter panel of a list, with the buttons «Применить» and «Сброс». On a phone a button opens
 * it.
 */
export function FilterPanel<Values extends object>({ filters, onApply, onReset, count, children }: Props<Values>) {
  const [form] = Form.useForm<Values>();
  const wide = Grid.useBreakpoint().md ?? true;
  const [open, setOpen] = useState(false);
  // The address also changes by «Назад» or a link. A layout effect runs before the user can type,
  // so that it overwrites no input.
  useLayoutEffect(() => {
    // resetFields would remount the fields and lose the focus.
    const absent = Object.fromEntries(Object.keys(form.getFieldsValue() as object).map((name) => [name, undefined]));
    form.setFieldsValue({ ...absent, ...filters });
  }, [form, filters]);
  // Filters that were typed but not applied are not in the address, so the effect would not clear
  // them.
  const clear = () => {
    if (count === 0) form.resetFields();
    onReset();
  };
  const panel = (
    <Form
      form={form}
      layout="vertical"
      className="filter-panel"
      aria-label="Фильтр"
      onFinish={onApply}
      id="filter-panel"
    >
      <div className="filter-fields">{children}</div>
      <Space wrap>
        <Button type="primary" htmlType="submit">
          Применить
        </Button>
        <Button onClick={clear}>Сброс</Button>
      </Space>
    </Form>
  );
  if (wide) return panel;
  return (
    <>
      <Badge count={count} title={`Задано фильтров: ${count}`}>
        <Button
          icon={<FilterOutlined />}
          aria-expanded={open}
          aria-controls="filter-panel"
          onClick={() => setOpen(!open)}
        >
          Фильтр
        </Button>
      </Badge>
      <div hidden={!open}>{panel}</div>
    </>
  );
}
