import { Alert, App as AntdApp, Button, Form, Space } from 'antd';
import { useCallback, useMemo, useRef, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { filesOfOrder } from '@/shared/upload/targets';
import { UploadField } from '@/shared/upload/UploadField';
import { useAction } from '@/shared/api/useAction';
import { useDraft } from '@/shared/auth/useDraft';
import { allValues, clearErrors, replaceValues } from '@/shared/ui/formValues';
import { useProblem } from '@/shared/ui/useProblem';
import type { OrderCard } from '@/shared/api/order';
import type { SavedForm } from '@/features/orders/queries';
import { AmendNotes } from './AmendNotes';
import { PlaceFields } from './PlaceFields';
import { withVisibleFields } from './fieldErrors';
import { SaveStatus } from './SaveStatus';
import { TermPriceFields } from './TermPriceFields';
import { useDeletion } from './useDeletion';
import { useFormSaver } from './useFormSaver';
import { fromCard, fromContent, numbersOf, toContent, toPublication, type OrderFormValues } from './values';
import { WorkFields } from './WorkFields';

interface Props {
  card: OrderCard;
  saved: SavedForm;
  /** publish for a draft, amend for changed conditions. */
  action: 'publish' | 'amend';
}

/** What was typed on this device, and the saved version that it is based on. */
interface LocalDraft {
  version: number;
  revision: number;
  values: OrderFormValues;
}

/**
 * Edits the form of an order. Changes are saved on this device immediately and on the platform a
 * moment later.
 */
export function OrderEditor({ card, saved, action }: Props) {
  const order = card.id;
  const target = useMemo(() => filesOfOrder(order), [order]);
  const revision = card.revision ?? 0;
  const [form] = Form.useForm<OrderFormValues>();
  const navigate = useNavigate();
  const { message } = AntdApp.useApp();
  const draft = useDraft<LocalDraft>(`order-form.${order}`);
  const [start] = useState(() => initialState(card, saved, revision, draft.saved));
  const [other, setOther] = useState(start.other);
  const [busy, setBusy] = useState(false);
  const publication = useAction(card, action);
  const problem = useProblem(form);
  const version = useRef(saved.version);
  const currentValues = useCallback(() => allValues(form), [form]);
  const saveLocally = useCallback(
    () => draft.save({ version: version.current, revision, values: currentValues() }),
    [draft, revision, currentValues],
  );
  const { saver, saving } = useFormSaver(order, saved.version, (at, all) => {
    version.current = at;
    if (all) draft.drop();
    else saveLocally();
  });
  const saveEverywhere = useCallback(() => {
    saveLocally();
    saver.change(toContent(currentValues(), revision));
  }, [saveLocally, saver, currentValues, revision]);
  const resumeEditing = () => {
    saver.resume();
    saveEverywhere();
  };
  const remove = useDeletion(card, { before: () => saver.stop(), done: draft.drop, failed: resumeEditing });

  const publish = async () => {
    problem.clear();
    const all = currentValues();
    const values = { ...all, text: { ...all.text, cadastralNumbers: numbersOf(all.text) } };
    form.setFieldValue(['text', 'cadastralNumbers'], values.text.cadastralNumbers);
    await saver.stop();
    try {
      const verdict = await publication.mutateAsync(toPublication(values));
      draft.drop();
      void message.success(
        verdict.state === 'applied'
          ? 'Заказ опубликован.'
          : 'Заказ отправлен на публикацию. Результат появится в карточке.',
      );
      await navigate(`/orders/${order}`);
    } catch (error) {
      problem.show(withVisibleFields(error, values.termBy));
      resumeEditing();
    }
  };

  return (
    <Form<OrderFormValues>
      form={form}
      layout="vertical"
      className="order-form"
      initialValues={start.values}
      onValuesChange={(changed: object) => {
        clearErrors(form, changed);
        saveEverywhere();
      }}
      onFinish={() => void publish()}
      scrollToFirstError={{ block: 'center', focus: true }}
    >
      {action === 'amend' && <AmendNotes card={card} />}
      {other && (
        <Alert
          type="info"
          showIcon
          title="На этом устройстве осталась другая версия формы, которая не была сохранена"
          action={
            <Space wrap>
              <Button
                size="small"
                onClick={() => {
                  replaceValues(form, other);
                  setOther(undefined);
                  saveEverywhere();
                }}
              >
                Вернуть её
              </Button>
              <Button
                size="small"
                onClick={() => {
                  draft.drop();
                  setOther(undefined);
                }}
              >
                Не нужна
              </Button>
            </Space>
          }
        />
      )}
      {saving.state === 'conflict' && (
        <Alert
          type="error"
          role="alert"
          showIcon
          title="Эта форма сохранена в другом окне"
          description="Обновите страницу, чтобы продолжить с того, что сохранено. Введённое здесь останется на этом устройстве, и его можно будет вернуть."
          action={<Button onClick={() => window.location.reload()}>Обновить страницу</Button>}
        />
      )}
      <PlaceFields onFilled={saveEverywhere} />
      <WorkFields />
      <TermPriceFields />
      <section className="form-part" aria-labelledby="form-files">
        <h2 id="form-files">Файлы</h2>
        <Form.Item
          name={['details', 'files']}
          label="Исходные документы"
          extra="Правоустанавливающие документы, планы, фотографии — всё, что поможет исполнителю."
        >
          <UploadField target={target} label="Исходные документы" onBusyChange={setBusy} />
        </Form.Item>
      </section>
      {problem.alert}
      <div className="form-buttons">
        <Button type="primary" htmlType="submit" size="large" loading={publication.isPending} disabled={busy}>
          Опубликовать заказ
        </Button>
        {action === 'publish' ? (
          <Button danger onClick={remove}>
            Удалить проект
          </Button>
        ) : (
          <Link to={`/orders/${order}`}>Вернуться к заказу</Link>
        )}
        {busy && <span className="note">Дождитесь, пока загрузятся файлы.</span>}
        <SaveStatus saving={saving} />
      </div>
    </Form>
  );
}

/**
 * Returns the initial values, and the local values that are set aside because a later version is
 * saved.
 */
function initialState(
  card: OrderCard,
  saved: SavedForm,
  revision: number,
  local: LocalDraft | undefined,
): { values: OrderFormValues; other?: OrderFormValues } {
  const values = fromContent(saved, revision) ?? fromCard(card);
  if (!local || local.revision !== revision) return { values };
  return local.version >= saved.version ? { values: local.values } : { values, other: local.values };
}
