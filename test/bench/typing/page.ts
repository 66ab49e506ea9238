import '#renderer/styles/tokens.css';
import '#renderer/styles/base.css';
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { SceneEditor } from '#renderer/features/editor/SceneEditor.tsx';
import { AssistantPanel } from '#renderer/features/suggestions/AssistantPanel.tsx';
import { startI18n } from '#renderer/i18n/i18n.ts';
import { onMenuAction, useApp } from '#renderer/stores/appStore.ts';
import { select } from '#renderer/stores/selectionStore.ts';
import { redo, showStory, undo, useStoryStore } from '#renderer/stores/storyStore.ts';
import { SessionId } from '#shared/contract/studio.ts';
import { createScene, createStory } from '#shared/story/create.ts';
import { ImageId, SceneId } from '#shared/story/ids.ts';
import { StoryImage } from '#shared/story/image.ts';
import { longScene } from './longScene.ts';

const query = new URLSearchParams(location.search);
const language = query.get('lang') === 'zh' ? 'zh' : 'en';
const theme = query.get('theme') ?? 'light';
const words = Number(query.get('words') ?? 10_000);

const image = (index: number): StoryImage =>
  StoryImage.parse({
    id: ImageId.parse(String(index).padStart(64, '0')),
    file: `picture-${index}.png`,
    originalName: `picture-${index}.png`,
    format: 'png',
    width: 800,
    height: 500,
    bytes: 1000,
    animated: false,
    alt: { en: `Picture ${index}`, zh: `图片 ${index}` },
    caption: { en: `Caption ${index}`, zh: `图注 ${index}` },
    tags: [],
    credit: '',
    licence: '',
    source: '',
  });

const images = Array.from({ length: 12 }, (_none, index) => image(index));
const text = query.get('text') ?? longScene({ words, language, pictures: images.map(({ file }) => file) });
const scene = createScene({ id: SceneId.parse('scene00001'), lang: language, title: 'The long night', text });
const other = createScene({
  id: SceneId.parse('scene00002'),
  lang: language,
  title: 'Another',
  text: 'Short.\n',
});
const story = {
  ...createStory('Bench', language),
  scenes: { [scene.id]: scene, [other.id]: other },
  outline: [
    { kind: 'scene' as const, id: scene.id },
    { kind: 'scene' as const, id: other.id },
  ],
  images: Object.fromEntries(images.map((one) => [one.id, one])),
};

document.documentElement.dataset['theme'] = theme;
startI18n(language);
showStory({
  sessionId: SessionId.parse('bench-session'),
  folder: 'bench',
  story,
  revision: 0,
  readOnly: null,
  notices: [],
});
select({ sceneId: scene.id });
onMenuAction((action) => {
  if (action === 'undo') undo();
  if (action === 'redo') redo();
});
Object.assign(window, {
  textNow: () => useStoryStore.getState().story?.scenes[scene.id]?.text,
  useStoryStore,
  useApp,
  select,
});

const layout = createElement(
  'div',
  { style: { display: 'flex', flex: 1, minWidth: 0 } },
  createElement(SceneEditor, { sceneId: scene.id }),
  query.has('assistant') ? createElement(AssistantPanel, { sceneId: scene.id }) : null,
);
const root = document.querySelector<HTMLElement>('#root');
if (root) {
  root.style.cssText = 'display:flex;height:100%';
  createRoot(root).render(layout);
}
