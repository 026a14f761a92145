import './fields.css';
import { DatePicker, Form, type GetRef } from 'antd';
import dayjs from 'dayjs';
import 'dayjs/locale/ru';
import { type Ref, type SyntheticEvent, useState } from 'react';
import { dayProblem, isDay, parseDay, platformDay } from '../../lib/dates';
import type { FieldAria } from './fieldAria';

dayjs.locale('ru');

interface Props extends FieldAria {
  ref?: Ref<GetRef<typeof DatePicker>>;
  id?: string;
  value?: string;
  onChange?: (day: string | undefined) => void;
  /** A term: leaves out the days before the platform's today, and those that are further away than the platform takes. */
  future?: boolean;
  /** What is no day is the value as it was typed, for the field's rule to refuse. */
  asTyped?: boolean;
}

/** The longest term that the platform takes, in days: about ten years. */
export const maxTermDays = 3650;

/**
 * A calendar day as «2026-11-24»: a day has no time zone. It can be typed or chosen. What is typed is the value at once, and no
 * day means no value: a form that is sent without leaving the field sends what stands there.
 */
export function DayField({ ref, id, value, onChange, future = false, asTyped = false, ...aria }: Props) {
  const today = dayjs(platformDay(new Date()));
  const latest = today.add(maxTermDays, 'day');
  // The picker would replace what is being typed if its own day went away.
  const [before, setBefore] = useState<string>();
  const shown = value && isDay(value) ? value : before;
  const day = shown ? dayjs(shown) : null;
  const typed = ({ target }: SyntheticEvent) => {
    const { value: text } = target as HTMLInputElement;
    const parsed = parseDay(text);
    const taken = parsed && !(future && (dayjs(parsed).isBefore(today) || dayjs(parsed).isAfter(latest))) ? parsed : undefined;
    setBefore(taken || !text ? undefined : shown);
    onChange?.(taken ?? (asTyped && text ? text : undefined));
  };
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
        {...(future && { minDate: today, maxDate: latest })}
        {...aria}
      />
    </div>
  );
}

interface ItemProps {
  name: string;
  label: string;
  extra?: string;
}

/** A day that may be left out, as filters have it. Its error speaks of what stands there, when the field is left or sent. */
export function OptionalDay({ name, label, extra }: ItemProps) {
  const check = (_: unknown, value: string | undefined): Promise<void> => {
    const problem = dayProblem(value);
    return problem ? Promise.reject(new Error(problem)) : Promise.resolve();
  };
  return (
    <Form.Item name={name} label={label} extra={extra} rules={[{ validator: check }]} validateTrigger="onBlur">
      <DayField asTyped />
    </Form.Item>
  );
}
