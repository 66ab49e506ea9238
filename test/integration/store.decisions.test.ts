import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { applyCommands } from '#shared/story/apply.ts';
import { createCharacter } from '#shared/story/create.ts';
import type { Decision } from '#shared/story/decision.ts';
import { createSceneId } from '#shared/story/ids.ts';
import { planChange } from '#shared/story/planChange.ts';
import { act, Desk, manifestOf } from '../support/storyDesk.ts';

const elara = createCharacter({ name: 'Elara' });
const intended: Decision = {
  kind: 'intended',
  id: 'd1',
  characterId: elara.id,
  attribute: 'hair.colour',
  fromSceneId: createSceneId(),
};
const ignored: Decision = {
  kind: 'ignored',
  id: 'd2',
  characterId: null,
  attribute: 'weekday',
  statements: ['It was Tuesday.', '那天是星期五。'],
};

test('decisions of the writer are the same after closing and opening, and undo takes one back', async () => {
  await using desk = new Desk();
  const folder = await desk.story();
  const first = await desk.open(folder);
  await act(first.session, { kind: 'character.add', character: elara, index: 0 });
  const before = first.session.story;
  const applied = applyCommands(before, [
    { kind: 'story.update', patch: { decisions: [intended, ignored] } },
  ]);
  await act(first.session, { kind: 'story.update', patch: { decisions: [intended, ignored] } });
  expect(first.session.story.decisions).toEqual([intended, ignored]);
  expect(applyCommands(applied.story, applied.inverses).story.decisions).toEqual([]);
  await first.sessions.closeAll();

  const second = await desk.open(folder);
  expect(second.opened.notices).toEqual([]);
  expect(second.session.story.decisions).toEqual([intended, ignored]);
});

test('a story without decisions says nothing of them in its manifest; nonsense among them costs only itself', async () => {
  await using desk = new Desk();
  const folder = await desk.story();
  const first = await desk.open(folder);
  await first.sessions.closeAll();
  expect(await manifestOf(folder)).not.toHaveProperty('decisions');

  const path = join(folder, 'story.json');
  const manifest = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
  await writeFile(path, JSON.stringify({ ...manifest, decisions: [intended, { kind: 'odd' }, 7] }));
  const second = await desk.open(folder);
  expect(second.session.story.decisions).toEqual([intended]);
});

test('restoring an older state of the story brings its decisions back', async () => {
  await using desk = new Desk();
  const { session } = await desk.open(await desk.story());
  const before = session.story;
  await act(session, { kind: 'story.update', patch: { decisions: [ignored] } });
  const commands = planChange(session.story, before);
  expect(applyCommands(session.story, commands).story.decisions).toEqual([]);
});
