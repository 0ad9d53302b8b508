/** A bar for a share, full above 1. Drawn as SVG, so that its width needs no inline style. */
export function Meter({
  share,
  tone = 'plain',
  marks = [],
}: {
  share: number;
  tone?: string;
  /** Positions of marks on the bar, 0 to 1. */
  marks?: number[];
}) {
  const width = Math.max(0, Math.min(1, share)) * 100;
  return (
    <svg
      className={`meter tone-${tone}`}
      viewBox="0 0 100 8"
      preserveAspectRatio="none"
      aria-hidden
    >
      <rect className="meter-track" width="100" height="8" />
      <rect className="meter-fill" width={width} height="8" />
      {marks.map((mark) => (
        <line
          key={mark}
          className="meter-mark"
          x1={mark * 100}
          x2={mark * 100}
          y2="8"
          vectorEffect="non-scaling-stroke"
        />
      ))}
    </svg>
  );
}
