import { useId } from 'react';

/** A choice of one among few options, all visible. */
export function Segmented<Value extends string>({
  label,
  options,
  value,
  onChange,
}: {
  label: string;
  options: readonly (readonly [Value, string])[];
  value: Value;
  onChange: (value: Value) => void;
}) {
  const name = useId();
  return (
    <div className="segmented" role="radiogroup" aria-label={label}>
      {options.map(([option, text]) => (
        <label key={option} className={option === value ? 'is-on' : ''}>
          <input
            type="radio"
            name={name}
            value={option}
            checked={option === value}
            onChange={() => onChange(option)}
          />
          <span>{text}</span>
        </label>
      ))}
    </div>
  );
}

/** A choice of one among many options. */
export function Select<Value extends string>({
  label,
  options,
  value,
  onChange,
  isLabelled = false,
}: {
  label: string;
  options: readonly (readonly [Value, string])[];
  value: Value;
  onChange: (value: Value) => void;
  /** Whether the label is visible. */
  isLabelled?: boolean;
}) {
  return (
    <label className="select">
      <span className={isLabelled ? 'select-label' : 'only-read'}>{label}</span>
      <select value={value} onChange={(event) => onChange(event.target.value as Value)}>
        {options.map(([option, text]) => (
          <option key={option} value={option}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

export function Switch({
  label,
  isOn,
  onChange,
  tone,
}: {
  label: string;
  isOn: boolean;
  onChange: (isOn: boolean) => void;
  /** The colour of the dot while the switch is on. */
  tone?: 'good' | 'bad' | 'wait';
}) {
  return (
    <button
      type="button"
      role="switch"
      aria-checked={isOn}
      className={`switch ${isOn ? 'is-on' : ''} ${isOn && tone !== undefined ? `tone-${tone}` : ''}`}
      onClick={() => onChange(!isOn)}
    >
      <span className="switch-dot" aria-hidden="true" />
      {label}
    </button>
  );
}
