import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createCharacter } from '#shared/story/create.ts';
import { act, addScene, Desk, manifestOf, sceneFile, type } from '../support/storyDesk.ts';

test('a story is the same after closing and opening', async () => {
  await using desk = new Desk();
  const folder = await desk.story();
  const first = await desk.open(folder);
  const elara = createCharacter({ name: 'Elara', notes: 'Keeps *everything*.\n', aliases: ['小艾'] });
  await act(first.session, { kind: 'character.add', character: elara, index: 0 });
  const arrival = await addScene(first.session, { title: '抵达 — the harbour', characterIds: [elara.id] });
  await type(first.session, arrival, 'Rain.\n\n\n  Still rain.\n');
  await act(first.session, {
    kind: 'alternative.add',
    id: arrival,
    index: 0,
    alternative: { id: 'a1', text: 'Snow.', createdAt: '2026-01-01T00:00:00Z', modelId: 'm', seed: 7 },
  });
  const before = first.session.story;
  await first.sessions.closeAll();

  const second = await desk.open(folder);
  expect(second.opened.notices).toEqual([]);
  await second.session.readTexts([arrival]);
  expect(second.session.story).toEqual(before);
});

test('texts are not read before somebody asks for them', async () => {
  await using desk = new Desk();
  const folder = await desk.story();
  const first = await desk.open(folder);
  const id = await addScene(first.session, { text: 'Words.' });
  await first.sessions.closeAll();
  const second = await desk.open(folder);
  expect(second.opened.story.scenes[id]).toMatchObject({ text: null, title: 'Arrival' });
  expect(await second.session.readTexts([id])).toEqual(new Map([[id, 'Words.']]));
});

test('editing the head keeps every byte of the body and everything else in the head', async () => {
  await using desk = new Desk();
  const folder = await desk.story();
  const first = await desk.open(folder);
  const id = await addScene(first.session);
  await first.sessions.closeAll();
  const path = join(folder, await sceneFile(folder, 'arrival'));
  const body = 'Line one\r\nline two  \r\n\r\n\tend without newline';
  const head = `id: ${id}\n# the harbour, not the airport\ntitle: "Arrival"\nstatus: draft\nlang: en\nmood: { weather: [rain, fog] }\n`;
  await writeFile(path, `---\n${head}---\n${body}`);

  const second = await desk.open(folder);
  await act(second.session, { kind: 'scene.update', id, patch: { summary: 'She lands.' } });
  await second.sessions.closeAll();
  const after = await readFile(path, 'utf8');
  expect(after.endsWith(`---\n\n${body}`)).toBe(true);
  expect(after).toContain('# the harbour, not the airport');
  expect(after).toContain('title: "Arrival"');
  expect(after).toContain('mood: { weather: [ rain, fog ] }');
  expect(after).toContain('summary: She lands.');
});

test('a file that nobody touched is not written', async () => {
  await using desk = new Desk();
  const folder = await desk.story();
  const first = await desk.open(folder);
  const one = await addScene(first.session, { title: 'One', text: 'a' });
  await addScene(first.session, { title: 'Two', text: 'b' });
  await first.sessions.closeAll();
  const path = join(folder, await sceneFile(folder, 'two'));
  const before = await stat(path, { bigint: true });
  const second = await desk.open(folder);
  await type(second.session, one, ' more');
  await second.session.save();
  await second.sessions.closeAll();
  const after = await stat(path, { bigint: true });
  expect([after.ino, after.ctimeNs]).toEqual([before.ino, before.ctimeNs]);
});

test('the manifest has sorted keys, unknown ones survive, and the cache folder is ignored by git', async () => {
  await using desk = new Desk();
  const folder = await desk.story();
  const manifest = await manifestOf(folder);
  await writeFile(join(folder, 'story.json'), JSON.stringify({ ...manifest, plugin: { zebra: 1 } }));
  const { session, sessions } = await desk.open(folder);
  await act(session, { kind: 'story.update', patch: { title: 'Another' } });
  await sessions.closeAll();
  const text = await readFile(join(folder, 'story.json'), 'utf8');
  const keys = Object.keys(JSON.parse(text) as object);
  expect(keys).toEqual(keys.toSorted());
  expect(JSON.parse(text)).toMatchObject({ plugin: { zebra: 1 }, title: 'Another', format: 1 });
  expect(await readFile(join(folder, '.gitignore'), 'utf8')).toContain('.storyloom/');
  expect(await readdir(folder)).toEqual(
    expect.arrayContaining(['.gitignore', '.storyloom', 'characters', 'images', 'scenes', 'story.json']),
  );
});
