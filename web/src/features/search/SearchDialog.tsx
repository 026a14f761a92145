import { App as AntdApp, Button, Form, Input, Modal, Switch } from 'antd';
import { useDraft } from '@/shared/auth/useDraft';
import { filledIn } from '@/shared/lib/humanText';
import { useFocusReturn } from '@/shared/ui/useFocusReturn';
import { useProblem } from '@/shared/ui/useProblem';
import { type SavedSearch, useChangeSearch, useCreateSearch } from './savedSearches';

interface Values {
  name: string;
  notify: boolean;
}

interface Props {
  /** The search to rename, or the filters to save as a new one. */
  search: SavedSearch | Pick<SavedSearch, 'filters'>;
  onClose: () => void;
}

/** Names a search that is saved, or renames a saved one. */
export function SearchDialog({ search, onClose }: Props) {
  useFocusReturn();
  const saved = 'id' in search ? search : undefined;
  const [form] = Form.useForm<Values>();
  const draft = useDraft<Values>(`saved-search.${saved?.id ?? 'new'}`);
  const problem = useProblem(form);
  const create = useCreateSearch();
  const change = useChangeSearch();
  const { message } = AntdApp.useApp();
  const send = ({ name, notify }: Values) => {
    problem.clear();
    const sent = saved
      ? change.mutateAsync({ id: saved.id, version: saved.version, name: name.trim(), notify })
      : create.mutateAsync({ name: name.trim(), notify, filters: search.filters });
    sent.then(() => {
      draft.drop();
      void message.success(saved ? 'Поиск переименован' : 'Поиск сохранён');
      onClose();
    }, problem.show);
  };
  const button = saved ? 'Переименовать' : 'Сохранить';
  return (
    <Modal
      open
      title={saved ? `Переименовать поиск: ${saved.name}` : 'Сохранить поиск'}
      onCancel={onClose}
      mask={{ closable: false }}
      destroyOnHidden
      footer={
        <>
          <Button onClick={onClose}>Закрыть</Button>
          <Button type="primary" loading={create.isPending || change.isPending} onClick={() => form.submit()}>
            {button}
          </Button>
        </>
      }
    >
      <Form
        form={form}
        layout="vertical"
        onFinish={send}
        onValuesChange={(_, all: Values) => draft.save(all)}
        initialValues={draft.saved ?? { name: saved?.name ?? '', notify: saved?.notify ?? true }}
      >
        <Form.Item name="name" label="Название" rules={[filledIn('Назовите поиск.')]}>
          {/* eslint-disable-next-line jsx-a11y/no-autofocus -- a dialog, whose first field gets the focus */}
          <Input maxLength={100} autoComplete="off" autoFocus />
        </Form.Item>
        <Form.Item name="notify" label="Уведомлять о новых заказах" valuePropName="checked" layout="horizontal">
          <Switch />
        </Form.Item>
        {problem.alert}
      </Form>
    </Modal>
  );
}
