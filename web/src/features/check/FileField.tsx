interface Props {
  id: string;
  label: string;
  hint: string | undefined;
  accept: string | undefined;
  problem: string | undefined;
  disabled: boolean;
  onChoose: (file: File | undefined) => void;
}

/** A field for one file. */
export function FileField({ id, label, hint, accept, problem, disabled, onChoose }: Props) {
  const described = [hint && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(' ');
  return (
    <div className="check-field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="file"
        accept={accept}
        disabled={disabled}
        aria-invalid={problem !== undefined}
        aria-describedby={described || undefined}
        onChange={({ target }) => onChoose(target.files?.[0])}
      />
      {hint && (
        <div id={`${id}-hint`} className="note">
          {hint}
        </div>
      )}
      {problem && (
        <div id={`${id}-problem`} className="check-problem" role="alert">
          {problem}
        </div>
      )}
    </div>
  );
}
