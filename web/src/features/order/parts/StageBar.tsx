import type { StageCode } from '@/shared/codes';
import { useQuery } from '@tanstack/react-query';
import { Grid } from 'antd';
import { stages as stageList } from '@/shared/api/reference';
import { historyQuery } from '@/features/order/queries';
import type { OrderCard } from '@/shared/api/order';
import { stageOnBar, stagesOf } from '@/features/order/stages';

/**
 * Shows the stages of the order with the manual's names, and the current one. On a phone it shows
 * only the current and the next stage.
 */
export function StageBar({ card }: { card: OrderCard }) {
  const { data: names } = useQuery({ ...stageList, staleTime: 'static' });
  const { data: history = [] } = useQuery(historyQuery(card.id));
  const wide = Grid.useBreakpoint().lg ?? true;
  const stages = stagesOf(card);
  const currentStage = stageOnBar(card.stage.code, history);
  const current = currentStage ? stages.indexOf(currentStage) : -1;
  if (!names || current < 0) return null;
  const nameOf = (code: StageCode | undefined) => names.find((stage) => stage.code === code)?.heading ?? '';
  const finished = card.stage.code === 'completed';
  if (!wide) {
    return (
      <p className="order-way">
        Этап {current + 1} из {stages.length}: <strong>{nameOf(stages[current])}</strong>
        {!finished && stages[current + 1] && <span className="note">. Дальше: {nameOf(stages[current + 1])}</span>}
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

/** Shows the stages as a list: the completed ones, the current one and the later ones. */
export function StageSteps({ names, current, stopped }: { names: string[]; current: number; stopped: boolean }) {
  return (
    <ol className="order-steps">
      {names.map((name, at) => (
        <li key={name} className={stepClass(at - current, stopped)} aria-current={at === current ? 'step' : undefined}>
          {at < current && <span className="visually-hidden">Пройден: </span>}
          {name}
        </li>
      ))}
    </ol>
  );
}

function stepClass(offset: number, stopped: boolean): string {
  if (offset === 0) return stopped ? 'stopped' : 'now';
  return offset < 0 ? 'done' : 'ahead';
}
