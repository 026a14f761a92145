import { App as AntdApp } from 'antd';
import { useNavigate } from 'react-router';
import type { SeenOrder } from '@/shared/api/actions';
import { problemOf } from '@/shared/api/problem';
import { useAction } from '@/shared/api/useAction';

interface Course {
  /** The person has agreed. */
  before: () => Promise<void>;
  done: () => void;
  /** The draft is still there, and he goes on with it. */
  failed: () => void;
}

/** Asks, then deletes a draft with all that is in it. */
export function useDeletion(order: SeenOrder, { before, done, failed }: Course): () => void {
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
