import { RightOutlined } from '@ant-design/icons';
import type { Schema } from '@/shared/api/client';
import type { Session } from '@/shared/auth/session';

type Choice = Schema<'Choice'>;

interface Props {
  choices: readonly Choice[];
  current: Session;
  busy: boolean;
  onChoose: (choice: Choice) => void;
}

/** Lists the cabinets, one button each. */
export function RoleList({ choices, current, busy, onChoose }: Props) {
  return (
    <ul className="role-list">
      {choices.map((choice) => {
        const isCurrent = choice.role === current.role && choice.party === current.party;
        return (
          <li key={`${choice.role}.${choice.party ?? ''}`}>
            <button
              type="button"
              className="role-choice"
              disabled={busy}
              aria-current={isCurrent || undefined}
              onClick={() => onChoose(choice)}
            >
              <span>
                <strong>{choice.title}</strong>
                <span className="role-name">{choice.name}</span>
                {isCurrent && <span className="role-current">Сейчас выбрана</span>}
              </span>
              <RightOutlined aria-hidden />
            </button>
          </li>
        );
      })}
    </ul>
  );
}
