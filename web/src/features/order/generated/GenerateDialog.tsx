import { Button, Form, Modal } from 'antd';
import type { UseMutationResult } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useDraft } from '@/shared/auth/useDraft';
import { PageLoading } from '@/shared/ui/PageLoading';
import { ProblemAlert } from '@/shared/ui/ProblemAlert';
import { allValues, replaceValues } from '@/shared/ui/formValues';
import { useFocusReturn } from '@/shared/ui/useFocusReturn';
import { useProblem } from '@/shared/ui/useProblem';
import type { UploadedFile } from '@/shared/upload/useUploads';
import { startOf } from './start';
import { StartNotice } from './StartNotice';

interface Props<Values extends object> {
  title: string;
  /** The values that the platform filled in; undefined while they are read. */
  initial: Values | undefined;
  /** The form of the last document that he had made; undefined if there is none. */
  last: Values | undefined;
  error: unknown;
  onRetry: () => void;
  generate: UseMutationResult<UploadedFile, Error, Values>;
  /** The name of the draft: what was typed is kept until the next document of this order. */
  draft: string;
  onGenerated: (file: UploadedFile) => void;
  onClose: () => void;
  children: ReactNode;
}

/** The dialog with the form of a document that the platform generates. */
export function GenerateDialog<Values extends object>({
  title,
  initial,
  error,
  onRetry,
  onClose,
  ...rest
}: Props<Values>) {
  useFocusReturn();
  const [form] = Form.useForm<Values>();
  const { isPending } = rest.generate;
  return (
    <Modal
      open
      title={title}
      onCancel={onClose}
      mask={{ closable: false }}
      destroyOnHidden
      width={640}
      footer={
        <>
          <Button onClick={onClose}>Отмена</Button>
          <Button type="primary" loading={isPending} disabled={!initial} onClick={() => form.submit()}>
            Сформировать
          </Button>
        </>
      }
    >
      {error ? <ProblemAlert error={error} onRetry={onRetry} /> : !initial && <PageLoading />}
      {initial && <Fields form={form} initial={initial} {...rest} />}
    </Modal>
  );
}

type FieldsProps<Values extends object> = Pick<
  Props<Values>,
  'last' | 'generate' | 'draft' | 'onGenerated' | 'children'
> & {
  form: ReturnType<typeof Form.useForm<Values>>[0];
  initial: Values;
};

function Fields<Values extends object>({ form, initial, last, generate, onGenerated, ...rest }: FieldsProps<Values>) {
  const { saved, save, drop } = useDraft<Values>(rest.draft);
  const [start] = useState(() => startOf({ draft: saved, last, filled: initial }));
  const [origin, setOrigin] = useState(start.origin);
  const problem = useProblem(form);
  const reset = () => {
    drop();
    replaceValues(form, initial);
    setOrigin('platform');
    problem.clear();
  };
  return (
    <Form
      form={form}
      layout="vertical"
      scrollToFirstError={{ focus: true }}
      initialValues={start.values}
      onValuesChange={() => save(allValues(form))}
      onFinish={() => {
        if (generate.isPending) return; // Enter submits even if the button is disabled
        problem.clear();
        save(allValues(form));
        void generate.mutateAsync(textsOf(initial, allValues(form))).then(onGenerated, problem.show);
      }}
    >
      <StartNotice origin={origin} onReset={reset} />
      {rest.children}
      {problem.alert}
    </Form>
  );
}

/** Returns the values with a text for each emptied field that has one in the form of the API. */
function textsOf<Values extends object>(initial: Values, values: Values): Values {
  const all = { ...initial, ...values } as Record<string, unknown>;
  for (const [name, filled] of Object.entries(initial))
    if (typeof filled === 'string' && (all[name] === undefined || all[name] === null)) all[name] = '';
  return all as Values;
}
