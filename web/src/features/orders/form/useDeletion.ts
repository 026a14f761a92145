import { App as AntdApp } from 'antd';
import { useNavigate } from 'react-router';
import type { SeenOrder } from '@/shared/api/actions';
import { problemOf } from '@/shared/api/problem';
import { useAction } from '@/shared/api/useAction';

interface Callbacks {
  /** Called after the user has confirmed. */
  before: () => Promise<void>;
  done: () => void;
  /** Called when the draft was not deleted, so that editing continues. */
  failed: () => void;
}

/** Returns a function that asks for confirmation and deletes a draft with its files. */
export function useDeletion(order: SeenOrder, { before, done, failed }: Callbacks): () => void {
  const { modal, message } = AntdApp.useApp();
  const navigate = useNavigate();
  const deletion = useAction(order, 'delete');
  const run = async () => {
    try {
      await before();
      await deletion.mutateAsync({});
      done();
      await navigate('/orders');
      void message.success('Проект заказа удалён.');
    } catch (error) {
      failed();
      void message.error(problemOf(error).detail);
    }
  };
  return () =>
    void modal.confirm({
      title: 'Удалить проект заказа?',
      content: 'Введённые данные и загруженные файлы будут удалены. Вернуть их нельзя.',
      okText: 'Удалить',
      okButtonProps: { danger: true },
      cancelText: 'Отмена',
      onOk: run,
    });
}
