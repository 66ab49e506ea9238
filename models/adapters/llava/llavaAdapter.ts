import type { Turn } from '../adapter.ts';
import { renderChat } from '../chatml.ts';
import { asTurns, type Dialect } from '../dialect.ts';
import { pictureAdapter } from '../PictureWriter.ts';

const pictureMark = '<image>\n';

/** Vicuna's conversation, as LLaVA 1.5 was trained on it. */
function renderVicuna(turns: readonly Turn[]): string {
  const parts = turns.map(({ role, text, pictures }, index) => {
    if (role === 'user') return `USER: ${pictureMark.repeat(pictures)}${text} `;
    const end = index === turns.length - 1 ? '' : '</s>';
    return `ASSISTANT:${text === '' ? '' : ` ${text}`}${end}`;
  });
  return parts.join('') + (turns.at(-1)?.role === 'assistant' ? '' : 'ASSISTANT:');
}

const vicuna: Dialect = {
  form: 'chat',
  pictures: 'marks',
  render: (lead, text) => renderVicuna(asTurns(lead, text)),
  converse: renderVicuna,
};

/** LLaVA-OneVision speaks as the Qwen2 that it was made from. */
const chat = (turns: readonly Turn[]) => renderChat(turns, 'You are a helpful assistant.', pictureMark);
const qwen: Dialect = {
  form: 'chat',
  pictures: 'marks',
  render: (lead, text) => chat(asTurns(lead, text)),
  converse: chat,
};

export const llavaAdapter = pictureAdapter('llava', ({ architecture }) =>
  architecture === 'llava-onevision' ? qwen : vicuna,
);
