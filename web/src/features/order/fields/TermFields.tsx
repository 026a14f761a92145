import { Form, Radio } from 'antd';
import { TermDay } from '@/shared/ui/fields/DayField';
import { maxTermDays } from '@/shared/lib/term';
import { WholeNumberField } from '@/shared/ui/fields/WholeNumberField';
import { wholeOf } from '@/shared/lib/wholeNumber';

export interface TermValues {
  term?: 'date' | 'days';
  details?: { termDate?: string; termDays?: number | string };
}

/** A term: a last day, or a number of days. */
export function TermFields() {
  const byDays = Form.useWatch('term') === 'days';
  return (
    <>
      <Form.Item name="term" label="Срок выполнения">
        <Radio.Group
          options={[
            { value: 'date', label: 'до даты' },
            { value: 'days', label: 'в днях' },
          ]}
        />
      </Form.Item>
      {byDays ? (
        <WholeNumberField
          key="days"
          name={['details', 'termDays']}
          label="Сколько дней"
          of="дней"
          min={1}
          max={maxTermDays}
          required
        />
      ) : (
        <TermDay key="date" name={['details', 'termDate']} label="Последний день работ" />
      )}
    </>
  );
}

/** The term of checked fields, one of the two. */
export function termOf({ term, details }: TermValues): { termDate?: string; termDays?: number } {
  const days = wholeOf(details?.termDays);
  if (term === 'days') return days ? { termDays: days } : {};
  return details?.termDate ? { termDate: details.termDate } : {};
}
