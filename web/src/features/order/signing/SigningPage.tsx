import { useQuery } from '@tanstack/react-query';
import { Alert, Button, Form, Result } from 'antd';
import { useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import type { Action, AnySigningForm } from '@/features/order/actions/actionForm';
import { mayBegin } from '@/features/order/actions/nextAction';
import { useActionForm } from '@/features/order/actions/useActionForm';
import { BusyUploads } from '@/features/order/fields/busyUploads';
import { orderQuery, type OrderCard } from '@/shared/api/order';
import { ProblemError } from '@/shared/api/problem';
import { NotFound } from '@/shared/ui/NotFound';
import { PageHeading } from '@/shared/ui/PageHeading';
import { PageLoading } from '@/shared/ui/PageLoading';
import { ProblemAlert } from '@/shared/ui/ProblemAlert';
import { signingFormFor } from './signingForms';
import '../order.css';
import './signing.css';

const cardPath = (order: string) => `/orders/${order}`;

/** The page on which a document is signed, or works are handed over and accepted. */
export default function SigningPage() {
  const { order = '', kind = '' } = useParams();
  return <SigningOf key={`${order} ${kind}`} order={order} kind={kind} />;
}

function SigningOf({ order, kind }: { order: string; kind: string }) {
  const { data: card, error, refetch } = useQuery(orderQuery(order));
  const [begun, setBegun] = useState<Action>();
  const signingForm = signingFormFor(kind);
  const unavailable = error instanceof ProblemError && [404, 422].includes(error.status);
  if (!signingForm || (unavailable && !begun)) return <NoSuchPage />;
  if (!card) return error ? <ProblemAlert error={error} onRetry={() => void refetch()} /> : <PageLoading />;
  // The page opens as soon as the order allows the action, and stays when it no longer does.
  const action = card.actions.find((one) => one.kind === kind);
  if (!begun && action && mayBegin(action)) setBegun(action);
  return (
    <>
      {!unavailable && <ProblemAlert error={error} onRetry={() => void refetch()} />}
      {begun ? (
        <Signing card={card} action={begun} signingForm={signingForm} closed={unavailable} />
      ) : (
        <NotNow card={card} action={action} />
      )}
    </>
  );
}

function NoSuchPage() {
  return (
    <NotFound
      title="Такой страницы для вас нет"
      subTitle="Проверьте адрес. Если это ваш заказ в другой роли, смените роль."
      extra={<Link to="/orders">Мои заказы</Link>}
    />
  );
}

/** Shown while the order does not allow the action; what was typed before stays on the device. */
function NotNow({ card, action }: { card: OrderCard; action: Action | undefined }) {
  return (
    <Result
      status="info"
      title="Сейчас это сделать нельзя"
      subTitle={action?.reason ?? 'Заказ на другом этапе. Что он ждёт, сказано на его карточке.'}
      extra={<Link to={cardPath(card.id)}>Вернуться к заказу</Link>}
    />
  );
}

interface SigningProps {
  card: OrderCard;
  action: Action;
  signingForm: AnySigningForm;
  /** The order is no longer open to this user: he can read what he typed, but not send it. */
  closed: boolean;
}

function Signing({ card, action, signingForm, closed }: SigningProps) {
  const navigate = useNavigate();
  const back = cardPath(card.id);
  const { seen, props, changed, problem, busy, report, pending, slow } = useActionForm({
    card,
    action,
    actionForm: signingForm,
    closed,
    onDone: () => void navigate(back, { replace: true }),
  });
  const { Document, Fields, heading = action.title, submit = action.title } = signingForm;
  return (
    <div className="stack signing order">
      <PageHeading extra={<span className="note">Заказ {card.number}</span>}>{heading}</PageHeading>
      <Form
        {...props}
        scrollToFirstError={{ block: 'center', focus: true }}
        className="stack action-form"
        aria-label={heading}
      >
        {(closed || changed) && (
          <Alert
            type="warning"
            showIcon
            role="status"
            title={
              closed
                ? 'Заказ больше не открыт. Вернитесь к нему: там сказано, что произошло.'
                : 'Заказ изменился, пока страница открыта. Вернитесь к нему и посмотрите, что нового.'
            }
          />
        )}
        <BusyUploads value={report}>
          <div className="signing-columns">
            <section className="stack" aria-label="Документы">
              <Document card={seen} action={action} />
            </section>
            <div className="stack">
              <Fields card={seen} action={action} />
              {problem}
              {slow && (
                <Alert
                  type="info"
                  showIcon
                  role="status"
                  title="Ждём ответа платформы. К заказу можно вернуться: результат появится там сам."
                />
              )}
            </div>
          </div>
        </BusyUploads>
        <div className="sticky-buttons">
          <Button type="primary" htmlType="submit" loading={pending} disabled={busy || closed}>
            {busy ? 'Файлы загружаются' : submit}
          </Button>
          <Button onClick={() => void navigate(back)}>Вернуться к заказу</Button>
        </div>
      </Form>
    </div>
  );
}
