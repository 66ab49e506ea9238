import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { AppError } from '#shared/errors/AppError.ts';
import type { Command } from '#shared/story/commands.ts';
import type { CharacterId, ImageId, SceneId } from '#shared/story/ids.ts';
import type { PictureRole, StoryImage } from '#shared/story/image.ts';
import { sceneOrder } from '#shared/story/outline.ts';
import type { Scene } from '#shared/story/scene.ts';
import { diskError } from '../services/studio/disk/diskError.ts';
import type { Session } from '../services/studio/session.ts';
import type { CliContext } from './context.ts';
import type { OpenStudio } from './openStudio.ts';

/** A story opened for one command, with the few things that commands do to it. */
export interface OpenStory {
  readonly session: Session;
  readonly open: OpenStudio;
  /** Applies and journals. Errors: story/invalid-command, project/read-only. */
  apply(...commands: Command[]): Promise<void>;
  /** Every text of the story. */
  texts(): Promise<ReadonlyMap<SceneId, string>>;
  textOf(scene: Scene): Promise<string>;
  /** Scenes in reading order. */
  scenes(): Scene[];
  /** The scene a writer named: its number from 1, its id, or its title. Errors: input/invalid. */
  scene(named: string): Scene;
  /** Copies a picture file into the story unless it is there already. Errors: image/*, disk/*. */
  importPicture(path: string): Promise<StoryImage>;
  /** The picture a writer named: a file name in the story or the start of its id. Errors: image/not-found. */
  picture(named: string): StoryImage;
}

/** Opens the story that the command line names, or the one in the present folder. Errors: project/*. */
export async function openStory(context: CliContext, folder?: string): Promise<OpenStory> {
  const open = await context.studio();
  const path = resolve(context.cwd, folder ?? context.storyFolder ?? '.');
  const { sessionId, readOnly } = await open.studio.services.projects.open({ folder: path });
  if (readOnly !== null) context.output.note(context.words.readOnly(readOnly));
  return storyOf(context, open, open.studio.sessions.get(sessionId));
}

/** The helpers around an open session. */
export function storyOf(context: CliContext, open: OpenStudio, session: Session): OpenStory {
  const scenes = () => sceneOrder(session.story.outline).flatMap((id) => session.story.scenes[id] ?? []);
  return {
    session,
    open,
    scenes,
    async apply(...commands) {
      await session.apply(session.revision, commands);
    },
    texts: () => session.readTexts(sceneOrder(session.story.outline)),
    async textOf(scene) {
      return (await session.readTexts([scene.id])).get(scene.id) ?? '';
    },
    scene(named) {
      const all = scenes();
      const found =
        (/^\d+$/.test(named) ? all[Number(named) - 1] : undefined) ??
        all.find((scene) => scene.id === named || scene.title === named);
      if (found) return found;
      throw new AppError('input/invalid', context.words.noSuchScene(named, all.length));
    },
    async importPicture(file) {
      const path = resolve(context.cwd, file);
      const bytes = await readFile(path).catch((thrown: unknown) => {
        throw diskError(thrown, path);
      });
      const { images } = open.studio.services;
      const uploadId = await images.uploads.receive(
        (async function* () {
          yield bytes;
        })(),
      );
      const upload = { uploadId, name: basename(path) };
      for await (const result of images.import(
        { sessionId: session.id, uploads: [upload] },
        context.signal,
      )) {
        if (result.outcome === 'failed') throw AppError.fromReport(result.error);
        if (result.outcome === 'known') {
          const known = session.story.images[result.imageId];
          if (known) return known;
          continue;
        }
        await this.apply({ kind: 'image.add', image: result.image });
        return result.image;
      }
      throw new AppError('image/not-found', 'The picture did not arrive', { details: { file } });
    },
    picture(named) {
      const all = Object.values(session.story.images);
      const found = all.find(
        ({ id, file, originalName }) =>
          file === basename(named) || originalName === named || (named.length >= 8 && id.startsWith(named)),
      );
      if (found) return found;
      throw new AppError('image/not-found', 'The story has no such picture', { details: { name: named } });
    },
  };
}

/** Hangs a picture in a scene's or character's gallery unless it hangs there already. */
export async function hang(
  story: OpenStory,
  owner: { kind: 'scene'; id: SceneId } | { kind: 'character'; id: CharacterId },
  imageId: ImageId,
  role: PictureRole,
): Promise<void> {
  const { scenes, characters } = story.session.story;
  const uses = (owner.kind === 'scene' ? scenes[owner.id] : characters[owner.id])?.pictures ?? [];
  if (uses.some((use) => use.imageId === imageId)) return;
  await story.apply({ kind: 'picture.attach', owner, use: { imageId, role }, index: uses.length });
}
