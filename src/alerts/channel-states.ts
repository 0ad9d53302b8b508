import { channelsOn } from '../core/alert/alert.ts';
import { type ChannelJson, channelReport } from '../reports/alerts.ts';
import type { Environment } from '../sources/machine/paths.ts';
import type { Settings } from '../sources/settings/file.ts';
import { readChannelStates } from '../store/alerts/reader.ts';
import type { Ledger } from '../store/connection/open.ts';
import { channelProblems } from './channels/index.ts';

/** The state of each channel that is on or has pending alerts, for every output that reports failing ones. */
export function channelStates(db: Ledger, settings: Settings, env: Environment): ChannelJson[] {
  const problems = channelProblems(settings, env);
  return channelReport(readChannelStates(db), channelsOn(settings.alerts), problems);
}
