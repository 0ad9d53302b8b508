import { Breakdowns } from './breakdowns.tsx';
import { Cards } from './cards.tsx';
import { LiveFeed } from './live-feed.tsx';
import { SessionTable } from './session-table.tsx';
import { SpendOverTime } from './spend-over-time.tsx';
import { ToolShares } from './tool-shares.tsx';

export function OverviewPage() {
  return (
    <>
      <Cards />
      <SpendOverTime />
      <Breakdowns />
      <LiveFeed />
      <ToolShares />
      <SessionTable />
    </>
  );
}
