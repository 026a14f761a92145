import { Input, type InputRef } from 'antd';
import type { Ref } from 'react';
import type { FieldAria } from '@/shared/ui/fields/fieldAria';
import { cadastralList, maskCadastral } from './cadastral';

interface Props extends FieldAria {
  ref?: Ref<InputRef>;
  id?: string;
  value?: string;
  onChange?: (number: string) => void;
  label: string;
  /**
   * Called with a list of numbers that was pasted or typed; returns whether there was room for all
   * of them.
   */
  onList: (numbers: string[]) => boolean;
}

/**
 * An input for a cadastral number that adds the colons itself. It does not reformat while a number
 * is edited in the middle.
 */
export function CadastralInput({ ref, id, value, onChange, label, onList, ...aria }: Props) {
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
      maxLength={4000}
      onChange={({ target }) => {
        const atEnd = target.selectionStart === target.value.length;
        const shorter = target.value.length < (value ?? '').length;
        onChange?.(atEnd && !shorter ? maskCadastral(target.value) : target.value);
      }}
      onPaste={(event) => {
        const text = event.clipboardData.getData('text');
        const numbers = cadastralList(text);
        const taken = numbers.length > 0 && !value && onList(numbers);
        // A single-line input would join the lines of a list without a space.
        if (!taken && /\S\s*[\r\n\t]\s*\S/.test(text))
          onChange?.([value, text.trim().replace(/\s+/g, ' ')].filter(Boolean).join(' '));
        else if (!taken) return;
        event.preventDefault();
      }}
      onBlur={() => {
        const numbers = cadastralList(value ?? '');
        if (value && !(numbers.length > 0 && onList(numbers))) onChange?.(maskCadastral(value));
      }}
    />
  );
}
