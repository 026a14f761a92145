import { Card, Checkbox, Form, Input } from 'antd';
import { AdvanceFields, type AdvanceNames } from '@/features/order/fields/AdvanceFields';
import { FilesField } from '@/features/order/fields/FilesField';
import { filledIn } from '@/shared/lib/humanText';
import { parseMoney } from '@/shared/lib/money';
import { TermDay } from '@/shared/ui/fields/DayField';
import { SwitchField } from '@/shared/ui/fields/SwitchField';
import { WholeNumberField } from '@/shared/ui/fields/WholeNumberField';

const names: AdvanceNames = {
  price: ['price'],
  percent: ['advanceBasisPoints'],
  advance: ['advance'],
  remainder: ['remainder'],
};

/** The fields about what is contracted: the works, the money, the terms, the attachment. */
export function ConditionFields({ order }: { order: string }) {
  return (
    <>
      <Card title={<h2>Предмет договора</h2>}>
        <Form.Item
          name="object"
          label="Характеристики объекта кадастровых работ"
          extra="Вид объекта, площадь, протяжённость, назначение. Адрес и кадастровые номера берутся из заказа."
          rules={[filledIn('Опишите объект кадастровых работ.')]}
        >
          <Input.TextArea maxLength={4000} rows={4} className="growing" />
        </Form.Item>
        <Form.Item name="result" label="Результат работ" extra="Например, межевой план или технический план.">
          <Input maxLength={300} />
        </Form.Item>
        <div className="contract-columns">
          <Form.Item name="number" label="Номер договора">
            <Input maxLength={60} />
          </Form.Item>
          <Form.Item name="place" label="Место заключения">
            <Input maxLength={200} />
          </Form.Item>
        </div>
      </Card>
      <Card title={<h2>Стоимость и аванс</h2>}>
        <AdvanceFields names={names} />
        <PaymentTerms />
      </Card>
      <Card title={<h2>Сроки и приёмка</h2>}>
        <TermDay name="termDate" label="Срок исполнения" />
        <AcceptanceTerm />
        <Form.Item name="registration" valuePropName="checked">
          <Checkbox>Договор предусматривает постановку на ГКУ/ГРП</Checkbox>
        </Form.Item>
        <Form.Item name="silentAcceptance" valuePropName="checked">
          <SilentAcceptance />
        </Form.Item>
      </Card>
      <Card title={<h2>Приложение</h2>}>
        <FilesField
          order={order}
          name={['attachment']}
          label="Вложение"
          extra="Необязательно: например, задание или схема. Файл будет назван в договоре и уйдёт заказчику вместе с ним."
          maxCount={1}
        />
      </Card>
    </>
  );
}

/** The terms of payment; that of the advance only if there is one. */
function PaymentTerms() {
  const advance = Form.useWatch<string | undefined>('advance');
  return (
    <div className="contract-columns">
      {(parseMoney(advance ?? '') ?? 0) > 0 && (
        <WholeNumberField
          name="prepaymentDays"
          label="Срок уплаты аванса, рабочих дней"
          of="рабочих дней"
          min={1}
          max={365}
          required
        />
      )}
      <WholeNumberField
        name="paymentDays"
        label="Срок оплаты, рабочих дней"
        of="рабочих дней"
        min={1}
        max={365}
        required
      />
    </div>
  );
}

/** The shortest term after which silence accepts the works, in working days. */
const minSilence = 3;

function AcceptanceTerm() {
  const silent = Form.useWatch<boolean | undefined>('silentAcceptance');
  return (
    <WholeNumberField
      name="acceptanceDays"
      label="Срок приёмки, рабочих дней"
      of="рабочих дней"
      min={silent ? minSilence : 1}
      max={365}
      required
    />
  );
}

interface SwitchProps {
  checked?: boolean;
  onChange?: (checked: boolean) => void;
}

function SilentAcceptance({ checked = false, onChange }: SwitchProps) {
  return (
    <SwitchField
      label="Приёмка по умолчанию, если заказчик молчит"
      note={
        checked
          ? 'Если заказчик за срок приёмки не ответит, результаты считаются принятыми.'
          : 'Результаты считаются принятыми, только когда заказчик их примет.'
      }
      checked={checked}
      onChange={(next) => onChange?.(next)}
    />
  );
}
