import { Checkbox, Form, Input } from 'antd';
import { CodedSelect } from '@/shared/ui/fields/CodedSelect';
import { workKinds } from '@/shared/api/reference';

/** The fields for the work and the object. */
export function WorkFields() {
  return (
    <section className="form-part" aria-labelledby="form-work">
      <h2 id="form-work">Работа</h2>
      <Form.Item
        name={['details', 'workKind']}
        label="Вид кадастровых работ"
        rules={[{ required: true, message: 'Выберите вид работ.' }]}
      >
        <CodedSelect list={workKinds} placeholder="Выберите вид работ" />
      </Form.Item>
      <Form.Item
        name={['details', 'registration']}
        valuePropName="checked"
        extra="Исполнитель подаст документы в Росреестр и передаст вам результат."
      >
        <Checkbox>Нужна постановка на ГКУ/ГРП</Checkbox>
      </Form.Item>
      <Form.Item
        name={['text', 'object']}
        label="Характеристики объекта кадастровых работ"
        extra="Площадь, назначение, этажность, что есть на участке."
      >
        <Input.TextArea rows={2} className="growing" maxLength={4000} />
      </Form.Item>
      <Form.Item name={['text', 'description']} label="Описание заказа">
        <Input.TextArea rows={3} className="growing" maxLength={10000} />
      </Form.Item>
    </section>
  );
}
