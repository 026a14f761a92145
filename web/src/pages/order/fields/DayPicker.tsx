import { DatePicker } from 'antd';
import dayjs from 'dayjs';

interface Props {
  id?: string;
  value?: string;
  onChange?: (day: string | undefined) => void;
}

/** A day from today on, as «2026-11-24»: a day has no time zone. */
export function DayPicker({ id, value, onChange }: Props) {
  return (
    <DatePicker
      id={id}
      className="wide"
      format="DD.MM.YYYY"
      placeholder="дд.мм.гггг"
      value={value ? dayjs(value) : null}
      onChange={(day) => onChange?.(day ? day.format('YYYY-MM-DD') : undefined)}
      minDate={dayjs().startOf('day')}
    />
  );
}
