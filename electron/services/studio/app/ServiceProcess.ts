import type { AnyContractRouter, ContractRouterClient } from '@orpc/contract';
import type { ProcessState } from '#shared/contract/studio.ts';

/** A supervised process as the studio sees it; its client waits for readiness and fails typed. */
export interface ServiceProcess<Contract extends AnyContractRouter> {
  readonly client: ContractRouterClient<Contract, Record<never, never>>;
  readonly status: { readonly state: ProcessState; readonly reason: string };
  subscribe(listener: (status: { state: ProcessState; reason: string }) => void): () => void;
  restart(): void;
}
