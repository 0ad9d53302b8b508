export interface TooltipRow {
  name: string;
  value: string;
  colour?: string;
}

/** What a chart shows about the datum under the pointer. */
export function TooltipBox({
  title,
  rows,
  total,
}: {
  title: string;
  rows: TooltipRow[];
  total?: string;
}) {
  return (
    <div className="tooltip">
      <p className="tooltip-title">{title}</p>
      <ul>
        {rows.map(({ name, value, colour }) => (
          <li key={name}>
            {colour === undefined ? null : <Swatch colour={colour} />}
            <span className="tooltip-name">{name}</span>
            <span className="tooltip-value">{value}</span>
          </li>
        ))}
        {total === undefined ? null : (
          <li className="tooltip-total">
            <span className="tooltip-name">Total</span>
            <span className="tooltip-value">{total}</span>
          </li>
        )}
      </ul>
    </div>
  );
}

export function Swatch({ colour }: { colour: string }) {
  return (
    <svg className="swatch" viewBox="0 0 10 10" aria-hidden="true">
      <rect width="10" height="10" rx="2.5" fill={colour} />
    </svg>
  );
}
