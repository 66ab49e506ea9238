import { create } from 'zustand';
import { AppError } from '#shared/errors/AppError.ts';
import type { ModelId, Precision } from '#shared/models/manifest.ts';
import type { ModelEntry } from '#shared/models/modelState.ts';
import { client } from '../api/client.ts';

/** What went wrong last with a model, until it is tried again. */
export const useModelErrors = create<{ byModel: Readonly<Record<string, AppError>> }>(() => ({
  byModel: {},
}));

/** Installations that this window started, and can stop. */
export const useInstalls = create<{ running: ReadonlySet<ModelId> }>(() => ({ running: new Set() }));
const installs = new Map<ModelId, AbortController>();
const countInstalls = (): void => useInstalls.setState({ running: new Set(installs.keys()) });

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
export async function installModel(modelId: ModelId, precision: Precision): Promise<void> {
  if (installs.has(modelId)) return;
  const controller = new AbortController();
  installs.set(modelId, controller);
  countInstalls();
  forget(modelId);
  try {
    const steps = await client.models.install({ modelId, precision }, { signal: controller.signal });
    for await (const _ of steps) {
      // The list of models carries the progress; this only waits for the end.
    }
  } catch (thrown) {
    if (!controller.signal.aborted) remember(modelId, thrown);
  } finally {
    installs.delete(modelId);
    countInstalls();
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
/** `anyway` where it needs more than the budget and the writer was asked. */
export const loadModel = (modelId: ModelId, precision: Precision, anyway = false) =>
  attempt(modelId, () => client.models.load({ modelId, precision, anyway }));
export const unloadModel = (modelId: ModelId) => attempt(modelId, () => client.models.unload({ modelId }));
export const pinModel = (modelId: ModelId, pinned: boolean) =>
  attempt(modelId, () => client.models.pin({ modelId, pinned }));

/** Takes in a model folder of the computer that runs the studio. */
export const addModelFolder = (path: string): Promise<ModelEntry> =>
  client.models.register({ path, family: null });
/** Looks again at what was dropped into the models folder or taken away. */
export const rescanModels = (): Promise<void> => client.models.rescan();
