import { Input, type InputRef } from 'antd';
import type { Ref } from 'react';
import type { FieldAria } from '../../../components/fields/fieldAria';
import { maskCadastral } from './cadastral';

interface Props extends FieldAria {
  ref?: Ref<InputRef>;
  id?: string;
  value?: string;
  onChange?: (number: string) => void;
  label: string;
}

/** A cadastral number whose colons come by themselves. Inside a number that is there already nothing jumps while it is mended. */
export function CadastralInput({ ref, id, value, onChange, label, ...aria }: Props) {
  return (
    <Input
      ref={ref ?? null}
      id={id}
      value={value}
      aria-label={label}
      {...aria}
      placeholder="77:01:0001001:12"
      inputMode="text"
      autoComplete="off"
      maxLength={60}
      onChange={({ target }) => {
        const atEnd = target.selectionStart === target.value.length;
        const shorter = target.value.length < (value ?? '').length;
        onChange?.(atEnd && !shorter ? maskCadastral(target.value) : target.value);
      }}
      onBlur={() => {
        if (value) onChange?.(maskCadastral(value));
      }}
    />
  );
}
