import { useQuery } from '@tanstack/react-query';
import { App as AntdApp, Button, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { ProblemError } from '@/shared/api/problem';
import { useDraft } from '@/shared/auth/useDraft';
import { replaceValues } from '@/shared/ui/formValues';
import { useFocusReturn } from '@/shared/ui/useFocusReturn';
import { useProblem } from '@/shared/ui/useProblem';
import { ConflictNotice, differing, savedElsewhere } from '@/features/profile/ConflictNotice';
import { fieldLabels } from './labels';
import { bankQuery, type Requisites, type RequisiteValues, useSaveRequisites } from './queries';
import { digits, entered, valuesOf } from './values';

interface Props {
  /** The requisites as they stand now. */
  current: Requisites;
  onClosed: () => void;
}

/** What was typed, and the version on which it is based. */
interface Draft {
  version: number;
  values: Partial<RequisiteValues>;
}

/** Changes the requisites. What was typed is kept through a refusal, a reload and a sign-in. */
export function RequisitesDialog({ current, onClosed }: Props) {
  useFocusReturn();
  const [form] = Form.useForm<RequisiteValues>();
  const { saved: draft, save: saveDraft, drop } = useDraft<Draft>(`requisites.${current.kind ?? ''}.${current.owner}`);
  // The version on which the form is based; after a conflict the one that was shown then.
  const [version, setVersion] = useState(draft?.version ?? current.version);
  const [conflict, setConflict] = useState(false);
  const [open, setOpen] = useState(true);
  const problem = useProblem(form);
  const saving = useSaveRequisites();
  const { message } = AntdApp.useApp();
  const typed = Form.useWatch([], form) as Partial<RequisiteValues> | undefined;
  const given = (field: 'inn' | 'kpp' | 'address') => current.fromEsia.includes(field);
  const send = (values: RequisiteValues) => {
    problem.clear();
    saving.mutateAsync({ ...entered(current, values), version }).then(
      () => {
        drop();
        void message.success('Реквизиты сохранены');
        setOpen(false);
      },
      (error: unknown) => {
        const changed = error instanceof ProblemError && error.code === 'data_changed';
        setConflict(changed);
        problem.show(error);
      },
    );
  };
  const close = () => setOpen(false); // keeps the draft: Escape may be pressed by mistake
  const discard = () => {
    drop();
    close();
  };
  // Once the newer requisites were shown, the next attempt is based on them.
  if (conflict && version !== current.version) setVersion(current.version);
  return (
    <Modal
      open={open}
      title="Изменить реквизиты"
      onCancel={close}
      afterClose={onClosed}
      mask={{ closable: false }}
      destroyOnHidden
      footer={
        <>
          <Button onClick={discard}>Не изменять</Button>
          <Button type="primary" loading={saving.isPending} onClick={() => form.submit()}>
            Сохранить
          </Button>
        </>
      }
    >
      <Form
        form={form}
        layout="vertical"
        onFinish={send}
        onValuesChange={(_, values: RequisiteValues) => saveDraft({ version, values })}
        initialValues={{ ...valuesOf(current), ...draft?.values }}
      >
        <OwnerField name="inn" given={given('inn')} value={current.inn} numeric />
        {current.kind === 'organisation' && <OwnerField name="kpp" given={given('kpp')} value={current.kpp} />}
        <OwnerField name="address" given={given('address')} value={current.address} />
        <BankFields bic={digits(typed?.bic ?? '')} />
        {conflict && (
          <ConflictNotice
            title={savedElsewhere}
            differing={differing(fieldLabels, entered(current, valuesOf(current)), entered(current, typed ?? {}))}
            onTake={() => {
              replaceValues(form, valuesOf(current));
              drop();
              problem.clear();
              setConflict(false);
            }}
          />
        )}
        {problem.alert}
      </Form>
    </Modal>
  );
}

interface OwnerFieldProps {
  name: 'inn' | 'kpp' | 'address';
  /** Whether ЕСИА gave the value, so that it is not typed. */
  given: boolean;
  value: string;
  numeric?: boolean;
}

function OwnerField({ name, given, value, numeric = false }: OwnerFieldProps) {
  if (given)
    return <GivenField label={fieldLabels[name]} value={value} from="С Госуслуг: изменить можно только там." />;
  return (
    <Form.Item name={name} label={fieldLabels[name]}>
      <Input maxLength={name === 'address' ? 500 : 40} {...(numeric && { inputMode: 'numeric' as const })} />
    </Form.Item>
  );
}

/** A value that is not typed: grey, with where it comes from. */
function GivenField({ label, value, from }: { label: string; value: string; from: string }) {
  return (
    <Form.Item label={label} extra={from} htmlFor={`given-${label}`}>
      <Input id={`given-${label}`} value={value} readOnly className="given-field" />
    </Form.Item>
  );
}

/** The bank by its БИК: of the directory, or typed where the directory has none. */
function BankFields({ bic }: { bic: string }) {
  const bank = useQuery(bankQuery(bic));
  const known = bank.data ?? undefined;
  const unknown = bank.data === null;
  return (
    <>
      <Form.Item
        name="bic"
        label={fieldLabels.bic}
        {...(unknown && {
          extra: 'Такого БИК нет в справочнике Банка России. Проверьте его; если он верный, укажите банк и счет сами.',
        })}
        {...(bank.isError && { extra: 'Справочник банков сейчас не отвечает: банк подставится при сохранении.' })}
      >
        <Input maxLength={40} inputMode="numeric" />
      </Form.Item>
      {known && (
        <GivenField
          label={fieldLabels.bankName}
          value={[known.name, known.place].filter(Boolean).join(', ')}
          from="Из справочника Банка России."
        />
      )}
      {unknown && (
        <Form.Item name="bankName" label={fieldLabels.bankName}>
          <Input maxLength={300} />
        </Form.Item>
      )}
      <Form.Item name="account" label={fieldLabels.account} extra="20 цифр; счет в рублях, открытый в этом банке.">
        <Input maxLength={60} inputMode="numeric" />
      </Form.Item>
      {known?.correspondentAccount && (
        <GivenField
          label={fieldLabels.correspondentAccount}
          value={known.correspondentAccount}
          from="Из справочника Банка России."
        />
      )}
      {(unknown || (known && !known.correspondentAccount)) && (
        <Form.Item name="correspondentAccount" label={fieldLabels.correspondentAccount}>
          <Input maxLength={60} inputMode="numeric" />
        </Form.Item>
      )}
    </>
  );
}
