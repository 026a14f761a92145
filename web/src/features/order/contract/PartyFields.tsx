import { Card, Checkbox, Form, Input } from 'antd';
import { customerKindName } from '@/features/order/labels';
import { filledIn } from '@/shared/lib/humanText';
import { Facts } from '@/shared/ui/Facts';
import type { ContractDefaults } from './queries';
import type { ContractValues } from './values';

const actsBy = 'Устав, доверенность, приказ, лист записи ЕГРИП — с номером и датой, если они есть.';

/** The fields about who contracts: the performer, and who acts for a customer's organisation. */
export function PartyFields({ defaults }: { defaults: ContractDefaults }) {
  return (
    <>
      <Card title={<h2>Исполнитель</h2>}>
        <Performer defaults={defaults} />
      </Card>
      <Card title={<h2>Заказчик</h2>}>
        <Facts
          items={[
            ['Заказчик', defaults.customer],
            ['Кто это', customerKindName(defaults.customerKind)],
          ]}
        />
        {defaults.customerKind === 'organisation' && <CustomerRepresentative />}
      </Card>
    </>
  );
}

function Performer({ defaults: { performer, performerKind } }: { defaults: ContractDefaults }) {
  const chosen = Form.useWatch<ContractValues['representative'] | undefined>('representative');
  const organisation = performerKind === 'organisation';
  const represented = organisation || chosen === true;
  return (
    <>
      <Facts
        items={[
          ['Исполнитель', performer || 'не указан'],
          ['Кто это', performerKind && customerKindName(performerKind)],
        ]}
      />
      <div className="contract-fields">
        {!organisation && (
          <Form.Item name="representative" valuePropName="checked">
            <Checkbox>Договор подписывает представитель исполнителя</Checkbox>
          </Form.Item>
        )}
        {represented && (
          <>
            <Form.Item
              name="representativeName"
              label="ФИО представителя"
              rules={[filledIn('Укажите ФИО представителя исполнителя.')]}
            >
              <Input maxLength={200} />
            </Form.Item>
            <Form.Item name="representativePosition" label="Должность представителя">
              <Input maxLength={200} />
            </Form.Item>
          </>
        )}
        <Form.Item
          name="basis"
          label="Действующего на основании"
          extra={actsBy}
          rules={[filledIn('Укажите, на основании чего действует исполнитель.')]}
        >
          <Input maxLength={300} />
        </Form.Item>
        <div className="contract-columns">
          <Form.Item
            name="email"
            label="Электронная почта"
            rules={[filledIn('Укажите электронную почту исполнителя.')]}
          >
            <Input maxLength={254} inputMode="email" autoComplete="email" />
          </Form.Item>
          <Form.Item name="phone" label="Телефон" rules={[filledIn('Укажите телефон исполнителя.')]}>
            <Input maxLength={60} inputMode="tel" autoComplete="tel" />
          </Form.Item>
        </div>
      </div>
    </>
  );
}

function CustomerRepresentative() {
  return (
    <div className="contract-fields">
      <Form.Item
        name="customerRepresentative"
        label="Кто действует от имени заказчика"
        rules={[filledIn('Укажите, кто действует от имени заказчика.')]}
      >
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item name="customerPosition" label="Его должность">
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item
        name="customerBasis"
        label="На основании чего он действует"
        extra={actsBy}
        rules={[filledIn('Укажите, на основании чего действует представитель заказчика.')]}
      >
        <Input maxLength={300} />
      </Form.Item>
    </div>
  );
}
