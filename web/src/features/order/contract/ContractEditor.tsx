import { Alert, App as AntdApp, Button, Form } from 'antd';
import { useState } from 'react';
import { BusyUploads, useBusyUploads } from '@/features/order/fields/busyUploads';
import { startOf } from '@/features/order/generated/start';
import { StartNotice } from '@/features/order/generated/StartNotice';
import { useDraft } from '@/shared/auth/useDraft';
import { allValues, clearErrors, replaceValues } from '@/shared/ui/formValues';
import { useProblem } from '@/shared/ui/useProblem';
import { ConditionFields } from './ConditionFields';
import { MissingRequisites } from '@/features/order/parts/MissingRequisites';
import { PartyFields } from './PartyFields';
import { type ContractDefaults, type GeneratedDocument, useGenerateContract } from './queries';
import { type ContractValues, formOf, valuesOf } from './values';

interface Props {
  order: string;
  defaults: ContractDefaults;
  /** The generated contract that is shown instead, if there is one. */
  onBack: (() => void) | undefined;
  onGenerated: (document: GeneratedDocument) => void;
}

/**
 * The form of a generated contract, filled in by the platform. What was typed stays on the device,
 * also for the next contract of the order; on another device the form begins with the last contract.
 */
export function ContractEditor({ order, defaults, onBack, onGenerated }: Props) {
  const [form] = Form.useForm<ContractValues>();
  const { saved, save, drop } = useDraft<ContractValues>(`contract.${order}`);
  const [start] = useState(() =>
    startOf({
      draft: saved,
      last: defaults.last && valuesOf(defaults.last, defaults.lastAttachment),
      filled: valuesOf(defaults.form),
    }),
  );
  const [origin, setOrigin] = useState(start.origin);
  const { modal } = AntdApp.useApp();
  const problem = useProblem(form);
  const { busy, report } = useBusyUploads();
  const generating = useGenerateContract(order);
  const { sent } = defaults;

  const generate = (withdrawSent: boolean) => {
    problem.clear();
    const values = allValues(form);
    save(values);
    generating.mutate({ form: formOf(values), withdrawSent }, { onSuccess: onGenerated, onError: problem.show });
  };
  const submit = () => {
    if (busy || generating.isPending) return; // Enter submits even if the button is disabled
    if (!sent) return generate(false);
    void modal.confirm({
      title: 'Отозвать отправленный договор?',
      content:
        'Договор, который сейчас у заказчика, будет отозван, ваша подпись под ним перестанет действовать. Новый договор нужно будет подписать и отправить.',
      okText: 'Отозвать и сформировать',
      okButtonProps: { danger: true },
      cancelText: 'Не отзывать',
      onOk: () => generate(true),
    });
  };
  const reset = () => {
    drop();
    replaceValues(form, valuesOf(defaults.form));
    setOrigin('platform');
    problem.clear();
  };
  return (
    <Form<ContractValues>
      form={form}
      layout="vertical"
      className="stack"
      aria-label="Условия договора"
      initialValues={start.values}
      onValuesChange={(changed: object) => {
        clearErrors(form, changed);
        queueMicrotask(() => save(allValues(form))); // after the dependent amounts
      }}
      onFinish={submit}
      scrollToFirstError={{ block: 'center', focus: true }}
    >
      <MissingRequisites {...defaults} />
      <StartNotice origin={origin} onReset={reset} />
      <BusyUploads value={report}>
        <PartyFields defaults={defaults} />
        <ConditionFields order={order} />
      </BusyUploads>
      {problem.alert}
      <div className="sticky-buttons">
        <Button type="primary" htmlType="submit" loading={generating.isPending} disabled={busy}>
          Сформировать договор
        </Button>
        {onBack && <Button onClick={onBack}>Вернуться к сформированному</Button>}
        {busy && <span className="note">Дождитесь окончания загрузки файлов.</span>}
      </div>
    </Form>
  );
}

/** Why a contract was not made, where its document says so. */
export function FailedNotice({ document }: { document: GeneratedDocument }) {
  return <Alert type="error" showIcon role="alert" title="Договор не сформирован" description={document.problem} />;
}
