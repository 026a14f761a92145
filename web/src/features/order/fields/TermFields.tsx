import { Form, Radio } from 'antd';
import { TermDay } from '@/shared/ui/fields/DayField';
import { maxTermDays } from '@/shared/lib/term';
import { WholeNumberField } from '@/shared/ui/fields/WholeNumberField';
import { toWholeNumber } from '@/shared/lib/wholeNumber';

export interface TermValues {
  term?: 'date' | 'days';
  details?: { termDate?: string; termDays?: number | string };
}

/** The fields for a term: a last day, or a number of days. */
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

/** Returns the term of validated fields: either a date or a number of days. */
export function termOf({ term, details }: TermValues): { termDate?: string; termDays?: number } {
  const days = toWholeNumber(details?.termDays);
  if (term === 'days') return days ? { termDays: days } : {};
  return details?.termDate ? { termDate: details.termDate } : {};
}
