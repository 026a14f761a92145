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
  /** The picker offers no other days than a term may end on. */
  future?: boolean;
}

/**
 * A calendar day as «2026-11-24»: a day has no time zone. It can be typed or chosen. What is typed is the value at once, also what is no
 * day or none that will do: it stays for the field's rule to refuse, so that a form is never sent with another day than stands there.
 */
function DayField({ ref, id, value, onChange, future = false, ...aria }: Props) {
  // The picker would replace what is being typed if its own day went away.
  const [before, setBefore] = useState<string>();
  const shown = value && isDay(value) ? value : before;
  const day = shown ? dayjs(shown) : null;
  const typed = ({ target }: SyntheticEvent) => {
    const { value: text } = target as HTMLInputElement;
    const parsed = parseDay(text);
    setBefore(parsed || !text ? undefined : shown);
    onChange?.(parsed ?? (text || undefined));
  };
  // What was typed before the field was there and is no day cannot be shown again.
  useEffect(() => {
    if (value && !isDay(value)) onChange?.(undefined);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- what is typed later stays, whatever it is
  }, []);
  const [first, last] = termBounds(new Date());
  return (
    <div onInput={typed}>
      <DatePicker
        ref={ref ?? null}
        id={id}
        className="field-wide"
        format={['DD.MM.YYYY', 'D.M.YYYY']}
        placeholder="дд.мм.гггг"
        value={day?.isValid() ? day : null}
        // What is no day stays to be mended; the field's rule says what is wrong with it.
        preserveInvalidOnBlur
        onChange={(next) => {
          setBefore(undefined);
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

const refuse = (problem: string | undefined) => (problem ? Promise.reject(new Error(problem)) : Promise.resolve());

/** A day that may be left out, as filters have it. Its error speaks of what stands there, when the field is left or sent. */
export function OptionalDay({ name, label, extra }: ItemProps) {
  return (
    <Form.Item
      name={name}
      label={label}
      extra={extra}
      rules={[{ validator: (_, value?: string) => refuse(dayProblem(value)) }]}
      validateTrigger="onBlur"
    >
      <DayField />
    </Form.Item>
  );
}

/** The last day of a term. */
export function TermDay({ name, label }: ItemProps) {
  return (
    <Form.Item
      name={name}
      label={label}
      required
      rules={[{ validator: (_, value?: string) => refuse(termDayProblem(value, new Date())) }]}
      validateTrigger="onBlur"
    >
      <DayField future />
    </Form.Item>
  );
}
