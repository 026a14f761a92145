import { Form, Input } from 'antd';
import { parseMoney } from '@/shared/lib/money';

interface Props {
  name: (string | number)[];
  label: string;
  extra?: string;
  /** Whether 0 is allowed. */
  zero?: boolean;
  onEdit?: () => void;
  onLeave?: () => void;
}

/** A field for an amount in roubles. The value is the typed text, which parseMoney parses. */
export function AmountField({ name, label, extra, zero = false, onEdit, onLeave }: Props) {
  return (
    <Form.Item
      name={name}
      label={label}
      extra={extra}
      required
      rules={[
        {
          validator: (_, value: string | undefined) => {
            const kopecks = parseMoney(value ?? '');
            if (kopecks === undefined)
              return Promise.reject(new Error('Укажите сумму в рублях, например 25 000 или 25 000,50.'));
            return kopecks > 0 || zero
              ? Promise.resolve()
              : Promise.reject(new Error('Сумма должна быть больше нуля.'));
          },
        },
      ]}
    >
      <Input inputMode="decimal" suffix="₽" autoComplete="off" onChange={onEdit} onBlur={onLeave} />
    </Form.Item>
  );
}

/** Returns the kopecks of a validated field. */
export function kopecksOf(text: string | undefined): number {
  const kopecks = parseMoney(text ?? '');
  if (kopecks === undefined) throw new Error('a form was sent with an amount that is none');
  return kopecks;
}
