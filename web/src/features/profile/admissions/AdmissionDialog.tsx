import { App as AntdApp, Button, Checkbox, Form, Modal } from 'antd';
import { useState } from 'react';
import { useDraft } from '@/shared/auth/useDraft';
import { useProblem } from '@/shared/ui/useProblem';
import { type Admission, type OrganisationPerson, useAdmissionDecision } from './queries';
import { rolesOf, type Verb, verbs } from './labels';

interface Props {
  row: OrganisationPerson;
  verb: Verb;
  /** Whether there is more than one role to admit to. */
  choice: boolean;
  onClosed: () => void;
}

interface Values {
  roles?: (keyof Admission)[];
}

const none: Admission = { customer: false, employer: false };

/**
 * Asks for confirmation of a decision on one person. What was chosen is kept through a refusal and
 * a sign-in in between.
 */
export function AdmissionDialog({ row, verb, choice, onClosed }: Props) {
  const [{ person, name, customer, employer }] = useState(row);
  const [open, setOpen] = useState(true);
  const [form] = Form.useForm<Values>();
  const { saved, save, drop } = useDraft<Values>(`admission.${person}.${verb}`);
  const problem = useProblem(form);
  const decision = useAdmissionDecision(person);
  const { message } = AntdApp.useApp();
  const { button, done } = verbs[verb];
  const withdraws = verb === 'withdraw';
  const currentRoles = (['customer', 'employer'] as const).filter((role) => ({ customer, employer })[role]);
  const close = () => setOpen(false);
  const send = ({ roles = choice ? [] : ['customer'] }: Values) => {
    problem.clear();
    const admission = withdraws ? none : { customer: roles.includes('customer'), employer: roles.includes('employer') };
    decision.mutateAsync(admission).then(() => {
      drop();
      void message.success(`${done}: ${name}`);
      close();
    }, problem.show);
  };
  return (
    <Modal
      open={open}
      title={`${button}: ${name}`}
      onCancel={close}
      afterClose={onClosed}
      mask={{ closable: false }}
      destroyOnHidden
      footer={
        <>
          <Button onClick={close}>{withdraws ? 'Не отзывать' : 'Закрыть'}</Button>
          <Button type="primary" danger={withdraws} loading={decision.isPending} onClick={() => form.submit()}>
            {button}
          </Button>
        </>
      }
    >
      <Form
        form={form}
        layout="vertical"
        onFinish={send}
        onValuesChange={(_, all: Values) => save(all)}
        initialValues={saved ?? { roles: currentRoles }}
      >
        {withdraws ? (
          <p>
            Сотрудник сразу потеряет право действовать от имени организации и получит уведомление. Заказы организации
            останутся, вести их сможете вы и другие допущенные.
          </p>
        ) : (
          <>
            {choice ? (
              <Form.Item
                name="roles"
                label="Что сотрудник сможет делать от имени организации"
                rules={[
                  {
                    required: true,
                    type: 'array',
                    min: 1,
                    message: 'Выберите хотя бы одну роль. Чтобы убрать все, отзовите допуск.',
                  },
                ]}
              >
                <Checkbox.Group options={roleOptions} />
              </Form.Item>
            ) : (
              <p>
                Сотрудник сможет вести заказы от имени организации в роли «{rolesOf({ ...none, customer: true })[0]}».
              </p>
            )}
            <p className="note">
              Подписывать договор и акт за организацию допуск не разрешает: это делает руководитель.
            </p>
          </>
        )}
        {problem.alert}
      </Form>
    </Modal>
  );
}

const roleOptions = (['customer', 'employer'] as const).map((role) => ({
  value: role,
  label: rolesOf({ ...none, [role]: true })[0] ?? '',
}));
