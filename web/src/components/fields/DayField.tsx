import './fields.css';
import { DatePicker, type GetRef } from 'antd';
import dayjs from 'dayjs';
import 'dayjs/locale/ru';
import type { Ref } from 'react';
import type { FieldAria } from './fieldAria';

dayjs.locale('ru');

interface Props extends FieldAria {
  ref?: Ref<GetRef<typeof DatePicker>>;
  id?: string;
  value?: string;
  onChange?: (day: string | undefined) => void;
  /** Leaves out the days before today. */
  future?: boolean;
}

/** A calendar day as «2026-11-24»: a day has no time zone. It can be typed or chosen. */
export function DayField({ ref, id, value, onChange, future = false, ...aria }: Props) {
  const day = value ? dayjs(value) : null;
  return (
    <DatePicker
      ref={ref ?? null}
      id={id}
      className="field-wide"
      format={['DD.MM.YYYY', 'D.M.YYYY', 'YYYY-MM-DD']}
      placeholder="дд.мм.гггг"
      value={day?.isValid() ? day : null}
      // What is no day stays to be mended; the field's rule says what is wrong with it.
      preserveInvalidOnBlur
      onChange={(next) => onChange?.(next ? next.format('YYYY-MM-DD') : undefined)}
      {...(future && { minDate: dayjs().startOf('day') })}
      {...aria}
    />
  );
}
