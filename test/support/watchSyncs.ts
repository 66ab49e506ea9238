import { readlinkSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

/** The files and folders that this process brings to the disk, by the name each has at that moment. Linux alone. */
export async function watchSyncs(): Promise<Disposable & { readonly paths: readonly string[] }> {
  const handle = await open('/dev/null');
  const prototype = Object.getPrototypeOf(handle) as { sync(this: FileHandle): Promise<void> };
  await handle.close();
  const { sync } = prototype;
  const paths: string[] = [];
  prototype.sync = function () {
    paths.push(readlinkSync(`/proc/self/fd/${String(this.fd)}`));
    return sync.call(this);
  };
  return {
    paths,
    [Symbol.dispose]: () => {
      prototype.sync = sync;
    },
  };
}
