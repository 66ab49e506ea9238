import type { Turn } from '../adapter.ts';
import { renderChat } from '../chatml.ts';
import { asTurns, type Dialect } from '../dialect.ts';
import { pictureAdapter } from '../PictureWriter.ts';

const system = 'You are a helpful assistant.';
const pictureMark = '<|vision_start|><|image_pad|><|vision_end|>';
const chat = (turns: readonly Turn[]) => renderChat(turns, system, pictureMark);

const dialect: Dialect = {
  form: 'chat',
  pictures: 'marks',
  render: (lead, text) => chat(asTurns(lead, text)),
  converse: chat,
};

export const qwenVlAdapter = pictureAdapter('qwenvl', () => dialect);
