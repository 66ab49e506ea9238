import fc from 'fast-check';
import { AppError } from '#shared/errors/AppError.ts';
import { applyCommand } from '#shared/story/apply.ts';
import type { Command, PictureOwner } from '#shared/story/commands.ts';
import { createCharacter, createScene, createStory } from '#shared/story/create.ts';
import { CharacterId, ImageId, NodeId, SceneId, StoryId } from '#shared/story/ids.ts';
import type { StoryImage } from '#shared/story/image.ts';
import { walkOutline } from '#shared/story/outline.ts';
import type { Story } from '#shared/story/story.ts';
import { countText } from '#shared/text/counts.ts';

/** One blind try at changing a story; numbers pick among what there is. */
export type Try = readonly [kind: number, a: number, b: number, text: string];

const texts = ['', 'Rain.', '雨一直下。\n\n她数着账本。', 'a\n\nb', '---\nnot a head\n---\n', '😀 x', '  \n'];
export const anyText = fc.oneof(fc.constantFrom(...texts), fc.string({ unit: 'grapheme', maxLength: 12 }));
export const anyTry: fc.Arbitrary<Try> = fc.tuple(fc.nat(31), fc.nat(12), fc.nat(12), anyText);
export const anyTries = fc.array(anyTry, { maxLength: 40, size: 'max' });

const idFrom = (prefix: string, number: number): string => `${prefix}${String(number).padStart(6, '0')}`;
const at = <Item>(items: readonly Item[], place: number): Item | undefined =>
  items.length === 0 ? undefined : items[place % items.length];

function image(number: number, text: string): StoryImage {
  const id = ImageId.parse(number.toString(16).padStart(64, '0'));
  return {
    id,
    file: `p-${String(number)}.png`,
    originalName: text,
    format: 'png',
    width: 1,
    height: 1,
    bytes: 1,
    animated: false,
    alt: { en: text, zh: '' },
    caption: { en: '', zh: text },
    tags: [],
    credit: '',
    licence: '',
    source: '',
  };
}

/** The command that a try means in this story; `null` where it means none. */
export function commandOf(story: Story, [kind, a, b, text]: Try, fresh: number): Command | null {
  const nodes = Array.from(walkOutline(story.outline), ({ node }) => node);
  const groups = nodes.filter((node) => node.kind !== 'scene');
  const parentId = b % 3 === 0 ? null : (at(groups, b)?.id ?? null);
  const node = at(nodes, a);
  const scene = at(Object.values(story.scenes), a);
  const character = at(Object.values(story.characters), a);
  const picture = at(Object.values(story.images), b);
  const trash = at(story.trash, a);
  const owner: PictureOwner | null =
    b % 2 === 0
      ? scene
        ? { kind: 'scene', id: scene.id }
        : null
      : character
        ? { kind: 'character', id: character.id }
        : null;
  const deletedAt = new Date(Date.UTC(2026, 0, 1) + fresh * 1000).toISOString();
  switch (kind) {
    case 0:
    case 1:
    case 2: {
      const id = SceneId.parse(idFrom('sc', fresh));
      const made = createScene({
        id,
        lang: 'en',
        title: text,
        text,
        counts: countText(text),
        extra: a === 3 ? { mood: text } : {},
      });
      return { kind: 'scene.add', scene: made, parentId, index: a };
    }
    case 3:
    case 4: {
      const id = NodeId.parse(idFrom('gr', fresh));
      const group = {
        kind: kind === 3 ? ('part' as const) : ('chapter' as const),
        id,
        title: text,
        children: [],
      };
      return { kind: 'group.add', node: group, parentId, index: a };
    }
    case 5:
      return node ? { kind: 'group.rename', id: node.id, title: text } : null;
    case 6:
    case 7:
      return node ? { kind: 'node.move', id: node.id, parentId, index: b } : null;
    case 8:
    case 9:
      return node ? { kind: 'node.delete', id: node.id, deletedAt } : null;
    case 10:
      return node ? { kind: 'node.remove', id: node.id } : null;
    case 11:
      return trash?.kind === 'node'
        ? { kind: 'node.restore', id: trash.node.id }
        : trash?.kind === 'character'
          ? { kind: 'character.restore', id: trash.id }
          : trash
            ? { kind: 'image.restore', id: trash.id }
            : null;
    case 12:
      return scene ? { kind: 'scene.update', id: scene.id, patch: { title: text, status: 'final' } } : null;
    case 13:
    case 14:
    case 15: {
      const old = Array.from(scene?.text ?? '');
      const removed = old.slice(b, b + a).join('');
      const edit = { at: old.slice(0, b).join('').length, removed, inserted: text };
      return scene ? { kind: 'text.edit', id: scene.id, edits: [edit] } : null;
    }
    case 16:
      return scene
        ? {
            kind: 'alternative.add',
            id: scene.id,
            index: b,
            alternative: { id: `alt${String(fresh)}`, text, createdAt: deletedAt, modelId: '', seed: a },
          }
        : null;
    case 17: {
      const alternative = at(scene?.alternatives ?? [], b);
      return scene && alternative
        ? { kind: 'alternative.remove', id: scene.id, alternativeId: alternative.id }
        : null;
    }
    case 18:
    case 19: {
      const id = CharacterId.parse(idFrom('ch', fresh));
      return { kind: 'character.add', character: createCharacter({ id, name: text, notes: text }), index: b };
    }
    case 20:
      return character ? { kind: 'character.remove', id: character.id } : null;
    case 21:
      return character
        ? { kind: 'character.update', id: character.id, patch: { aliases: [text], notes: text } }
        : null;
    case 22:
      return character ? { kind: 'character.move', id: character.id, index: b } : null;
    case 23:
      return character ? { kind: 'character.delete', id: character.id, deletedAt } : null;
    case 24:
      return { kind: 'image.add', image: image(fresh, text) };
    case 25:
      return picture ? { kind: 'image.update', id: picture.id, patch: { tags: [text] } } : null;
    case 26:
      return picture ? { kind: 'image.delete', id: picture.id, deletedAt } : null;
    case 27:
      return owner && picture
        ? { kind: 'picture.attach', owner, use: { imageId: picture.id, role: 'mood' }, index: a }
        : null;
    case 28:
      return owner && picture ? { kind: 'picture.detach', owner, imageId: picture.id } : null;
    case 30:
      return picture ? { kind: 'image.remove', id: picture.id } : null;
    case 29:
      return owner && picture ? { kind: 'picture.role', owner, imageId: picture.id, role: 'portrait' } : null;
    default:
      return { kind: 'story.update', patch: { title: text, cover: picture?.id ?? null } };
  }
}

/** Applies those tries that the story allows; `onApplied` sees each step. */
export function play(
  story: Story,
  tries: readonly Try[],
  firstFresh = 0,
  onApplied: (before: Story, command: Command, after: Story, inverse: Command) => void = () => undefined,
): Story {
  let current = story;
  for (const [place, one] of tries.entries()) {
    const command = commandOf(current, one, firstFresh + place);
    if (!command) continue;
    try {
      const { story: after, inverse } = applyCommand(current, command);
      onApplied(current, command, after, inverse);
      current = after;
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
    }
  }
  return current;
}

export const emptyStory: Story = { ...createStory('Empty', 'en'), id: StoryId.parse('story00001') };

/** A small story with one of everything, so that few random steps meet all there is. */
export const fullStory: Story = play(
  emptyStory,
  [
    [3, 0, 0, 'Part'],
    [4, 0, 1, 'Chapter'],
    [0, 0, 1, 'One'],
    [0, 0, 0, 'Two'],
    [18, 0, 0, 'Elara'],
    [18, 0, 0, 'Bo'],
    [24, 0, 0, 'Harbour'],
    [24, 0, 0, 'Lantern'],
    [16, 0, 0, 'Another way'],
    [27, 0, 0, ''],
    [27, 0, 1, ''],
    [9, 0, 0, ''],
    [23, 0, 0, ''],
    [26, 0, 1, ''],
  ],
  500,
);
