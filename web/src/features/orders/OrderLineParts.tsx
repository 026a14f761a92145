import type { SessionRole } from '@/shared/codes';
import { Link } from 'react-router';
import { formatDateTime, formatRelative } from '@/shared/lib/dates';
import { deadlineText } from '@/shared/lib/deadline';
import { counted } from '@/shared/lib/plural';
import { termText } from '@/shared/lib/term';
import { orderPath, otherChosen, priceText, stageTone, nextStepText } from '@/shared/lib/orderTexts';
import type { OrderLine } from './queries';

// The parts of one order that the table and the cards on a phone have in common.

interface Props {
  line: OrderLine;
  role: SessionRole;
}

export function NumberLink({ line, role }: Props) {
  return (
    <Link to={orderPath(line.id, line.stage.code, role)} className="order-number">
      {line.number}
    </Link>
  );
}

export function Updated({ line }: { line: OrderLine }) {
  return (
    <time className="note" dateTime={line.updatedAt} title={formatDateTime(line.updatedAt)}>
      обновлён {formatRelative(line.updatedAt)}
    </time>
  );
}

export function WorkAndPlace({ line }: { line: OrderLine }) {
  if (!line.workKind && !line.region) return <span className="note">ещё не заполнено</span>;
  return (
    <>
      <div>{line.workKind?.label}</div>
      <div className="note">{line.region?.label}</div>
    </>
  );
}

export function PriceAndTerm({ line }: { line: OrderLine }) {
  if (!line.workKind) return <>—</>;
  return (
    <>
      <div>{priceText(line)}</div>
      <div className="note">{termText(line)}</div>
      {line.prepayment && <div className="note">с предоплатой</div>}
      {line.registration && <div className="note">с ГКУ/ГРП</div>}
    </>
  );
}

export function StageBadge({ line }: { line: OrderLine }) {
  return (
    <>
      <span className={`badge ${stageTone(line.stage.code)}`}>{line.stage.label}</span>
      {line.stage.code === 'selection' && (
        <div className="note">
          {line.responses > 0 ? counted(line.responses, 'отклик', 'отклика', 'откликов') : 'откликов пока нет'}
        </div>
      )}
    </>
  );
}

export function Waiting({ line, role }: Props) {
  const { waits } = line;
  if (!waits) return <>{line.otherChosen ? otherChosen : '—'}</>;
  const nextStep = waits.forHead ? 'Шаг руководителя организации' : nextStepText(waits.from, role);
  const term = deadlineText(waits);
  return (
    <>
      <div>Ждёт {waits.what}</div>
      {nextStep && <div className={waits.from === role && !waits.forHead ? 'own-step' : 'note'}>{nextStep}</div>}
      {term && <div className={waits.overdue ? 'overdue' : 'note'}>{term}</div>}
    </>
  );
}
