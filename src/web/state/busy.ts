import { create } from 'zustand';

/** What the frame knows of the questions that the content asks. */
export const useBusy = create<{ isBusy: boolean; refresh: () => void }>(() => ({
  isBusy: true,
  refresh: () => undefined,
}));
