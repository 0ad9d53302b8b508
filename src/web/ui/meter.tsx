/** How much of a whole; above it the bar is full. Drawn as SVG: its width needs no style of its own. */
export function Meter({
  share,
  tone = 'plain',
  marks = [],
}: {
  share: number;
  tone?: string;
  /** Places to be seen on it, 0 to 1. */
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
