import { create } from 'zustand';

/** How the page stands with its host. `lost` is shown to the writer; calls fail with `host/disconnected` meanwhile. */
export type Connection = 'connecting' | 'open' | 'lost';

export const useConnection = create<{ state: Connection; opened: number }>(() => ({
  state: 'connecting',
  /** How many times a connection was opened; changes tell watchers to subscribe again. */
  opened: 0,
}));
