import { createHash } from 'node:crypto';
import type { CastMember } from '#shared/consistency/people/cast.ts';
import { readScene, type SceneFacts } from '#shared/consistency/read/readTexts.ts';
import type { SceneId } from '#shared/story/ids.ts';
import type { Language } from '#shared/story/scene.ts';

/** Remembers what scenes told; a scene is read again only where its text, its language or the cast's names changed. */
export class SceneReader {
  readonly #known = new Map<SceneId, { key: string; facts: SceneFacts }>();

  /** The facts of a scene, and whether they were known already. */
  read(
    sceneId: SceneId,
    text: string,
    language: Language,
    cast: readonly CastMember[],
  ): { facts: SceneFacts; wasKnown: boolean } {
    const key = createHash('sha256')
      .update(JSON.stringify([language, cast, text]))
      .digest('hex');
    const known = this.#known.get(sceneId);
    if (known?.key === key) return { facts: known.facts, wasKnown: true };
    const facts = readScene(sceneId, text, language, cast);
    this.#known.set(sceneId, { key, facts });
    return { facts, wasKnown: false };
  }

  /** Forgets scenes that are no longer in the story. */
  keepOnly(sceneIds: ReadonlySet<SceneId>): void {
    for (const id of this.#known.keys()) if (!sceneIds.has(id)) this.#known.delete(id);
  }
}
