import { adapters } from '#models/adapters/registry.ts';
import { catalog } from '#models/catalog/catalog.ts';
import { TaskCoordinator } from '#models/coordinator/TaskCoordinator.ts';
import { ModelManager } from '#models/manager/ModelManager.ts';
import { ModelStore } from '#models/manager/ModelStore.ts';
import { createEngineRouter } from './createEngineRouter.ts';

export interface EngineOptions {
  /** Where models are installed. */
  readonly modelsFolder: string;
  /** Models that came with the application; `null` when there are none. */
  readonly builtInModelsFolder: string | null;
  readonly budgetBytes: number;
  readonly idleMs: number;
}

/** The engine's services over the real models, ready to be served. */
export async function openEngine({ modelsFolder, builtInModelsFolder, budgetBytes, idleMs }: EngineOptions) {
  const store = new ModelStore(modelsFolder, builtInModelsFolder);
  const manager = await ModelManager.open({ catalog, adapters, store, budgetBytes, idleMs });
  return createEngineRouter(manager, new TaskCoordinator(manager));
}
