import type { JobOrder } from '#shared/models/job.ts';
import type { Command } from '#shared/story/commands.ts';
import { sceneOrder } from '#shared/story/outline.ts';
import type { Story } from '#shared/story/story.ts';
import { planTranslation } from '#shared/story/translation.ts';
import { type ProposalSubject, subjectsOf } from './proposalSubject.ts';

/** A text that the writer takes over. */
export interface AcceptedText {
  /** What it is about: the id of a picture, of a scene. */
  readonly item: string;
  readonly text: string;
}

/** What is done to the story, as one step of undo. */
export interface Acceptance {
  readonly commands: readonly Command[];
  /** Texts that go into the story. */
  readonly count: number;
}

function commandsFor(story: Story, subject: ProposalSubject, text: string): readonly Command[] {
  switch (subject.kind) {
    case 'picture': {
      const { image, field, language } = subject;
      return [
        { kind: 'image.update', id: image.id, patch: { [field]: { ...image[field], [language]: text } } },
      ];
    }
    case 'summary':
      return [{ kind: 'scene.update', id: subject.scene.id, patch: { summary: text } }];
    case 'translation':
      return planTranslation(story, subject.scene.id, { language: subject.language, text })?.commands ?? [];
  }
}

/**
 * What taking texts over does. Pictures keep the other language's text. Scenes come from the last to the first, so that a
 * translation that is added moves none of the places still to come. What is gone from the story is passed over.
 */
export function planAcceptance(story: Story, order: JobOrder, accepted: readonly AcceptedText[]): Acceptance {
  const find = subjectsOf(story, order);
  const places = new Map<string, number>(sceneOrder(story.outline).map((id, index) => [id, index]));
  const placeOf = ({ item }: AcceptedText) => places.get(item) ?? 0;
  const parts = accepted
    .toSorted((a, b) => placeOf(b) - placeOf(a))
    .flatMap(({ item, text }) => {
      const subject = find(item);
      return subject && text.trim() !== '' ? [commandsFor(story, subject, text.trim())] : [];
    });
  return { commands: parts.flat(), count: parts.length };
}
