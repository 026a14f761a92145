import { Form, Input, type InputRef } from 'antd';
import type { ReactNode, Ref } from 'react';
import { parseWholeNumber, toWholeNumber } from '@/shared/lib/wholeNumber';
import { clearable } from './clearable';
import type { FieldAria } from './fieldAria';

interface InputProps extends FieldAria {
  ref?: Ref<InputRef>;
  id?: string;
  value?: number | string;
  onChange?: (value: number | string | undefined) => void;
  onBlur?: () => void;
  placeholder?: string;
}

/**
 * Edits a whole number. A text that is no number stays as it was typed, and the field's rule
 * refuses it.
 */
function WholeNumberInput({ ref, value, onChange, ...rest }: InputProps) {
  return (
    <Input
      ref={ref ?? null}
      className="field-wide"
      inputMode="numeric"
      autoComplete="off"
      allowClear={clearable}
      maxLength={20}
      value={value ?? ''}
      onChange={({ target: { value: text } }) =>
        onChange?.(text === '' ? undefined : text === text.trim() ? (parseWholeNumber(text) ?? text) : text)
      }
      {...rest}
    />
  );
}

interface Props {
  name: string | (string | number)[];
  label: string;
  min: number;
  max: number;
  /** The noun that is counted, in the genitive plural: «дней». */
  of: string;
  required?: boolean;
  /** Marks the field as required although it may be saved empty. */
  marked?: boolean;
  extra?: ReactNode;
  placeholder?: string;
}

/**
 * A form field for a whole number within bounds. An error names the value of the field, and appears
 * when the field loses the focus.
 */
export function WholeNumberField({
  name,
  label,
  min,
  max,
  of,
  required = false,
  marked = false,
  extra,
  placeholder,
}: Props) {
  const requirement = `Укажите целое число ${of}, от ${min} до ${max}.`;
  const check = (_: unknown, value: number | string | undefined): Promise<void> => {
    if (value === undefined || value === '')
      return required ? Promise.reject(new Error(requirement)) : Promise.resolve();
    const whole = toWholeNumber(value);
    if (whole !== undefined && whole >= min && whole <= max) return Promise.resolve();
    return Promise.reject(new Error(`«${String(value).trim()}» не подходит. ${requirement}`));
  };
  return (
    <Form.Item
      name={name}
      label={label}
      extra={extra}
      required={required || marked}
      rules={[{ validator: check }]}
      validateTrigger="onBlur"
    >
      <WholeNumberInput {...(placeholder && { placeholder })} />
    </Form.Item>
  );
}
