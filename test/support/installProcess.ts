import { ModelStore } from '#models/manager/ModelStore.ts';
import { hubModel } from './hubModel.ts';

/** A process that installs the hub's model into a folder and tells its parent how it goes. */
const [endpoint = '', folder = ''] = process.argv.slice(2);
const store = new ModelStore(folder, null, { endpoint, pace: 0.01 });
let told = false;
await store.install(
  hubModel,
  'q8',
  ({ receivedBytes }) => {
    if (!told && receivedBytes > 0) process.send?.('receiving');
    told ||= receivedBytes > 0;
  },
  new AbortController().signal,
);
process.send?.('installed');
process.disconnect();
