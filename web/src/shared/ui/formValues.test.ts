import { FormStore } from '@rc-component/form/es/hooks/useForm';
import type { FormInstance } from 'antd';
import { describe, expect, it } from 'vitest';
import { allValues, replaceValues } from './formValues';

interface Values {
  works?: Record<string, { on?: boolean; price?: string }>;
  since?: number;
  name?: string;
}

const formWith = (values: Values): FormInstance<Values> => {
  const form = new FormStore(() => undefined).getForm() as unknown as FormInstance<Values>;
  form.setFieldsValue(values);
  return form;
};

describe('the replacement of the values of a form', { meta: { covers: ['R-KPROF-1'] } }, () => {
  it('keeps nothing of what is absent from the new values, at any depth', () => {
    const form = formWith({ works: { a: { on: true, price: '1' }, b: { on: true } }, since: 2001, name: 'старое' });
    replaceValues(form, { works: { b: { on: true, price: '2' } }, name: '' });
    expect(allValues(form)).toEqual({ works: { b: { on: true, price: '2' } }, since: undefined, name: '' });
  });
});
