import './fields.css';
import { DatePicker, Form, type GetRef } from 'antd';
import dayjs from 'dayjs';
import 'dayjs/locale/ru';
import { type Ref, type SyntheticEvent, useEffect, useState } from 'react';
import { dayProblem, isDay, parseDay } from '@/shared/lib/dates';
import { termBounds, termDayProblem } from '@/shared/lib/term';
import type { FieldAria } from './fieldAria';

dayjs.locale('ru');

interface Props extends FieldAria {
  ref?: Ref<GetRef<typeof DatePicker>>;
  id?: string;
  value?: string;
  onChange?: (day: string | undefined) => void;
  /** Restricts the picker to days that a term may end on. */
  future?: boolean;
}

/**
 * Edits a calendar day, «2026-11-24», which has no time zone. The day can be typed or picked. A
 * typed text is the value at once, even if it is no valid day, and the field's rule refuses it. So
 * a form is never sent with another day than the field shows.
 */
function DayField({ ref, id, value, onChange, future = false, ...aria }: Props) {
  // The picker would replace the text being typed if its day were cleared, so it keeps the last
  // valid day.
  const [lastValid, setLastValid] = useState<string>();
  const shown = value && isDay(value) ? value : lastValid;
  const day = shown ? dayjs(shown) : null;
  const handleInput = ({ target }: SyntheticEvent) => {
    const { value: text } = target as HTMLInputElement;
    const parsed = parseDay(text);
    setLastValid(parsed || !text ? undefined : shown);
    onChange?.(parsed ?? (text || undefined));
  };
  // An invalid text that was typed before the field was mounted cannot be shown again, so it is
  // dropped.
  useEffect(() => {
    if (value && !isDay(value)) onChange?.(undefined);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- only the value at mount is checked
  }, []);
  const [first, last] = termBounds(new Date());
  return (
    <div onInput={handleInput}>
      <DatePicker
        ref={ref ?? null}
        id={id}
        className="field-wide"
        format={['DD.MM.YYYY', 'D.M.YYYY']}
        placeholder="дд.мм.гггг"
        value={day?.isValid() ? day : null}
        // An invalid day stays in the field, where the rule explains it.
        preserveInvalidOnBlur
        onChange={(next) => {
          setLastValid(undefined);
          onChange?.(next ? next.format('YYYY-MM-DD') : undefined);
        }}
        {...(future && { minDate: dayjs(first), maxDate: dayjs(last) })}
        {...aria}
      />
    </div>
  );
}

interface ItemProps {
  name: string | string[];
  label: string;
  extra?: string;
}

const toValidation = (problem: string | undefined) =>
  problem ? Promise.reject(new Error(problem)) : Promise.resolve();

/**
 * An optional day, as in filters. An invalid day is reported when the field loses the focus or the
 * form is sent. marked shows the field as required although it may be saved empty.
 */
export function OptionalDay({ name, label, extra, marked = false }: ItemProps & { marked?: boolean }) {
  return (
    <Form.Item
      name={name}
      label={label}
      extra={extra}
      required={marked}
      rules={[{ validator: (_, value?: string) => toValidation(dayProblem(value)) }]}
      validateTrigger="onBlur"
    >
      <DayField />
    </Form.Item>
  );
}

/** A required day for the end of a term. */
export function TermDay({ name, label }: ItemProps) {
  return (
    <Form.Item
      name={name}
      label={label}
      required
      rules={[{ validator: (_, value?: string) => toValidation(termDayProblem(value, new Date())) }]}
      validateTrigger="onBlur"
    >
      <DayField future />
    </Form.Item>
  );
}
