import { useQuery } from '@tanstack/react-query';
import { App as AntdApp, Button, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { ProblemError } from '@/shared/api/problem';
import { regions } from '@/shared/api/reference';
import { useDraft } from '@/shared/auth/useDraft';
import { CodedSelect } from '@/shared/ui/fields/CodedSelect';
import { replaceValues } from '@/shared/ui/formValues';
import { useFocusReturn } from '@/shared/ui/useFocusReturn';
import { useProblem } from '@/shared/ui/useProblem';
import { ConflictNotice, differing, savedElsewhere } from '@/features/profile/ConflictNotice';
import { fieldLabels } from './labels';
import { type PartyProfile, type ProfileValues, useSaveProfile } from './queries';

interface Props {
  /** The profile as it stands now. */
  current: PartyProfile;
  onClosed: () => void;
}

/** What was typed, and the version on which it is based. */
interface Draft {
  version: number;
  values: Partial<ProfileValues>;
}

const valuesOf = ({ email, phone, website, region, about }: PartyProfile): ProfileValues => ({
  email,
  phone,
  website,
  region,
  about,
});

/** A region that is not chosen is absent: the field then shows what to do. */
const formValues = (profile: PartyProfile): Partial<ProfileValues> => {
  const { region, ...values } = valuesOf(profile);
  return region ? { ...values, region } : values;
};

/** Changes the profile. What was typed is kept through a refusal, a reload and a sign-in. */
export function ProfileDialog({ current, onClosed }: Props) {
  useFocusReturn();
  const [form] = Form.useForm<Partial<ProfileValues>>();
  const { saved: draft, save: saveDraft, drop } = useDraft<Draft>(`party.${current.kind}.${current.name}`);
  // The version on which the form is based; after a conflict the one that was shown then.
  const [version, setVersion] = useState(draft?.version ?? current.version);
  const [conflict, setConflict] = useState(false);
  const [open, setOpen] = useState(true);
  const problem = useProblem(form);
  const saving = useSaveProfile();
  const { data: subjects } = useQuery({ ...regions, staleTime: 'static' });
  const { message } = AntdApp.useApp();
  const typed = Form.useWatch([], form) as Partial<ProfileValues> | undefined;
  const send = (values: Partial<ProfileValues>) => {
    problem.clear();
    saving.mutateAsync({ ...filled(values), version }).then(
      () => {
        drop();
        void message.success('Профиль сохранён');
        setOpen(false);
      },
      (error: unknown) => {
        setConflict(error instanceof ProblemError && error.code === 'data_changed');
        problem.show(error);
      },
    );
  };
  const close = () => setOpen(false); // keeps the draft: Escape may be pressed by mistake
  const discard = () => {
    drop();
    close();
  };
  // Once the newer profile was shown, the next attempt is based on it.
  if (conflict && version !== current.version) setVersion(current.version);
  return (
    <Modal
      open={open}
      title="Изменить профиль"
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
        onValuesChange={(_, values: Partial<ProfileValues>) => saveDraft({ version, values })}
        initialValues={{ ...formValues(current), ...draft?.values }}
      >
        <Form.Item name="email" label={fieldLabels.email}>
          <Input maxLength={254} inputMode="email" autoComplete="email" />
        </Form.Item>
        <Form.Item name="phone" label={fieldLabels.phone}>
          <Input maxLength={60} inputMode="tel" autoComplete="tel" />
        </Form.Item>
        <Form.Item name="website" label={fieldLabels.website}>
          <Input maxLength={300} inputMode="url" placeholder="example.ru" />
        </Form.Item>
        <Form.Item name="region" label={fieldLabels.region}>
          <CodedSelect<string> list={regions} placeholder="Выберите регион" />
        </Form.Item>
        <Form.Item name="about" label={fieldLabels.about}>
          <Input.TextArea rows={4} maxLength={3000} showCount />
        </Form.Item>
        {conflict && (
          <ConflictNotice
            title={savedElsewhere}
            differing={differing(fieldLabels, valuesOf(current), filled(typed ?? {}), (field, value) =>
              field === 'region' ? (subjects?.find(({ code }) => code === value)?.label ?? value) : value,
            )}
            onTake={() => {
              replaceValues(form, formValues(current));
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

const filled = ({ email, phone, website, region, about }: Partial<ProfileValues>): ProfileValues => ({
  email: email ?? '',
  phone: phone ?? '',
  website: website ?? '',
  region: region ?? '',
  about: about ?? '',
});
