import { Breakdowns } from './breakdowns.tsx';
import { Cards } from './cards.tsx';
import { Controls } from './controls.tsx';
import { LiveFeed } from './live-feed.tsx';
import { SessionTable } from './session-table.tsx';
import { SpendOverTime } from './spend-over-time.tsx';
import { ToolShares } from './tool-shares.tsx';

export function Overview() {
  return (
    <>
      <h1 className="only-read">What the agents cost</h1>
      <Controls />
      <Cards />
      <SpendOverTime />
      <Breakdowns />
      <LiveFeed />
      <ToolShares />
      <SessionTable />
    </>
  );
}
