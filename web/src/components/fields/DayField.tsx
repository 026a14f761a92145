import './fields.css';
import { DatePicker, type GetRef } from 'antd';
import dayjs from 'dayjs';
import 'dayjs/locale/ru';
import { type Ref, type SyntheticEvent, useState } from 'react';
import { parseDay, platformDay } from '../../lib/dates';
import type { FieldAria } from './fieldAria';

dayjs.locale('ru');

interface Props extends FieldAria {
  ref?: Ref<GetRef<typeof DatePicker>>;
  id?: string;
  value?: string;
  onChange?: (day: string | undefined) => void;
  /** A term: leaves out the days before the platform's today, and those that are further away than the platform takes. */
  future?: boolean;
}

/** The longest term that the platform takes, in days: about ten years. */
export const maxTermDays = 3650;

/**
 * A calendar day as «2026-11-24»: a day has no time zone. It can be typed or chosen. What is typed is the value at once, and no
 * day means no value: a form that is sent without leaving the field sends what stands there.
 */
export function DayField({ ref, id, value, onChange, future = false, ...aria }: Props) {
  const today = dayjs(platformDay(new Date()));
  const latest = today.add(maxTermDays, 'day');
  // The picker would replace what is being typed if its own day went away.
  const [before, setBefore] = useState<string>();
  const shown = value ?? before;
  const day = shown ? dayjs(shown) : null;
  const typed = ({ target }: SyntheticEvent) => {
    const { value: text } = target as HTMLInputElement;
    const parsed = parseDay(text);
    const taken = parsed && !(future && (dayjs(parsed).isBefore(today) || dayjs(parsed).isAfter(latest))) ? parsed : undefined;
    setBefore(taken || !text ? undefined : shown);
    onChange?.(taken);
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
