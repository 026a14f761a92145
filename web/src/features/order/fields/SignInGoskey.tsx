import { MobileOutlined } from '@ant-design/icons';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Button } from 'antd';
import { useEffect, useState } from 'react';
import { useNavigate } from 'react-router';
import { goskeyQuery, type GoskeyAction, type GoskeyRequest, isPending, signInGoskey } from '@/features/order/goskey';
import { formatDateTime } from '@/shared/lib/dates';
import { queryKeys } from '@/shared/queryKeys';
import { ProblemAlert } from '@/shared/ui/ProblemAlert';

interface Props {
  order: string;
  action: GoskeyAction;
  /** The SHA-256 of the document. */
  document: string | undefined;
}

/**
 * Sends a document of an order to the application «Госключ», and shows how that goes. When the
 * signature has come and the order has taken it, it returns to the card.
 */
export function SignInGoskey({ order, action, document }: Props) {
  const client = useQueryClient();
  const { data } = useQuery(goskeyQuery(order));
  const send = useMutation({
    mutationFn: (sha256: string) => signInGoskey(order, action, sha256),
    onSuccess: () => client.invalidateQueries({ queryKey: queryKeys.order.goskey(order) }),
  });
  const request = data?.requests.find((one) => one.action === action && one.document === document);
  const [awaited, setAwaited] = useState(false);
  if (request && isPending(request) && !awaited) setAwaited(true);
  const taken = awaited && request?.state === 'applied';
  const navigate = useNavigate();
  useEffect(() => {
    if (taken) void navigate(`/orders/${order}`, { replace: true });
  }, [taken, navigate, order]);
  if (!document || !data || (!data.offered && !request)) return null;
  return (
    <div className="sign-in-goskey">
      {data.offered && !(request && isPending(request)) && request?.state !== 'applied' && (
        <Button icon={<MobileOutlined />} loading={send.isPending} onClick={() => send.mutate(document)}>
          Подписать в Госключе
        </Button>
      )}
      {request && <GoskeyState request={request} />}
      <ProblemAlert error={send.error} />
    </div>
  );
}

/** Says how far a signature in «Госключ» is. */
export function GoskeyState({ request }: { request: GoskeyRequest }) {
  const { type, title, text } = stateTexts[request.state](request);
  return <Alert type={type} showIcon role="status" title={title} description={text} />;
}

interface StateText {
  type: 'info' | 'success' | 'warning';
  title: string;
  text?: string;
}

const stateTexts: Record<GoskeyRequest['state'], (request: GoskeyRequest) => StateText> = {
  sending: () => ({
    type: 'info',
    title: 'Документ отправляется в Госключ',
    text: 'Госуслуги проверяют его, это занимает несколько минут. Страницу можно закрыть.',
  }),
  waiting: ({ until }) => ({
    type: 'info',
    title: 'Ожидает подписи в приложении «Госключ»',
    text: `Подпишите документ в приложении до ${formatDateTime(until)}: заказ пойдёт дальше сам, страницу можно закрыть. Другим способом его можно подписать и сейчас.`,
  }),
  signed: () => ({
    type: 'info',
    title: 'Документ подписан в Госключе',
    text: 'Платформа проверит подпись и передаст её в заказ. Если заказ приостановлен, она сделает это после возобновления.',
  }),
  applied: () => ({ type: 'success', title: 'Подпись из Госключа принята' }),
  failed: ({ reason }) => ({
    type: 'warning',
    title: 'Документ не подписан в Госключе',
    ...(reason && { text: reason }),
  }),
};
