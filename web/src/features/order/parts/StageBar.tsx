import { useQuery } from '@tanstack/react-query';
import { Grid } from 'antd';
import { stages as stageList } from '@/shared/api/reference';
import { historyQuery } from '@/features/order/queries';
import type { OrderCard } from '@/shared/api/order';
import { stageOnBar, stagesOf } from '@/features/order/stages';

/** The way of the order under the manual's names, and where it stands on it. On a phone only the step itself and how far it is. */
export function StageBar({ card }: { card: OrderCard }) {
  const { data: names } = useQuery({ ...stageList, staleTime: 'static' });
  const { data: history = [] } = useQuery(historyQuery(card.id));
  const wide = Grid.useBreakpoint().lg ?? true;
  const stages = stagesOf(card);
  const standing = stageOnBar(card.stage.code, history);
  const current = standing ? stages.indexOf(standing) : -1;
  if (!names || current < 0) return null;
  const nameOf = (code: string) => names.find((stage) => stage.code === code)?.heading ?? code;
  const finished = card.stage.code === 'completed';
  if (!wide) {
    return (
      <p className="order-way">
        Этап {current + 1} из {stages.length}: <strong>{nameOf(stages[current] ?? '')}</strong>
        {!finished && stages[current + 1] && (
          <span className="note">. Дальше: {nameOf(stages[current + 1] ?? '')}</span>
        )}
      </p>
    );
  }
  return (
    <nav aria-label="Этапы заказа">
      <StageSteps
        names={stages.map(nameOf)}
        current={finished ? stages.length : current}
        stopped={card.stage.code === 'cancelled' || card.stage.code === 'suspended'}
      />
    </nav>
  );
}

/** The stages as a list: those that are over, the one where the order is, and those to come. */
export function StageSteps({ names, current, stopped }: { names: string[]; current: number; stopped: boolean }) {
  return (
    <ol className="order-steps">
      {names.map((name, at) => (
        <li key={name} className={stepLook(at - current, stopped)} aria-current={at === current ? 'step' : undefined}>
          {at < current && <span className="visually-hidden">Пройден: </span>}
          {name}
        </li>
      ))}
    </ol>
  );
}

function stepLook(ahead: number, stopped: boolean): string {
  if (ahead === 0) return stopped ? 'stopped' : 'now';
  return ahead < 0 ? 'over' : 'ahead';
}
