import { useQuery } from '@tanstack/react-query';
import { Alert, App as AntdApp, Button, Card, Form, Input, Radio } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { formsOfWork } from '@/shared/api/formsOfWork';
import { problemOf } from '@/shared/api/problem';
import { employerPath } from '@/shared/auth/entrySteps';
import { useDraft } from '@/shared/auth/useDraft';
import { clearable } from '@/shared/ui/fields/clearable';
import { OptionalDay } from '@/shared/ui/fields/DayField';
import { Facts } from '@/shared/ui/Facts';
import { ListState } from '@/shared/ui/list/ListState';
import { allValues, replaceValues } from '@/shared/ui/formValues';
import { useProblem } from '@/shared/ui/useProblem';
import { ProfileFrame } from '@/features/profile/ProfileFrame';
import { ConflictNotice } from '@/features/profile/ConflictNotice';
import { DocumentField, useBusyFields } from './FileFields';
import { type OwnProfile, ownProfileQuery, useSaveFormOfWork, type WorkForm } from './queries';
import { useRequestedField } from './useRequestedField';
import { workBodyOf, workDifferences, type WorkValues, workValuesOf } from './workValues';
import './engineer.css';

/** «Форма работы»: sole proprietor or employee, with the document that proves it. */
export default function FormOfWorkPage() {
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
  values: WorkValues;
}

/** The section by the form of work, as the manual names it, and its usual document. */
const sections: Record<WorkForm['form'], { title: string; document: string }> = {
  entrepreneur: { title: 'Сведения об индивидуальном предпринимателе', document: 'Например, лист записи ЕГРИП' },
  employee: { title: 'Сведения о работодателе', document: 'Например, трудовой договор' },
};

function Editor({ profile }: { profile: OwnProfile }) {
  const [form] = Form.useForm<WorkValues>();
  const { saved, save, drop } = useDraft<Draft>('engineer-form-of-work');
  const [start] = useState<Draft>(() => saved ?? { version: profile.formVersion, values: workValuesOf(profile) });
  const [base, setBase] = useState(start.version);
  const { message } = AntdApp.useApp();
  const problem = useProblem(form);
  const saving = useSaveFormOfWork();
  const { refetch } = useQuery(ownProfileQuery);
  const { busy, report } = useBusyFields();
  useRequestedField(form);
  const chosen = Form.useWatch('form', form) ?? start.values.form;
  const section = chosen && sections[chosen];
  const conflict = base !== profile.formVersion;
  // Before the first rendering the form has no values yet.
  const typed = () => ({ ...start.values, ...allValues(form) });
  const send = () => {
    problem.clear();
    if (!chosen) return;
    saving.mutate(workBodyOf(base, chosen, typed()), {
      onSuccess: (after) => {
        drop();
        setBase(after.formVersion);
        replaceValues(form, workValuesOf(after));
        void message.success('Форма работы сохранена');
      },
      onError: (error) => {
        if (problemOf(error).code === 'data_changed') void refetch();
        problem.show(error);
      },
    });
  };
  const takeSaved = () => {
    drop();
    replaceValues(form, workValuesOf(profile));
    setBase(profile.formVersion);
    problem.clear();
  };
  const keepMine = () => {
    setBase(profile.formVersion);
    save({ version: profile.formVersion, values: typed() });
    problem.clear();
  };
  const former = profile.missing.find(({ code }) => code === 'document-former');
  return (
    <Form<WorkValues>
      form={form}
      layout="vertical"
      initialValues={start.values}
      onValuesChange={() => save({ version: base, values: typed() })}
      onFinish={send}
      className="stack engineer-form"
      aria-label="Форма работы"
    >
      {conflict && (
        <ConflictNotice
          title="Форма работы или работодатель изменены в другом окне"
          differing={workDifferences(typed(), profile)}
          onKeep={keepMine}
          onTake={takeSaved}
        />
      )}
      <Card title={<h2>Форма работы</h2>}>
        <Form.Item name="form" label="Как вы работаете" rules={[{ required: true, message: 'Выберите форму работы.' }]}>
          <Radio.Group id="form">
            <Radio value="entrepreneur">{formsOfWork.entrepreneur}</Radio>
            <Radio value="employee">{formsOfWork.employee}</Radio>
          </Radio.Group>
        </Form.Item>
      </Card>
      {section && (
        <Card title={<h2>{section.title}</h2>}>
          {chosen === 'entrepreneur' ? (
            <Form.Item
              name="ogrnip"
              label="ОГРНИП"
              required
              extra={
                profile.businessOgrnip
                  ? 'Подставлен по данным Госуслуг.'
                  : '15 цифр. Госуслуги не сообщают о вашем ИП, поэтому заказчики увидят пометку «не подтверждён Госуслугами». Чтобы убрать её, добавьте ИП в личный кабинет на Госуслугах и войдите на платформу снова.'
              }
            >
              <Input inputMode="numeric" autoComplete="off" maxLength={50} allowClear={clearable} />
            </Form.Item>
          ) : (
            <Employer profile={profile} />
          )}
          <h3>Документ</h3>
          {former && <Alert type="warning" showIcon title={former.reason} />}
          <p className="note">
            {chosen === 'entrepreneur'
              ? 'Документ, который подтверждает регистрацию предпринимателем.'
              : 'Документ, на основании которого вы сотрудник юридического лица.'}
          </p>
          <Form.Item name="documentName" label="Наименование документа" required>
            <Input maxLength={200} allowClear={clearable} placeholder={section.document} />
          </Form.Item>
          <Form.Item name="documentNumber" label="Номер документа" required>
            <Input maxLength={100} autoComplete="off" allowClear={clearable} />
          </Form.Item>
          <OptionalDay name="documentDate" label="Дата документа" marked extra="Обязательно, чтобы брать заказы." />
          <DocumentField report={report} />
        </Card>
      )}
      {problem.alert}
      <div className="sticky-buttons">
        <Button type="primary" htmlType="submit" loading={saving.isPending} disabled={busy || conflict}>
          Сохранить
        </Button>
        {busy && <span className="note">Дождитесь окончания загрузки файлов.</span>}
      </div>
    </Form>
  );
}

const employments: Record<NonNullable<OwnProfile['employment']>, string> = {
  pending: 'Заявка ждёт ответа работодателя',
  confirmed: 'Статус работодателя подтверждён',
  rejected: 'Работодатель отклонил заявку',
  suspended: 'Работодатель приостановил вашу деятельность',
  removed: 'Работодатель исключил вас из штата',
};

/** The employer as his own card describes him: nothing here can be edited. */
function Employer({ profile: { employer, employment } }: { profile: OwnProfile }) {
  return (
    <div className="official" role="group" aria-label="Работодатель">
      {employer ? (
        <Facts
          items={[
            ['Работодатель', employer.name],
            ['Статус', employment && employments[employment]],
            ['ОГРН', employer.ogrn],
            ['ИНН', employer.inn],
            ['КПП', employer.kpp],
            ['Адрес', employer.address],
            ['Руководитель', employer.head],
            ['Электронная почта', employer.email],
            ['Телефон', employer.phone],
          ]}
        />
      ) : (
        <p>
          {employment ? `${employments[employment]}.` : 'Работодатель не выбран.'} Заявки — во вкладке{' '}
          <Link to={employerPath} className="underlined">
            «Работодатель»
          </Link>
          .
        </p>
      )}
      <p className="note">Эти сведения заполняются из карточки работодателя, изменить их здесь нельзя.</p>
    </div>
  );
}
