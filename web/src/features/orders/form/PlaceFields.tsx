import { Form, Input } from 'antd';
import { CodedSelect } from '@/shared/ui/fields/CodedSelect';
import { regions } from '@/shared/api/reference';
import { CadastralNumbers } from './CadastralNumbers';
import { CityField } from './CityField';
import { filledIn } from '@/shared/lib/humanText';

/**
 * The fields for the place of the object, down to the street. onFilled is called when one field
 * fills another.
 */
export function PlaceFields({ onFilled }: { onFilled: () => void }) {
  const form = Form.useFormInstance();
  const region = Form.useWatch<string | undefined>(['details', 'region'], form);
  const fillRegion = (code: string) => {
    if (region === code) return;
    form.setFieldValue(['details', 'region'], code);
    onFilled();
  };
  return (
    <section className="form-part" aria-labelledby="form-place">
      <h2 id="form-place">Место</h2>
      <div className="form-columns">
        <Form.Item
          name={['details', 'region']}
          label="Регион"
          rules={[{ required: true, message: 'Выберите регион.' }]}
        >
          <CodedSelect list={regions} placeholder="Выберите или начните вводить" />
        </Form.Item>
        <Form.Item name={['text', 'city']} label="Населенный пункт">
          <CityField region={region} onRegion={fillRegion} />
        </Form.Item>
        <Form.Item name={['text', 'street']} label="Улица">
          <Input maxLength={200} autoComplete="off" />
        </Form.Item>
      </div>
      <Form.Item
        name={['text', 'address']}
        label="Адрес или описание места"
        rules={[filledIn('Укажите адрес или опишите место.')]}
        extra="Исполнители увидят его при поиске. Достаточно адреса до улицы."
      >
        <Input.TextArea rows={2} className="growing" maxLength={1000} />
      </Form.Item>
      <CadastralNumbers />
    </section>
  );
}
