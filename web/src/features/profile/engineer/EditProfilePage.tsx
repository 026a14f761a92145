import { useQuery } from '@tanstack/react-query';
import { Alert, App as AntdApp, Button, Card, Form, Input } from 'antd';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { problemOf } from '@/shared/api/problem';
import { regions, workKinds } from '@/shared/api/reference';
import { profilePath } from '@/shared/auth/entrySteps';
import { useDraft } from '@/shared/auth/useDraft';
import { CodedSelect } from '@/shared/ui/fields/CodedSelect';
import { clearable } from '@/shared/ui/fields/clearable';
import { WholeNumberField } from '@/shared/ui/fields/WholeNumberField';
import { ListState } from '@/shared/ui/list/ListState';
import { allValues, replaceValues } from '@/shared/ui/formValues';
import { useProblem } from '@/shared/ui/useProblem';
import { ProfileFrame } from '@/features/profile/ProfileFrame';
import { ConflictNotice } from '@/features/profile/ConflictNotice';
import { PhotoField, TitledFilesField, useBusyFields } from './FileFields';
import { type OwnProfile, ownProfileQuery, useSaveProfile } from './queries';
import { useRequestedField } from './useRequestedField';
import { differences, fieldLabels, formOf, type ProfileValues, shownOf, valuesOf } from './values';
import { WorksField } from './WorksField';
import './engineer.css';

/** The editing of the profile. What is typed stays on the device until it is saved. */
export default function EditProfilePage() {
  const profile = useQuery({ ...ownProfileQuery, staleTime: 0 });
  return (
    <ProfileFrame>
      <ListState query={profile} isEmpty={false} empty="">
        {profile.data && <Editor profile={profile.data} />}
      </ListState>
    </ProfileFrame>
  );
}

interface Draft {
  version: number;
  values: ProfileValues;
}

function Editor({ profile }: { profile: OwnProfile }) {
  const [form] = Form.useForm<ProfileValues>();
  const { saved, save, drop } = useDraft<Draft>('engineer-profile');
  const [start] = useState<Draft>(() => saved ?? { version: profile.version, values: valuesOf(profile) });
  const [restored, setRestored] = useState(saved !== undefined);
  const [base, setBase] = useState(start.version);
  const navigate = useNavigate();
  const { message } = AntdApp.useApp();
  const problem = useProblem(form);
  const saving = useSaveProfile();
  const { busy, report } = useBusyFields();
  useRequestedField(form);
  const conflict = base !== profile.version;
  // Before the first rendering the form has no values yet.
  const typed = () => ({ ...start.values, ...allValues(form) });
  const kinds = useQuery({ ...workKinds, staleTime: 'static' }).data;
  const shown = shownOf(profile, (code) => kinds?.find((one) => one.code === code)?.label ?? code);
  const send = () => {
    problem.clear();
    saving.mutate(formOf(base, typed()), {
      onSuccess: () => {
        drop();
        void message.success('Профиль сохранён');
        void navigate(profilePath);
      },
      onError: (error) => {
        if (problemOf(error).code === 'data_changed') void refresh();
        problem.show(error);
      },
    });
  };
  const { refetch: refresh } = useQuery(ownProfileQuery);
  const takeSaved = () => {
    drop();
    replaceValues(form, valuesOf(profile));
    setBase(profile.version);
    setRestored(false);
    problem.clear();
  };
  const keepMine = () => {
    setBase(profile.version);
    save({ version: profile.version, values: typed() });
    problem.clear();
  };
  return (
    <Form<ProfileValues>
      form={form}
      layout="vertical"
      initialValues={start.values}
      onValuesChange={() => save({ version: base, values: typed() })}
      onFinish={send}
      onFinishFailed={({ errorFields }) => {
        const first = errorFields[0];
        if (first) form.scrollToField(first.name, { block: 'center', focus: true });
      }}
      className="stack engineer-form"
      aria-label="Изменение профиля"
    >
      {restored && !conflict && (
        <Alert
          type="info"
          showIcon
          title="Восстановлены несохранённые изменения"
          action={<Button onClick={takeSaved}>Отменить изменения</Button>}
        />
      )}
      {conflict && (
        <ConflictNotice
          title="Профиль изменён в другом окне"
          differing={differences(typed(), valuesOf(profile)).map((field) => [fieldLabels[field], shown[field]])}
          onKeep={keepMine}
          onTake={takeSaved}
        />
      )}
      <Card title={<h2>О себе</h2>}>
        <p className="note">
          Поля со звёздочкой обязательны: пока они не заполнены, брать заказы нельзя. Сохранить профиль можно и
          частично. Фамилию, имя и отчество платформа берёт с Госуслуг.
        </p>
        <PhotoField report={report} />
        <Form.Item name="regions" label="Регионы деятельности" required>
          <CodedSelect list={regions} multiple placeholder="Где вы выполняете работы" />
        </Form.Item>
        <Form.Item name="residence" label="Где проживаете">
          <Input maxLength={200} allowClear={clearable} placeholder="Например, Московская область, Химки" />
        </Form.Item>
        <Form.Item name="workingHours" label="Часы работы">
          <Input maxLength={200} allowClear={clearable} placeholder="Например, пн–пт 9:00–18:00" />
        </Form.Item>
      </Card>
      <Card title={<h2>Контакты</h2>}>
        <Form.Item name="email" label="Электронная почта" required>
          <Input maxLength={254} inputMode="email" autoComplete="email" allowClear={clearable} />
        </Form.Item>
        <Form.Item name="phone" label="Телефон" required>
          <Input
            maxLength={50}
            inputMode="tel"
            autoComplete="tel"
            allowClear={clearable}
            placeholder="+7 900 123-45-67"
          />
        </Form.Item>
        <Form.Item name="website" label="Личный сайт">
          <Input maxLength={255} inputMode="url" autoComplete="url" allowClear={clearable} placeholder="https://" />
        </Form.Item>
      </Card>
      <Card title={<h2>Опыт и образование</h2>}>
        <WholeNumberField
          name="experienceSince"
          label="С какого года работаете кадастровым инженером"
          of="— год"
          min={1950}
          max={new Date().getFullYear()}
          marked
          extra="Обязательно, чтобы брать заказы."
        />
        <Form.Item name="experience" label="Опыт работы">
          <Input.TextArea maxLength={3000} rows={3} className="growing" />
        </Form.Item>
        <Form.Item name="education" label="Образование" required>
          <Input.TextArea maxLength={3000} rows={3} className="growing" />
        </Form.Item>
        <Form.Item name="about" label="О себе">
          <Input.TextArea maxLength={5000} rows={3} className="growing" />
        </Form.Item>
      </Card>
      <Card title={<h2>Виды работ и стоимость</h2>}>
        <WorksField />
      </Card>
      <Card title={<h2>Дипломы и аттестаты</h2>}>
        <TitledFilesField name="diplomas" purpose="diploma" label="Дипломы и аттестаты" maxCount={20} report={report} />
      </Card>
      <Card title={<h2>Примеры работ, лицензии, свидетельства</h2>}>
        <TitledFilesField
          name="samples"
          purpose="sample"
          label="Примеры работ, лицензии, свидетельства"
          maxCount={30}
          report={report}
        />
      </Card>
      {problem.alert}
      <div className="sticky-buttons">
        <Button type="primary" htmlType="submit" loading={saving.isPending} disabled={busy || conflict}>
          Сохранить
        </Button>
        <Button onClick={() => void navigate(profilePath)}>Вернуться без сохранения</Button>
        {busy && <span className="note">Дождитесь окончания загрузки файлов.</span>}
        {conflict && <span className="note">Сначала решите, какие сведения оставить.</span>}
      </div>
    </Form>
  );
}
