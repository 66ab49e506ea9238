import { createSessions } from '#electron/services/studio/sessions.ts';
import { createScene } from '#shared/story/create.ts';
import { sceneOrder } from '#shared/story/outline.ts';

/**
 * Types numbered words into a story and saves it in a loop until it is killed. Tells its parent `T n` when word n is
 * typed, `J n` when it is acknowledged, `S n` when a save of everything up to n is.
 */
const [userDataFolder = '', folder = '', first = '0'] = process.argv.slice(2);
const longestScene = 12_000;

const tell = (line: string) => process.stdout.write(`${line}\n`);
const sessions = createSessions({ userDataFolder, watch: false });
const { sessionId } = await sessions.open(folder);
const session = sessions.get(sessionId);
if (session.readOnly !== null) throw new Error(`Read-only: ${session.readOnly}`);

async function lastScene() {
  const id = sceneOrder(session.story.outline).at(-1);
  const length = id === undefined ? longestScene : ((await session.readTexts([id])).get(id)?.length ?? 0);
  if (id !== undefined && length < longestScene) return id;
  const scene = createScene({ lang: 'en', title: 'Words' });
  const index = session.story.outline.length;
  await session.apply(session.revision, [{ kind: 'scene.add', scene, parentId: null, index }]);
  return scene.id;
}

let acknowledged = Number(first) - 1;
async function saveForEver(): Promise<never> {
  for (;;) {
    const upTo = acknowledged;
    await session.save();
    tell(`S ${String(upTo)}`);
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
}

async function typeForEver(): Promise<never> {
  for (let word = Number(first); ; word++) {
    const id = await lastScene();
    const at = session.story.scenes[id]?.text?.length ?? 0;
    tell(`T ${String(word)}`);
    const inserted = `${String(word)} `;
    await session.apply(session.revision, [
      { kind: 'text.edit', id, edits: [{ at, removed: '', inserted }] },
    ]);
    acknowledged = word;
    tell(`J ${String(word)}`);
  }
}

tell('READY');
await Promise.all([typeForEver(), saveForEver()]);
