import { createSessions } from '#electron/services/studio/sessions.ts';
import { AppError } from '#shared/errors/AppError.ts';
import { SceneId } from '#shared/story/ids.ts';

/**
 * Adds one to the number in a shared scene and saves, then in a scene of its own and saves, again and again, whenever it
 * gets the story for writing. Tells how often it was refused.
 */
const [userDataFolder = '', folder = '', shared = '', own = '', turns = '0'] = process.argv.slice(2);
let refused = 0;
for (let done = 0; done < Number(turns); ) {
  const sessions = createSessions({ userDataFolder, autosave: false, watch: false });
  const { sessionId, readOnly } = await sessions.open(folder);
  const session = sessions.get(sessionId);
  if (readOnly === null) {
    for (const id of [SceneId.parse(shared), SceneId.parse(own)]) {
      const removed = (await session.readTexts([id])).get(id) ?? '';
      const inserted = String(Number(removed) + 1);
      const edits = [{ at: 0, removed, inserted }];
      await session.apply(session.revision, [{ kind: 'text.edit', id, edits }]);
      await session.save();
    }
    done += 1;
  } else if (readOnly === 'open-elsewhere') {
    refused += 1;
    const thrown = await session
      .apply(0, [{ kind: 'story.update', patch: {} }])
      .catch((error: unknown) => error);
    if (AppError.from(thrown).code !== 'project/read-only') throw new Error('A reader could write');
  } else throw new Error(readOnly);
  await sessions.closeAll();
  if (readOnly !== null) await new Promise((resolve) => setTimeout(resolve, Math.random() * 10));
}
process.stdout.write(`${String(refused)}\n`);
