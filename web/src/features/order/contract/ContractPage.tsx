import { useQuery } from '@tanstack/react-query';
import { Alert, Button, Card, Radio, Result } from 'antd';
import { useState } from 'react';
import { Link, useNavigate, useParams, useSearchParams } from 'react-router';
import { draftName } from '@/features/order/actions/actionForm';
import { sendContract } from '@/features/order/forms/sendContract';
import { signingPath } from '@/features/order/signing/signingPath';
import { orderQuery, type OrderCard } from '@/shared/api/order';
import { ProblemError } from '@/shared/api/problem';
import { useDraft } from '@/shared/auth/useDraft';
import { NotFound } from '@/shared/ui/NotFound';
import { PageHeading } from '@/shared/ui/PageHeading';
import { PageLoading } from '@/shared/ui/PageLoading';
import { ProblemAlert } from '@/shared/ui/ProblemAlert';
import { ContractEditor, FailedNotice } from './ContractEditor';
import { GeneratedPreview } from './GeneratedPreview';
import {
  type ContractDefaults,
  contractFormQuery,
  type GeneratedDocument,
  generatedQuery,
  newestContract,
  readyContract,
  wasSent,
} from './queries';
import { type SendContractValues, type Source, withGenerated, withOwn } from './sending';
import '../order.css';
import './contract.css';

/** «Сформировать договор»: the form of the contract, and the generated contract. */
export default function ContractPage() {
  const { order = '' } = useParams();
  return <ContractOf key={order} order={order} />;
}

function ContractOf({ order }: { order: string }) {
  const card = useQuery(orderQuery(order));
  const defaults = useQuery(contractFormQuery(order));
  const generated = useQuery(generatedQuery(order));
  const { error } = [card, defaults, generated].find((query) => query.error) ?? {};
  if (error instanceof ProblemError && [404, 422].includes(error.status)) return <NoSuchOrder />;
  if (error instanceof ProblemError && error.status === 409) return <Unavailable order={order} reason={error} />;
  const retry = () => void Promise.all([card.refetch(), defaults.refetch(), generated.refetch()]);
  if (!card.data || !defaults.data || !generated.data)
    return error ? <ProblemAlert error={error} onRetry={retry} /> : <PageLoading />;
  return (
    <div className="stack">
      <PageHeading extra={<Link to={`/orders/${order}`}>Вернуться к заказу {card.data.number}</Link>}>
        Сформировать договор
      </PageHeading>
      <ProblemAlert error={error} onRetry={retry} />
      <Contract card={card.data} defaults={defaults.data} documents={generated.data} />
    </div>
  );
}

function NoSuchOrder() {
  return (
    <NotFound
      title="Такого заказа для вас нет"
      subTitle="Проверьте адрес. Если это ваш заказ в другой роли, смените роль."
      extra={<Link to="/orders">Мои заказы</Link>}
    />
  );
}

/** Shown while the order accepts no contract of this user; what he typed stays on the device. */
function Unavailable({ order, reason }: { order: string; reason: ProblemError }) {
  return (
    <Result
      status="info"
      title="Договор сейчас не формируется"
      subTitle={reason.problem.detail}
      extra={<Link to={`/orders/${order}`}>Открыть заказ</Link>}
    />
  );
}

interface ContractProps {
  card: OrderCard;
  defaults: ContractDefaults;
  documents: readonly GeneratedDocument[];
}

const editing = 'edit';

function Contract({ card, defaults, documents }: ContractProps) {
  // The open form is in the address: a sign-in in between leads back to it.
  const [search, setSearch] = useSearchParams();
  const [generatedHere, setGeneratedHere] = useState(false);
  const [source, setSource] = useState<Source>('generated');
  const openSending = useSending(card);
  const navigate = useNavigate();
  const newest = newestContract(documents);
  const ready = readyContract(documents);
  // A contract that came back is not the one to send again.
  const current = ready && (defaults.sent || !wasSent(card, ready)) ? ready : undefined;
  const show = (edit: boolean) => setSearch(edit ? { [editing]: 'true' } : {}, { replace: true });
  const canSend = card.actions.some(({ kind, open }) => kind === 'send-contract' && open);
  const isEdited = search.has(editing);
  if (newest?.status === 'making' && !isEdited) return <Making />;
  return (
    <>
      {defaults.sent && <SentNotice />}
      {current && !isEdited ? (
        <GeneratedPreview
          order={card.id}
          document={current}
          focused={generatedHere}
          onSend={canSend ? () => openSending((values) => withGenerated(values, current)) : undefined}
          onEdit={() => show(true)}
          onSave={() => void navigate(`/orders/${card.id}`)}
        />
      ) : (
        <>
          {newest?.status === 'failed' && <FailedNotice document={newest} />}
          <SourceChoice source={source} onChange={setSource} />
          {source === 'own' ? (
            <OwnFile onOpen={canSend ? () => openSending(withOwn) : undefined} />
          ) : (
            <ContractEditor
              order={card.id}
              defaults={defaults}
              onBack={current && (() => show(false))}
              onGenerated={() => {
                setGeneratedHere(true);
                show(false);
              }}
            />
          )}
        </>
      )}
    </>
  );
}

/** Opens the form that signs and sends the contract; what was typed there before stays. */
function useSending(card: OrderCard) {
  const navigate = useNavigate();
  const draft = useDraft<SendContractValues>(draftName(card.id, 'send-contract'));
  return (choose: (values: SendContractValues) => SendContractValues) => {
    draft.save(choose(draft.saved ?? sendContract.initial?.(card) ?? {}));
    void navigate(signingPath(card.id, 'send-contract'));
  };
}

/** «Собственный файл» or «Сформировать автоматически». */
function SourceChoice({ source, onChange }: { source: Source; onChange: (source: Source) => void }) {
  return (
    <Card title={<h2>Какой будет договор</h2>}>
      <Radio.Group
        className="choices"
        aria-label="Какой будет договор"
        value={source}
        onChange={({ target }) => onChange(target.value as Source)}
        options={[
          { value: 'generated', label: 'Сформировать автоматически: по данным заказа и сторон' },
          { value: 'own', label: 'Собственный файл' },
        ]}
      />
    </Card>
  );
}

function OwnFile({ onOpen }: { onOpen: (() => void) | undefined }) {
  return (
    <Card title={<h2>Собственный файл</h2>}>
      <p>Приложите готовый договор в формате PDF/A, подпишите его и укажите его условия.</p>
      <Button type="primary" disabled={!onOpen} onClick={onOpen}>
        Отправить договор
      </Button>
      {!onOpen && <p className="note">Договор уже отправлен. Чтобы отправить другой, сначала отзовите его.</p>}
    </Card>
  );
}

function SentNotice() {
  return (
    <Alert
      type="warning"
      showIcon
      title="Договор уже отправлен заказчику, он его ещё не подписал"
      description="Если сформировать новый договор, отправленный будет отозван, а ваша подпись под ним перестанет действовать."
    />
  );
}

function Making() {
  return (
    <Card>
      <p role="status">Договор формируется. Он появится здесь сам.</p>
    </Card>
  );
}
