import { Form, InputNumber, Radio } from 'antd';
import { DayField } from '../../../components/fields/DayField';

export interface TermValues {
  term?: 'date' | 'days';
  details?: { termDate?: string; termDays?: number };
}

/** A term: a last day, or a number of days. */
export function TermFields() {
  const byDays = Form.useWatch('term') === 'days';
  return (
    <>
      <Form.Item name="term" label="Срок выполнения">
        <Radio.Group options={[{ value: 'date', label: 'до даты' }, { value: 'days', label: 'в днях' }]} />
      </Form.Item>
      {byDays ? (
        <Form.Item key="days" name={['details', 'termDays']} label="Сколько дней" rules={[{ required: true, message: 'Укажите количество дней.' }]}>
          <InputNumber className="wide" min={1} max={3650} precision={0} />
        </Form.Item>
      ) : (
        <Form.Item key="date" name={['details', 'termDate']} label="Последний день работ" rules={[{ required: true, message: 'Укажите дату вида 24.11.2026, от сегодняшней и не дальше десяти лет.' }]}>
          <DayField future />
        </Form.Item>
      )}
    </>
  );
}

/** The term of checked fields, one of the two. */
export function termOf({ term, details }: TermValues): { termDate?: string; termDays?: number } {
  if (term === 'days') return details?.termDays ? { termDays: details.termDays } : {};
  return details?.termDate ? { termDate: details.termDate } : {};
}
