import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Contract } from '#shared/contract/index.ts';
import { createScene } from '#shared/story/create.ts';
import { openTestStudio, type TestStudio } from '../support/studio.ts';
import { overMessageChannel, overWebSocket } from '../support/transports.ts';

let host: TestStudio;
beforeAll(async () => {
  host = await openTestStudio();
});
afterAll(async () => {
  await host[Symbol.asyncDispose]();
});

const transports = {
  'the desktop’s MessagePort': () => overMessageChannel<Contract>(host.studio.router),
  'the browser’s WebSocket': () => overWebSocket<Contract>(host.studio.router),
};

describe.each(Object.entries(transports))('the studio over %s', (name, start) => {
  test('makes a story, takes edits, saves, closes, opens it again', async () => {
    await using window = await start();
    const { client } = window;
    const opened = await client.projects.create({
      title: `Moon ${name}`,
      language: 'en',
      parentFolder: null,
    });
    const { sessionId, folder } = opened;
    const events = await client.story.watch({ sessionId });
    const scene = createScene({ title: 'Rise', lang: 'en' });
    const { revision } = await client.story.apply({
      sessionId,
      baseRevision: opened.revision,
      commands: [
        { kind: 'scene.add', scene, parentId: null, index: 0 },
        { kind: 'text.edit', id: scene.id, edits: [{ at: 0, removed: '', inserted: 'The moon rose.\n' }] },
      ],
    });
    await client.story.save({ sessionId });
    const seen = await events.next();
    expect(seen.value).toMatchObject({ type: expect.stringMatching(/^(saving|saved)$/) });
    await events.return(undefined);
    await client.projects.close({ sessionId });
    const again = await client.projects.open({ folder });
    const [text] = await client.story.readTexts({ sessionId: again.sessionId, sceneIds: [scene.id] });
    expect({ text: text?.text, revised: revision > opened.revision }).toEqual({
      text: 'The moon rose.\n',
      revised: true,
    });
    await client.projects.close({ sessionId: again.sessionId });
  });

  test('fails with the codes of the contract', async () => {
    await using window = await start();
    const { client } = window;
    await expect(client.projects.open({ folder: `${host.folder}/nowhere` })).rejects.toMatchObject({
      code: 'project/not-found',
    });
    await expect(client.story.save({ sessionId: 'not-open-at-all' })).rejects.toMatchObject({
      code: 'project/closed',
    });
    await expect(client.projects.chooseFolder({ purpose: 'open' })).rejects.toMatchObject({
      code: 'host/unsupported',
    });
    await expect(client.app.openLink({ url: 'file:///etc/passwd' })).rejects.toMatchObject({
      code: 'input/invalid',
    });
    await expect(client.app.updateSettings({ theme: 'neon' as never })).rejects.toMatchObject({
      code: 'input/invalid',
    });
  });

  test('tells a watching window the present states first, then changes of settings and menu actions', async () => {
    await using window = await start();
    const { client } = window;
    const abort = new AbortController();
    const events = await client.app.watch(undefined, { signal: abort.signal });
    const first = [await events.next(), await events.next(), await events.next()];
    expect(first.map(({ value }) => value)).toMatchObject([
      { type: 'engine' },
      { type: 'imaging' },
      { type: 'settings' },
    ]);
    const fontSizePx = name.includes('desktop') ? 20 : 22;
    const { editor } = await client.app.settings();
    await client.app.updateSettings({ editor: { ...editor, fontSizePx } });
    expect((await events.next()).value).toMatchObject({
      type: 'settings',
      settings: { editor: { fontSizePx } },
    });
    host.studio.services.app.menu('find');
    expect((await events.next()).value).toEqual({ type: 'menu', action: 'find' });
    abort.abort();
    await expect(events.next()).rejects.toMatchObject({ code: 'task/cancelled' });
  });

  test('brings the models of the engine process', async () => {
    await using window = await start();
    const models = await window.client.models.list();
    expect(models.map(({ manifest }) => manifest.family)).toContain('text');
    const watching = await window.client.models.watch();
    expect((await watching.next()).value).toHaveLength(models.length);
    await watching.return(undefined);
  });

  test('saves what pages hold when the host is about to close, even what an editor hands over late', async () => {
    await using window = await start();
    const { client } = window;
    const opened = await client.projects.create({
      title: `Last ${name}`,
      language: 'en',
      parentFolder: null,
    });
    const { sessionId } = opened;
    const story = await client.story.watch({ sessionId });
    story.next().catch(() => undefined);
    const scene = createScene({ title: 'Late', lang: 'en' });
    let asked = 0;
    const abort = new AbortController();
    const page = (async () => {
      for await (const event of await client.app.watch(undefined, { signal: abort.signal })) {
        if (event.type !== 'menu' || event.action !== 'save') continue;
        asked += 1;
        await client.story.save({ sessionId });
        if (asked > 1) continue;
        await client.story.apply({
          sessionId,
          baseRevision: opened.revision,
          commands: [
            { kind: 'scene.add', scene: { ...scene, text: 'Last words.\n' }, parentId: null, index: 0 },
          ],
        });
      }
    })().catch(() => undefined);
    await client.app.info();
    await host.studio.savePages();
    expect(asked).toBe(2);
    abort.abort();
    await page;
    await client.projects.close({ sessionId });
    const again = await client.projects.open({ folder: opened.folder });
    const [text] = await client.story.readTexts({ sessionId: again.sessionId, sceneIds: [scene.id] });
    expect(text?.text).toBe('Last words.\n');
    await client.projects.close({ sessionId: again.sessionId });
  });
});
