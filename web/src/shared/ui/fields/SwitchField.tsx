import { Switch } from 'antd';
import { useId } from 'react';
import './fields.css';

interface Props {
  label: string;
  /** What the current position means. */
  note: string;
  checked: boolean;
  loading?: boolean;
  onChange: (checked: boolean) => void;
}

/** «Переключатель»: light-blue when active, grey when passive. */
export function SwitchField({ label, note, checked, loading = false, onChange }: Props) {
  const id = useId();
  return (
    <div className="switch-field">
      <Switch className="switch" aria-labelledby={id} checked={checked} loading={loading} onChange={onChange} />
      <div>
        <div id={id}>{label}</div>
        <div className="note" role="status">
          {note}
        </div>
      </div>
    </div>
  );
}
