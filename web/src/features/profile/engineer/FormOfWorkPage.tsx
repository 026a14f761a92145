import { useQuery } from '@tanstack/react-query';
import { Alert, App as AntdApp, Button, Card, Form, Input, Radio } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { problemOf } from '@/shared/api/problem';
import { employerPath } from '@/shared/auth/entrySteps';
import { useDraft } from '@/shared/auth/useDraft';
import type { UploadedFile } from '@/shared/upload/useUploads';
import { clearable } from '@/shared/ui/fields/clearable';
import { OptionalDay } from '@/shared/ui/fields/DayField';
import { Facts } from '@/shared/ui/Facts';
import { ListState } from '@/shared/ui/list/ListState';
import { useProblem } from '@/shared/ui/useProblem';
import { ProfileFrame } from '@/features/profile/ProfileFrame';
import { DocumentField, useBusyFields } from './FileFields';
import { type OwnProfile, ownProfileQuery, useSaveFormOfWork, type WorkForm } from './queries';
import { useRequestedField } from './useRequestedField';
import { uploadedOf } from './values';
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

interface Values {
  form?: WorkForm['form'];
  ogrnip?: string;
  documentName?: string;
  documentNumber?: string;
  documentDate?: string;
  documents?: UploadedFile[];
}

interface Draft {
  version: number;
  values: Values;
}

const valuesOf = (p: OwnProfile): Values => ({
  ...(p.form && { form: p.form }),
  ogrnip: p.ogrnip || p.businessOgrnip || '',
  documentName: p.documentName ?? '',
  documentNumber: p.documentNumber ?? '',
  ...(p.documentDate && { documentDate: p.documentDate }),
  documents: p.documents.map(uploadedOf),
});

function bodyOf(version: number, form: WorkForm['form'], v: Values): WorkForm {
  return {
    version,
    form,
    ...(form === 'entrepreneur' && v.ogrnip && { ogrnip: v.ogrnip }),
    ...(v.documentName && { documentName: v.documentName }),
    ...(v.documentNumber && { documentNumber: v.documentNumber }),
    ...(v.documentDate && { documentDate: v.documentDate }),
    documents: (v.documents ?? []).map(({ id }) => ({ file: id })),
  };
}

/** The section by the form of work, as the manual names it, and its usual document. */
const sections: Record<WorkForm['form'], { title: string; document: string }> = {
  entrepreneur: { title: 'Сведения об индивидуальном предпринимателе', document: 'Например, лист записи ЕГРИП' },
  employee: { title: 'Сведения о работодателе', document: 'Например, трудовой договор' },
};

function Editor({ profile }: { profile: OwnProfile }) {
  const [form] = Form.useForm<Values>();
  const { saved, save, drop } = useDraft<Draft>('engineer-form-of-work');
  const [start] = useState<Draft>(() => saved ?? { version: profile.version, values: valuesOf(profile) });
  const [base, setBase] = useState(start.version);
  const { message } = AntdApp.useApp();
  const problem = useProblem(form);
  const saving = useSaveFormOfWork();
  const { refetch } = useQuery(ownProfileQuery);
  const { busy, report } = useBusyFields();
  useRequestedField(form);
  const chosen = Form.useWatch('form', form) ?? start.values.form;
  const section = chosen && sections[chosen];
  const conflict = base !== profile.version;
  const typed = () => form.getFieldsValue(true) as Values;
  const send = () => {
    problem.clear();
    if (!chosen) return;
    saving.mutate(bodyOf(base, chosen, typed()), {
      onSuccess: (after) => {
        drop();
        setBase(after.version);
        form.setFieldsValue(valuesOf(after));
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
    form.setFieldsValue({ ogrnip: '', documentName: '', documentNumber: '', documents: [], ...valuesOf(profile) });
    setBase(profile.version);
    problem.clear();
  };
  return (
    <Form<Values>
      form={form}
      layout="vertical"
      initialValues={start.values}
      onValuesChange={() => save({ version: base, values: typed() })}
      onFinish={send}
      className="stack engineer-form"
      aria-label="Форма работы"
    >
      {conflict && (
        <Alert
          type="warning"
          showIcon
          role="alert"
          title="Профиль изменён в другом окне"
          description="Введённое здесь не пропало: сохраните его или возьмите сохранённое."
          action={
            <>
              <Button
                onClick={() => {
                  setBase(profile.version);
                  problem.clear();
                }}
              >
                Оставить введённое
              </Button>{' '}
              <Button onClick={takeSaved}>Взять сохранённое</Button>
            </>
          }
        />
      )}
      <Card title={<h2>Форма работы</h2>}>
        <Form.Item name="form" label="Как вы работаете" rules={[{ required: true, message: 'Выберите форму работы.' }]}>
          <Radio.Group id="form">
            <Radio value="entrepreneur">Индивидуальный предприниматель</Radio>
            <Radio value="employee">Сотрудник юридического лица</Radio>
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
              extra={profile.businessOgrnip ? 'Подставлен по данным Госуслуг.' : '15 цифр'}
            >
              <Input inputMode="numeric" autoComplete="off" maxLength={50} allowClear={clearable} />
            </Form.Item>
          ) : (
            <Employer profile={profile} />
          )}
          <h3>Документ</h3>
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
          <div className="required-field">
            <OptionalDay name="documentDate" label="Дата документа" extra="Обязательно, чтобы брать заказы." />
          </div>
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
