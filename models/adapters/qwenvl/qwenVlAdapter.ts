import { PictureReader } from '../../runtime/PictureReader.ts';
import type { ModelAdapter, Turn } from '../adapter.ts';
import { renderChat } from '../chatml.ts';
import { asTurns, type Dialect } from '../dialect.ts';
import { PictureWriter } from '../PictureWriter.ts';

const system = 'You are a helpful assistant.';
const pictureMark = '<|vision_start|><|image_pad|><|vision_end|>';
const chat = (turns: readonly Turn[]) => renderChat(turns, system, pictureMark);

const dialect: Dialect = {
  form: 'chat',
  pictures: 'marks',
  render: (lead, text) => chat(asTurns(lead, text)),
  converse: chat,
};

export const qwenVlAdapter: ModelAdapter = {
  family: 'qwenvl',
  load: async ({ manifest, variant, folder, devices }) =>
    new PictureWriter(
      manifest,
      variant,
      await PictureReader.open(folder, variant.precision, devices),
      dialect,
    ),
};
