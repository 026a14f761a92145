import './list.css';
import { FilterOutlined } from '@ant-design/icons';
import { Badge, Button, Form, Grid, Space } from 'antd';
import { type ReactNode, useLayoutEffect, useState } from 'react';

interface Props<Values extends object> {
  /** The filters in force. */
  filters: Values;
  onApply: (values: Values) => void;
  onReset: () => void;
  count: number;
  /** Form.Items whose names are those of the filters. */
  children: ReactNode;
}

/** The filter panel of a list: fill, «Применить», «Сброс». On a phone it opens by a button. */
export function FilterPanel<Values extends object>({ filters, onApply, onReset, count, children }: Props<Values>) {
  const [form] = Form.useForm<Values>();
  const wide = Grid.useBreakpoint().md ?? true;
  const [open, setOpen] = useState(false);
  // The address may change otherwise too: by «Назад», or by a link. Before anybody can type, so that nothing typed is lost.
  useLayoutEffect(() => {
    // To reset the fields would build them anew and take the focus away.
    const absent = Object.fromEntries(Object.keys(form.getFieldsValue() as object).map((name) => [name, undefined]));
    form.setFieldsValue({ ...absent, ...filters });
  }, [form, filters]);
  // The fields follow the address. Filters that were typed and not applied are not in it.
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
