import { useQuery } from '@tanstack/react-query';
import { App as AntdApp, Button, Form, Input, Modal, Radio, Spin } from 'antd';
import { useDeferredValue, useState } from 'react';
import { useDraft } from '@/shared/auth/useDraft';
import { useFocusReturn } from '@/shared/ui/useFocusReturn';
import { shownChoice } from '@/shared/ui/fields/shownChoice';
import { useProblem } from '@/shared/ui/useProblem';
import { type AddValues, afterChange } from './addValues';
import { type Side, searchQuery, useAsk } from './queries';

const texts: Record<Side, { title: string; label: string; empty: string; choose: string; done: string }> = {
  engineer: {
    title: 'Добавить заявку',
    label: 'Наименование, ИНН или ОГРН организации',
    empty:
      'Такой организации нет. Найти можно только работодателя, который входил на платформу и отметил в профиле «Являюсь работодателем кадастровых инженеров»: попросите его руководителя это сделать.',
    choose: 'Выберите организацию из найденных.',
    done: 'Заявка отправлена работодателю',
  },
  employer: {
    title: 'Добавить кадастрового инженера',
    label: 'Фамилия, имя, отчество или номер в реестре',
    empty:
      'Такого кадастрового инженера нет. Найти можно только того, кто хотя бы один раз входил на платформу: попросите его войти через Госуслуги.',
    choose: 'Выберите кадастрового инженера из найденных.',
    done: 'Заявка отправлена кадастровому инженеру',
  },
};

/** Searches the other side and asks the chosen one. */
export function AddDialog({ side, onClose }: { side: Side; onClose: () => void }) {
  useFocusReturn();
  const [form] = Form.useForm<AddValues>();
  const { saved, save, drop } = useDraft<AddValues>(`staff.add.${side}`);
  const [text, setText] = useState(saved?.text ?? '');
  const problem = useProblem(form);
  const asking = useAsk(side);
  const { message } = AntdApp.useApp();
  const { title, label, empty, choose, done } = texts[side];
  const q = useDeferredValue(text.trim());
  const { data, isFetching, error } = useQuery(searchQuery(side, q));
  const send = ({ chosen, comment = '' }: AddValues) => {
    if (!chosen) return;
    problem.clear();
    asking.mutateAsync({ id: chosen, comment: comment.trim() }).then(() => {
      drop();
      void message.success(done);
      onClose();
    }, problem.show);
  };
  return (
    <Modal
      open
      title={title}
      onCancel={onClose}
      mask={{ closable: false }}
      destroyOnHidden
      footer={
        <>
          <Button onClick={onClose}>Закрыть</Button>
          <Button type="primary" loading={asking.isPending} onClick={() => form.submit()}>
            Добавить
          </Button>
        </>
      }
    >
      <Form
        form={form}
        layout="vertical"
        onFinish={send}
        onValuesChange={(changed: AddValues, all: AddValues) => {
          const now = afterChange(changed, all);
          if (!now.chosen) form.setFieldValue('chosen', undefined);
          save(now);
          setText(now.text ?? '');
        }}
        {...(saved && { initialValues: saved })}
      >
        <Form.Item name="text" label={label}>
          {/* eslint-disable-next-line jsx-a11y/no-autofocus -- a dialog, whose first field gets the focus */}
          <Input maxLength={200} autoComplete="off" autoFocus />
        </Form.Item>
        <div role="status" className="note">
          {q !== '' && isFetching && <Spin size="small" />}
          {q !== '' && !isFetching && data?.length === 0 && empty}
          {error && 'Не удалось выполнить поиск. Измените запрос или повторите позже.'}
        </div>
        <Form.Item
          name="chosen"
          label="Найденные"
          required
          hidden={!data?.length}
          rules={[
            shownChoice(
              (data ?? []).filter(({ taken }) => taken === undefined).map(({ id }) => id),
              choose,
            ),
          ]}
        >
          <Radio.Group className="staff-found">
            {data?.map(({ id, name, details, taken }) => (
              <Radio key={id} value={id} disabled={taken !== undefined}>
                {name}
                <div className="note">{[details, taken].filter(Boolean).join(' — ')}</div>
              </Radio>
            ))}
          </Radio.Group>
        </Form.Item>
        <Form.Item name="comment" label="Комментарий">
          <Input.TextArea rows={2} maxLength={1000} showCount />
        </Form.Item>
        {problem.alert}
      </Form>
    </Modal>
  );
}
