import { create } from 'zustand';
import { AppError } from '#shared/errors/AppError.ts';
import type { ModelId } from '#shared/models/manifest.ts';
import { client } from '../api/client.ts';

/** What went wrong last with a model, until it is tried again. */
export const useModelErrors = create<{ byModel: Readonly<Record<string, AppError>> }>(() => ({
  byModel: {},
}));

const installs = new Map<ModelId, AbortController>();

const forget = (modelId: ModelId) =>
  useModelErrors.setState(({ byModel }) => ({
    byModel: Object.fromEntries(Object.entries(byModel).filter(([id]) => id !== modelId)),
  }));
const remember = (modelId: ModelId, thrown: unknown) => {
  const error = AppError.from(thrown);
  if (error.code === 'task/cancelled') return;
  useModelErrors.setState(({ byModel }) => ({ byModel: { ...byModel, [modelId]: error } }));
};

/** Installs a model; goes on while the page is closed, until it ends or is stopped. Progress shows in the list. */
export async function installModel(modelId: ModelId): Promise<void> {
  const controller = new AbortController();
  installs.set(modelId, controller);
  forget(modelId);
  try {
    const steps = await client.models.install({ modelId }, { signal: controller.signal });
    for await (const _ of steps) {
      // The list of models carries the progress; this only waits for the end.
    }
  } catch (thrown) {
    remember(modelId, thrown);
  } finally {
    installs.delete(modelId);
  }
}

export const stopInstalling = (modelId: ModelId): void => installs.get(modelId)?.abort();

async function attempt(modelId: ModelId, action: () => Promise<unknown>): Promise<void> {
  forget(modelId);
  try {
    await action();
  } catch (thrown) {
    remember(modelId, thrown);
  }
}

export const uninstallModel = (modelId: ModelId) =>
  attempt(modelId, () => client.models.uninstall({ modelId }));
export const loadModel = (modelId: ModelId) => attempt(modelId, () => client.models.load({ modelId }));
export const unloadModel = (modelId: ModelId) => attempt(modelId, () => client.models.unload({ modelId }));
export const pinModel = (modelId: ModelId, pinned: boolean) =>
  attempt(modelId, () => client.models.pin({ modelId, pinned }));
