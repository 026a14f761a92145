import type { FormInstance } from 'antd';

/** All values of a form, those without a field on the page too. Ant Design types them as any. */
export function allValues<Values>(form: FormInstance<Values>): Values {
  return form.getFieldsValue(true) as Values;
}
