import { Alert, Button } from 'antd';
import type { Origin } from './start';

interface Props {
  origin: Origin;
  /** Fills the form in as the platform does. */
  onReset: () => void;
}

const titles = {
  draft: 'В форме то, что вы вводили раньше',
  last: 'В форме значения последнего сформированного документа',
};

/** Says that a form begins with the user's own values, and offers those of the platform. */
export function StartNotice({ origin, onReset }: Props) {
  if (origin === 'platform') return null;
  return (
    <Alert type="info" showIcon title={titles[origin]} action={<Button onClick={onReset}>Заполнить заново</Button>} />
  );
}
