import { Alert, Button, Space } from 'antd';
import type { OwnProfile } from './queries';
import { differences, fieldLabels, type ProfileValues, valuesOf } from './values';

interface Props {
  mine: ProfileValues;
  saved: OwnProfile;
  onKeep: () => void;
  onTake: () => void;
}

/** The profile was saved in another window: names what differs and asks which state to keep. */
export function ConflictNotice({ mine, saved, onKeep, onTake }: Props) {
  const other = valuesOf(saved);
  const fields = differences(mine, other);
  return (
    <Alert
      type="warning"
      showIcon
      role="alert"
      title="Профиль изменён в другом окне"
      description={
        <>
          <p>Введённое здесь не пропало. Отличается от сохранённого:</p>
          <ul>
            {fields.map((field) => (
              <li key={field}>
                {fieldLabels[field]}
                {typeof other[field] === 'string' && <>: сейчас сохранено «{other[field] || 'пусто'}»</>}
              </li>
            ))}
            {fields.length === 0 && <li>ничего: сохранено то же самое</li>}
          </ul>
          <Space wrap>
            <Button onClick={onKeep}>Оставить введённое здесь</Button>
            <Button onClick={onTake}>Взять сохранённое</Button>
          </Space>
        </>
      }
    />
  );
}
