import type { DescriptionStyle } from '#shared/text/prompts/describePicture.ts';
import type { Turn } from '../adapter.ts';
import { type Dialect, renderContinuation } from '../dialect.ts';
import { pictureAdapter } from '../PictureWriter.ts';

/** What Florence-2 was trained to be asked for each of the tasks that we use, by the names that its processor gives them. */
const tasks = {
  '<CAPTION>': 'What does the image describe?',
  '<DETAILED_CAPTION>': 'Describe in detail what is shown in the image.',
  '<MORE_DETAILED_CAPTION>': 'Describe with a paragraph what is shown in the image.',
} as const;
type Task = keyof typeof tasks;

const taskOf: Readonly<Record<DescriptionStyle, Task>> = {
  alt: '<CAPTION>',
  detailed: '<MORE_DETAILED_CAPTION>',
  story: '<MORE_DETAILED_CAPTION>',
};

const isTask = (text: string): text is Task => Object.hasOwn(tasks, text);

/** It knows no conversation: the last thing it was asked is all it is asked. */
function renderTask(turns: readonly Turn[]): string {
  const text = turns.findLast(({ role }) => role === 'user')?.text ?? '';
  return isTask(text) ? tasks[text] : text;
}

const dialect: Dialect = {
  form: 'continue',
  pictures: 'first',
  render: renderContinuation,
  converse: renderTask,
  caption: (style) => taskOf[style],
};

/** A captioner: it describes pictures, and answers no questions about them. */
export const florence2Adapter = pictureAdapter('florence2', () => dialect);
