import type { Decision } from '../../story/decision.ts';
import type { CharacterId, SceneId } from '../../story/ids.ts';
import type { Fact } from '../read/readTexts.ts';

/** Where statements stand in the story and which changes between them are meant. */
export class StoryOrder {
  readonly #scenes: ReadonlyMap<SceneId, number>;
  readonly #decisions: readonly Decision[];

  constructor(sceneIds: readonly SceneId[], decisions: readonly Decision[]) {
    this.#scenes = new Map(sceneIds.map((id, index) => [id, index]));
    this.#decisions = decisions;
  }

  /** Scene number of a statement; -1 for a sheet, a picture and a scene that is not in the outline. */
  sceneOf(fact: Fact): number {
    return fact.evidence.kind === 'scene' ? (this.#scenes.get(fact.evidence.sceneId) ?? -1) : -1;
  }

  /** Reading order: by scene, then by place. */
  compare(a: Fact, b: Fact): number {
    return this.sceneOf(a) - this.sceneOf(b) || a.evidence.start - b.evidence.start;
  }

  /** Scenes from which the writer meant a character's attribute to be otherwise. */
  intendedFrom(characterId: CharacterId, attribute: string): number[] {
    return this.#decisions.flatMap((decision) =>
      decision.kind === 'intended' && decision.characterId === characterId && decision.attribute === attribute
        ? [this.#scenes.get(decision.fromSceneId) ?? Number.POSITIVE_INFINITY]
        : [],
    );
  }

  isIgnored(characterId: CharacterId | null, attribute: string, a: string, b: string): boolean {
    return this.#decisions.some(
      (decision) =>
        decision.kind === 'ignored' &&
        decision.characterId === characterId &&
        decision.attribute === attribute &&
        ((decision.statements[0] === a && decision.statements[1] === b) ||
          (decision.statements[0] === b && decision.statements[1] === a)),
    );
  }
}
