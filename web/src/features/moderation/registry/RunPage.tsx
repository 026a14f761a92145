import { useQuery } from '@tanstack/react-query';
import { Card } from 'antd';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { ProblemError } from '@/shared/api/problem';
import { type Fact, Facts } from '@/shared/ui/Facts';
import { NotFound } from '@/shared/ui/NotFound';
import { PageHeading } from '@/shared/ui/PageHeading';
import { PageLoading } from '@/shared/ui/PageLoading';
import { ProblemAlert } from '@/shared/ui/ProblemAlert';
import { formatDateTime } from '@/shared/lib/dates';
import { DifferenceView } from './DifferenceView';
import { type RunReport, runQuery } from './queries';
import { RunBadge } from './RunBadge';
import { RunDecision } from './RunDecision';
import { durationText } from './labels';
import '@/features/moderation/moderation.css';

/** Shows the report of one run, and the decision on it while it awaits approval. */
export default function RunPage() {
  const { run = '' } = useParams();
  const [awaited, setAwaited] = useState<string>();
  const { data, error, refetch } = useQuery(runQuery(run, awaited === run));
  if (error instanceof ProblemError && [404, 422].includes(error.status)) {
    return (
      <NotFound
        title={<h1>Такой загрузки нет</h1>}
        extra={<Link to="/moderation/registry">Все загрузки реестра СРО</Link>}
      />
    );
  }
  if (!data) return error ? <ProblemAlert error={error} onRetry={() => void refetch()} /> : <PageLoading />;
  return <Report run={data} onAwait={() => setAwaited(run)} />;
}

function Report({ run, onAwait }: { run: RunReport; onAwait: () => void }) {
  const { verdict, startedAt, reason, difference, workflow } = run;
  return (
    <div className="stack">
      <PageHeading>Загрузка реестра СРО от {formatDateTime(startedAt)}</PageHeading>
      <p>
        <RunBadge verdict={verdict} /> {reason}
      </p>
      {workflow && verdict !== 'missed' && (
        <p>
          <a href={workflow} target="_blank" rel="noopener noreferrer">
            Открыть загрузку в Temporal UI
          </a>
        </p>
      )}
      {difference && <DifferenceView difference={difference} run={run} />}
      <RunDecision run={run} onAwait={onAwait} />
      <Card title={<h2>Отчёт</h2>}>
        <Facts items={factsOf(run)} />
      </Card>
    </div>
  );
}

const count = (n: number) => n.toLocaleString('ru-RU');

function factsOf(run: RunReport): Fact[] {
  const awaitsApproval = run.verdict === 'held';
  return [
    ['Начало', formatDateTime(run.startedAt)],
    ['Конец', run.endedAt && formatDateTime(run.endedAt)],
    ['Снимок от', run.asOf && formatDateTime(run.asOf)],
    ['Код причины', run.code !== 'applied' && run.code],
    ['Строк в снимке', count(run.rows)],
    ['Действующих инженеров до загрузки', count(run.active)],
    ['Новых', count(run.added)],
    [awaitsApproval ? 'Потеряют статус' : 'Потеряли статус', count(run.lost)],
    [awaitsApproval ? 'Вернут статус' : 'Вернули статус', count(run.restored)],
    ['Другие изменения', count(run.changed)],
    ['Оповещено заказов', count(run.notified)],
    ['Из них уже закрыты', run.skipped > 0 && count(run.skipped)],
    ['Длительность', stepsText(run)],
    ['Кто решил', run.operator],
    ['Почему', run.decision],
  ];
}

function stepsText({ millis, steps }: RunReport): string | undefined {
  if (millis === 0) return undefined;
  const parts = [
    ['получение', steps.fetch],
    ['чтение', steps.stage],
    ['сравнение', steps.compare],
    ['применение', steps.apply],
    ['оповещение заказов', steps.notify],
  ] as const;
  return `${durationText(millis)}: ${parts.map(([what, took]) => `${what} ${durationText(took)}`).join(', ')}`;
}
