import { Swatch } from './tooltip.tsx';

export interface LegendEntry {
  key: string;
  name: string;
  colour: string;
  value?: string;
  /** An explanation, shown next to the name. */
  note?: string;
  /** Called to show only this group. */
  onChoose?: (() => void) | undefined;
}

/** What each colour means. */
export function Legend({ label, entries }: { label: string; entries: LegendEntry[] }) {
  return (
    <ul className="legend" aria-label={label}>
      {entries.map(({ onChoose, ...entry }) => (
        <li key={entry.key}>
          {onChoose === undefined ? (
            <span title={entry.note}>
              <Content {...entry} />
            </span>
          ) : (
            <button type="button" title={`Show only ${entry.name}`} onClick={onChoose}>
              <Content {...entry} />
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}

function Content({ name, colour, value, note }: Omit<LegendEntry, 'key' | 'onChoose'>) {
  return (
    <>
      <Swatch colour={colour} />
      <span className="legend-name">{name}</span>
      {value === undefined ? null : <span className="legend-value">{value}</span>}
      {note === undefined ? null : <span className="note">{note}</span>}
    </>
  );
}
