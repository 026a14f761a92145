import { PlusOutlined } from '@ant-design/icons';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App as AntdApp, Button } from 'antd';
import { useNavigate } from 'react-router';
import { createOrder } from '@/shared/api/actions';
import { problemOf } from '@/shared/api/problem';
import { editPath } from '@/shared/lib/orderTexts';
import { queryKeys } from '@/shared/queryKeys';

/**
 * «Создать новый»: creates the order as a draft first, so that its form is saved from the first
 * letter on.
 */
export function CreateButton() {
  const { message } = AntdApp.useApp();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const creation = useMutation({
    mutationFn: createOrder,
    onSuccess: async (verdict) => {
      await queries.invalidateQueries({ queryKey: queryKeys.orders.all });
      if (verdict.state === 'applied') await navigate(editPath(verdict.message.order));
      else void message.info('Проект заказа создаётся. Он появится в этом списке.');
    },
    onError: (error) => void message.error(problemOf(error).detail),
  });
  return (
    <Button type="primary" icon={<PlusOutlined />} loading={creation.isPending} onClick={() => creation.mutate()}>
      Создать новый
    </Button>
  );
}
