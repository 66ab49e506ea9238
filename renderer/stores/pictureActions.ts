import { t } from 'i18next';
import { AppError } from '#shared/errors/AppError.ts';
import type { Command, PictureOwner } from '#shared/story/commands.ts';
import type { CharacterId, ImageId } from '#shared/story/ids.ts';
import type { PictureRole, PictureUse, StoryImage } from '#shared/story/image.ts';
import type { Story } from '#shared/story/story.ts';
import { tell, tellError } from './notices.ts';
import { type FailedFile, takeIn, useImport } from './pictureImport.ts';
import { dispatch, openStory, undo } from './storyStore.ts';

/** The pictures hanging with a scene or character, in order. */
export const usesOf = (story: Story, owner: PictureOwner): readonly PictureUse[] =>
  (owner.kind === 'scene' ? story.scenes[owner.id]?.pictures : story.characters[owner.id]?.pictures) ?? [];

const firstRole = (owner: PictureOwner): PictureRole =>
  owner.kind === 'scene' ? 'illustration' : 'reference';

/** Commands that hang pictures with an owner, after those already there; one that hangs there already is left as it is. */
function attachCommands(story: Story, owner: PictureOwner, imageIds: readonly ImageId[]): Command[] {
  const uses = usesOf(story, owner);
  const fresh = [...new Set(imageIds)].filter((id) => !uses.some(({ imageId }) => imageId === id));
  const commands: Command[] = fresh.map((imageId, offset) => ({
    kind: 'picture.attach',
    owner,
    use: { imageId, role: firstRole(owner) },
    index: uses.length + offset,
  }));
  const [first] = fresh;
  if (owner.kind === 'character' && story.characters[owner.id]?.portrait === null && first !== undefined) {
    commands.push({ kind: 'character.update', id: owner.id, patch: { portrait: first } });
  }
  return commands;
}

const ownerTitle = (story: Story, owner: PictureOwner): string =>
  (owner.kind === 'scene' ? story.scenes[owner.id]?.title : story.characters[owner.id]?.name) ||
  t('app.untitled');

/** Adds pictures of the story to a gallery; never replaces. */
export function attachPictures(owner: PictureOwner, imageIds: readonly ImageId[]): void {
  if (imageIds.length === 0) return;
  const { story } = openStory();
  const commands = attachCommands(story, owner, imageIds);
  if (commands.length === 0) {
    tell(t('pictures.alreadyThere'));
    return;
  }
  if (dispatch(commands, { label: t('step.addPictures', { count: imageIds.length }) })) {
    tell(t('pictures.addedTo', { title: ownerTitle(story, owner) }), { label: t('desk.undo'), run: undo });
  }
}

/**
 * Copies files into the story and, where an owner is given, hangs them in its gallery: one step of undo for all.
 * Returns the pictures, those included that the story had already. Failures are listed in {@link useImport}.
 */
export async function importFiles(files: readonly File[], owner: PictureOwner | null): Promise<ImageId[]> {
  const added: StoryImage[] = [];
  const known: ImageId[] = [];
  const failed: FailedFile[] = [];
  try {
    for await (const result of takeIn(files)) {
      if (result.outcome === 'added') added.push(result.image);
      else if (result.outcome === 'known') known.push(result.imageId);
      else failed.push({ name: result.name, error: AppError.fromReport(result.error) });
    }
  } catch (thrown) {
    tellError(AppError.from(thrown));
  }
  const { story } = openStory();
  const fresh = added.filter(
    ({ id }, index) => !story.images[id] && added.findIndex((other) => other.id === id) === index,
  );
  const inTrash = story.trash.flatMap((entry) =>
    entry.kind === 'image' && known.includes(entry.id) ? [entry.id] : [],
  );
  const ids = [...fresh.map(({ id }) => id), ...known.filter((id) => story.images[id])];
  const commands: Command[] = [
    ...fresh.map((image) => ({ kind: 'image.add' as const, image })),
    ...inTrash.map((id) => ({ kind: 'image.restore' as const, id })),
    ...(owner ? attachCommands(story, owner, ids) : []),
  ];
  if (commands.length > 0) dispatch(commands, { label: t('step.addPictures', { count: ids.length }) });
  if (failed.length > 0) useImport.setState((now) => ({ failed: [...now.failed, ...failed] }));
  const said = [
    fresh.length > 0 ? t('pictures.added', { count: fresh.length }) : '',
    known.length > 0 ? t('pictures.known', { count: known.length }) : '',
  ].filter((text) => text !== '');
  if (said.length > 0)
    tell(said.join(' '), commands.length > 0 ? { label: t('desk.undo'), run: undo } : undefined);
  return ids;
}

export function detachPicture(owner: PictureOwner, imageId: ImageId): void {
  const { story } = openStory();
  const wasPortrait = owner.kind === 'character' && story.characters[owner.id]?.portrait === imageId;
  const commands: Command[] = [{ kind: 'picture.detach', owner, imageId }];
  if (wasPortrait) commands.push({ kind: 'character.update', id: owner.id, patch: { portrait: null } });
  dispatch(commands, { label: t('step.removePicture') });
}

export function setPictureRole(owner: PictureOwner, imageId: ImageId, role: PictureRole): void {
  dispatch([{ kind: 'picture.role', owner, imageId, role }], { label: t('step.pictureRole') });
}

/** Makes a picture the portrait, hanging it in the character's gallery first where it does not hang yet. */
export function setPortrait(id: CharacterId, imageId: ImageId): void {
  const { story } = openStory();
  const owner = { kind: 'character', id } as const;
  const commands = attachCommands(story, owner, [imageId]).filter(({ kind }) => kind === 'picture.attach');
  dispatch([...commands, { kind: 'character.update', id, patch: { portrait: imageId } }], {
    label: t('step.portrait'),
  });
}

export function setCover(imageId: ImageId): void {
  dispatch([{ kind: 'story.update', patch: { cover: imageId } }], { label: t('step.cover') });
}

/** Moves a picture to the trash. Galleries keep their place for it, so that putting it back restores them. */
export function deletePicture(id: ImageId): void {
  const { story } = openStory();
  const title = story.images[id]?.originalName ?? t('app.untitled');
  const commands: Command[] = [{ kind: 'image.delete', id, deletedAt: new Date().toISOString() }];
  if (dispatch(commands, { label: t('step.deletePicture') })) {
    tell(t('trash.movedToTrash', { title }), { label: t('desk.undo'), run: undo });
  }
}
