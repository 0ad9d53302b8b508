import { create } from 'zustand';

/** The state of the content's requests, for the frame. */
export const useBusy = create<{ isBusy: boolean; refresh: () => void }>(() => ({
  isBusy: true,
  refresh: () => undefined,
}));
