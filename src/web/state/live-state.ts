import { create } from 'zustand';
import type { RecordJson } from '../../core/record/record-json.ts';

export type LiveState = 'off' | 'connecting' | 'on' | 'lost';

interface Live {
  state: LiveState;
  /** The latest records that arrived while this page was open, newest first. */
  records: RecordJson[];
}

export const useLive = create<Live>(() => ({ state: 'off', records: [] }));
