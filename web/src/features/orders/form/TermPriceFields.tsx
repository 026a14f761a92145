import { Checkbox, Form, Input, Radio } from 'antd';
import { TermDay } from '@/shared/ui/fields/DayField';
import { maxTermDays } from '@/shared/lib/term';
import { WholeNumberField } from '@/shared/ui/fields/WholeNumberField';
import { parseMoney } from '@/shared/lib/money';
import { isFilled } from '@/shared/lib/humanText';

/** The fields for the term and the price. */
export function TermPriceFields() {
  const byDate = Form.useWatch('termBy') === 'date';
  return (
    <section className="form-part" aria-labelledby="form-terms">
      <h2 id="form-terms">Срок и стоимость</h2>
      <div className="form-columns">
        <Form.Item name="termBy" label="Как указать срок">
          <Radio.Group
            options={[
              { value: 'days', label: 'в днях' },
              { value: 'date', label: 'до даты' },
            ]}
          />
        </Form.Item>
        {byDate ? (
          <TermDay key="date" name={['details', 'termDate']} label="Выполнить до даты" />
        ) : (
          <WholeNumberField
            key="days"
            name={['details', 'termDays']}
            label="Сколько дней на работу"
            of="дней"
            min={1}
            max={maxTermDays}
            required
          />
        )}
        <Form.Item
          name={['details', 'price']}
          label="Стоимость, рублей"
          extra="Необязательно: исполнители предложат свою."
          rules={[{ validator: checkPrice }]}
          validateTrigger="onBlur"
        >
          <Input inputMode="decimal" autoComplete="off" suffix="₽" maxLength={20} />
        </Form.Item>
      </div>
      <Form.Item name={['details', 'prepayment']} valuePropName="checked">
        <Checkbox>Согласен на предоплату</Checkbox>
      </Form.Item>
    </section>
  );
}

function checkPrice(_: unknown, text: string | undefined): Promise<void> {
  if (!isFilled(text)) return Promise.resolve();
  const kopecks = parseMoney(text);
  if (kopecks === undefined) return Promise.reject(new Error('Укажите сумму в рублях, например 15 000 или 15 000,50.'));
  return kopecks > 0
    ? Promise.resolve()
    : Promise.reject(new Error('Сумма должна быть больше нуля. Если цены нет, оставьте поле пустым.'));
}
