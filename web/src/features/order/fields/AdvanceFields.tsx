import { Form, Input } from 'antd';
import { useState } from 'react';
import { type AdvanceField, type AdvanceTexts, parsePercent, recompute, snapToShare } from '@/features/order/advance';
import { AmountField } from './AmountField';

/** The names of the fields in their form. */
export type AdvanceNames = Readonly<Record<AdvanceField, (string | number)[]>>;

const fields: readonly AdvanceField[] = ['price', 'percent', 'advance', 'remainder'];

/**
 * The fields for the price, the advance in per cent and roubles, and the remainder. When one is
 * edited, the others are recomputed. names is the same object at each render.
 */
export function AdvanceFields({ names }: { names: AdvanceNames }) {
  const form = Form.useFormInstance();
  const textOf = (field: AdvanceField) => (form.getFieldValue(names[field]) as string | undefined) ?? '';
  const updateFields = (texts: (now: AdvanceTexts) => AdvanceTexts) => {
    const now: AdvanceTexts = {
      price: textOf('price'),
      percent: textOf('percent'),
      advance: textOf('advance'),
      remainder: textOf('remainder'),
    };
    const next = texts(now);
    for (const field of fields) if (next[field] !== now[field]) form.setFieldValue(names[field], next[field]);
  };
  // When the price changes, the share or the sum stays, whichever the user entered last.
  const [entered, setEntered] = useState<AdvanceField>('percent');
  const recomputeAfter = (field: AdvanceField) => () => {
    if (field !== 'price') setEntered(field === 'percent' ? 'percent' : 'advance');
    updateFields((now) => recompute(field === 'price' ? entered : field, now));
  };
  return (
    <>
      <AmountField name={names.price} label="Стоимость работ" onEdit={recomputeAfter('price')} />
      <Form.Item
        name={names.percent}
        label="Процент аванса"
        extra="0, если работы без предоплаты; не больше двух знаков после запятой."
        required
        rules={[
          {
            validator: (_, value: string | undefined) =>
              parsePercent(value ?? '') === undefined
                ? Promise.reject(new Error('Укажите процент от 0 до 100, не больше двух знаков после запятой.'))
                : Promise.resolve(),
          },
        ]}
      >
        <Input inputMode="decimal" suffix="%" autoComplete="off" onChange={recomputeAfter('percent')} />
      </Form.Item>
      <AmountField
        name={names.advance}
        label="Сумма аванса"
        zero
        extra="Целые рубли остаются как есть, процент указывается ближайший. Сумма с копейками приводится к проценту от стоимости."
        onEdit={recomputeAfter('advance')}
        onLeave={() => updateFields(snapToShare)}
      />
      <AmountField
        name={names.remainder}
        label="Оставшаяся часть"
        zero
        onEdit={recomputeAfter('remainder')}
        onLeave={() => updateFields(snapToShare)}
      />
    </>
  );
}
