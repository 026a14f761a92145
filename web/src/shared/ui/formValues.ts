import type { FormInstance } from 'antd';

/**
 * Returns all values of a form, also those without a field on the page. Ant Design types them as
 * any.
 */
export function allValues<Values>(form: FormInstance<Values>): Values {
  return form.getFieldsValue(true) as Values;
}
