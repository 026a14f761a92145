import type { FormInstance } from 'antd';

/**
 * Returns all values of a form, also those without a field on the page. Ant Design types them as
 * any.
 */
export function allValues<Values>(form: FormInstance<Values>): Values {
  return form.getFieldsValue(true) as Values;
}

/**
 * Replaces all values of a form. Ant Design's setFieldsValue merges nested values, so that what is
 * absent from the new ones would stay.
 */
export function replaceValues<Values extends object>(form: FormInstance<Values>, values: Values): void {
  const names = new Set([...Object.keys(allValues(form)), ...Object.keys(values)]);
  const replaced = [...names].map((name) => ({ name: [name], value: (values as Record<string, unknown>)[name] }));
  form.setFields(replaced as unknown as Parameters<FormInstance<Values>['setFields']>[0]);
}

/**
 * Removes the API's messages at changed fields, because they have no rule that would clear them.
 */
export function clearErrors(form: FormInstance, changed: object): void {
  const has = (name: readonly (string | number)[]) =>
    name.reduce<unknown>((value, key) => (value as Record<string | number, unknown> | undefined)?.[key], changed) !==
    undefined;
  for (const { name, errors } of form.getFieldsError()) {
    if (errors.length > 0 && has(name)) form.setFields([{ name, errors: [] }]);
  }
}
