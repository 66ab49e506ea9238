import { AppError } from '#shared/errors/AppError.ts';
import type { Precision } from '#shared/models/manifest.ts';
import type { ModelStore } from './ModelStore.ts';
import type { Installation, Slot } from './Slot.ts';
import type { InstallProgress } from './TransferSpeed.ts';

const start: InstallProgress = {
  phase: 'download',
  progress: 0,
  receivedBytes: 0,
  totalBytes: null,
  bytesPerSecond: null,
  remainingSeconds: null,
};

/** Starts to install a variant; `onChange` is told of every step. A failure stays with the slot, a cancel does not. */
export function startInstallation(
  store: Pick<ModelStore, 'install'>,
  slot: Slot,
  precision: Precision,
  onEnd: () => Promise<void>,
  onChange: () => void,
): Installation {
  const abort = new AbortController();
  const installation: Installation = {
    precision,
    abort,
    done: Promise.resolve().then(run),
    watchers: 0,
    progress: start,
  };
  installation.done.catch(() => undefined);
  return installation;

  async function run(): Promise<void> {
    const onProgress = (progress: InstallProgress) => {
      installation.progress = progress;
      onChange();
    };
    try {
      await store.install(slot.manifest, precision, onProgress, abort.signal);
      slot.failure = null;
      slot.installing = null;
      await onEnd();
    } catch (error) {
      slot.failure = abort.signal.aborted ? null : AppError.from(error);
      throw error;
    } finally {
      slot.installing = null;
      onChange();
    }
  }
}
