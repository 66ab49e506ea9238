import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { createSessions } from '#electron/services/studio/sessions.ts';
import { createScene } from '#shared/story/create.ts';
import { createCli } from '../support/cli.ts';
import { installedModels } from '../support/models.ts';
import { sampleFolder } from '../support/samples.ts';

beforeAll(async () => {
  process.env['STORYLOOM_MODELS'] = await installedModels();
});

/** A story whose sheet says silver and whose scene says black. */
async function tale() {
  const cli = createCli();
  await cli.run(['create', 'Tale', '--language', 'english']);
  const story = (...args: string[]) => ['--story', 'Tale', ...args];
  await cli.run(story('character', 'add', 'Elara', '-d', 'A sorceress with silver hair.'));
  return { ...cli, story };
}

test('a story in which nothing disagrees says so and ends well', async () => {
  const { run, root } = createCli();
  cpSync(sampleFolder('en'), join(root, 'sample'), { recursive: true });
  const { status, result } = await run(['check', 'sample', '--json']);
  expect([status, result]).toMatchObject([0, { status: 'success', findings: [], scenes: 6 }]);
});

test('a contradiction between a sheet and a written scene is printed with both sentences', async () => {
  const { run, root, story } = await tale();
  const sessions = createSessions({
    userDataFolder: join(root, 'other data'),
    autosave: false,
    watch: false,
  });
  const opened = await sessions.open(join(root, 'Tale'));
  const scene = createScene({ lang: 'en', title: 'Rain', text: 'Elara pushed back her black hair.' });
  const session = sessions.get(opened.sessionId);
  await session.apply(session.revision, [{ kind: 'scene.add', scene, parentId: null, index: 0 }]);
  await sessions.closeAll();

  const asJson = await run(story('check', '--json'));
  expect([asJson.status, asJson.result]).toMatchObject([
    0,
    {
      findings: [
        {
          kind: 'look',
          character: 'Elara',
          attribute: 'hair.colour',
          a: { words: 'silver', evidence: { kind: 'sheet' } },
          b: { words: 'black', evidence: { kind: 'scene', sentence: 'Elara pushed back her black hair.' } },
        },
      ],
    },
  ]);
  const forPeople = await run(story('check'));
  expect(forPeople.out).toContain('1 Rain: Elara pushed back her black hair.');
  expect(forPeople.out).toContain('1 contradiction');
  expect((await run(story('check', '--scene', '9', '--json'))).status).toBe(2);
});
