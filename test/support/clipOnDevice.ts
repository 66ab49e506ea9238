import { join } from 'node:path';
import { clipAdapter } from '#models/adapters/clip/ClipModel.ts';
import { findModel, manifestOf } from '#models/manager/foundModel.ts';
import { Device } from '#shared/models/devices.ts';

/** Encodes a text and a picture with the tiny CLIP on the devices of the command line, and says where it ran. */
const devices = process.argv.slice(2).map((name) => Device.parse(name));
const never = new AbortController().signal;
const rgb = Uint8Array.from({ length: 64 * 64 * 3 }, (_, index) => (index * 7) % 251);

const found = await findModel(join(import.meta.dirname, '../fixtures/parity/clip'));
const [variant] = found.variants;
if (!variant) throw new Error('the fixture has no variant');
const { folder } = found;
await using model = await clipAdapter.load({
  manifest: manifestOf(found, undefined),
  variant,
  folder,
  devices,
});
const [text = []] = await model.encodeText(['a red lantern'], never);
const [picture = []] = await model.encodeImage([{ width: 64, height: 64, rgb }], never);
console.log(JSON.stringify({ placement: model.placement, vectors: [Array.from(text), Array.from(picture)] }));
