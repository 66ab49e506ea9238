import type { WriteContext, WriteEvent } from '#shared/models/task.ts';

/** A scene in a cave, with two characters. */
export const caveScene: WriteContext = {
  language: 'en',
  storyTitle: 'The Crystal Guardian',
  storySummary: 'A crystal keeps a village safe.',
  sceneTitle: 'The cave',
  sceneSummary: 'Elara and her friend Tomas found a shining crystal in a dark cave.',
  authorNote: '',
  instruction: '',
  textBefore: '',
  characters: [
    { name: 'Elara', aliases: [], description: 'a brave young girl with silver hair', visualDescription: '' },
    { name: 'Tomas', aliases: [], description: 'a shy boy who loves animals', visualDescription: '' },
  ],
  before: [],
  pictures: [],
  templates: {},
};

/** The same scene in Chinese. */
export const caveSceneZh: WriteContext = {
  ...caveScene,
  language: 'zh',
  storyTitle: '水晶守护者',
  storySummary: '一颗水晶守护着村庄。',
  sceneTitle: '山洞',
  sceneSummary: '艾拉和好友托马斯在黑暗的山洞里发现了一颗发光的水晶。',
  characters: [
    { name: '艾拉', aliases: [], description: '勇敢的银发少女', visualDescription: '' },
    { name: '托马斯', aliases: [], description: '害羞的男孩，喜欢动物', visualDescription: '' },
  ],
};

type Done = Extract<WriteEvent, { type: 'done' }>;

/** Reads a whole stream: its text, its end and every event. */
export async function collect(
  stream: AsyncIterable<WriteEvent>,
): Promise<{ text: string; done: Done | undefined; events: WriteEvent[] }> {
  const events: WriteEvent[] = [];
  for await (const event of stream) events.push(event);
  const text = events.map((event) => (event.type === 'text' ? event.text : '')).join('');
  return { text, events, done: events.find((event): event is Done => event.type === 'done') };
}
