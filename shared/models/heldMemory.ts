/** What the models of a process may take by the sums that they were let in with, for whoever watches over the process. */
export interface HeldMemory {
  /** Of those that are loaded or being loaded. */
  readonly heldBytes: number;
  /** Weights of those that are being loaded: a graph is in memory twice while it is opened. */
  readonly loadingBytes: number;
}
