import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import sharp from 'sharp';
import { adapters } from '#models/adapters/registry.ts';
import { catalog } from '#models/catalog/catalog.ts';
import { TaskCoordinator } from '#models/coordinator/TaskCoordinator.ts';
import { ModelManager } from '#models/manager/ModelManager.ts';
import { ModelStore } from '#models/manager/ModelStore.ts';
import { Routing } from '#shared/models/routing.ts';
import { ImageId } from '#shared/story/ids.ts';
import { installedModels } from '../support/models.ts';

/**
 * How often "Illustrate" finds the photo that a caption was written for, by looks, by texts and by both, where none, a
 * part or all of the photos have a caption (another one of the same photo than the one that is asked with).
 * `node test/bench/illustrate.bench.ts <a CLIP folder> <a folder with COCO's photos and captions>`.
 */
const [clip, coco] = process.argv.slice(2);
if (clip === undefined || coco === undefined) throw new Error('name a CLIP folder and a folder of COCO');
const never = new AbortController().signal;
const routing = Routing.parse({});
const shares = [0, 0.25, 0.5, 1];

interface Captions {
  readonly images: readonly { readonly id: number; readonly file_name: string }[];
  readonly annotations: readonly { readonly image_id: number; readonly caption: string }[];
}

/** The same draw on every run. */
function createRandom(seed: number) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const folder = mkdtempSync(join(tmpdir(), 'storyloom-illustrate-'));
try {
  const store = new ModelStore(folder, await installedModels());
  await using manager = await ModelManager.open({ catalog, adapters, store, budgetBytes: 2 ** 32 });
  const encoder = (await manager.register(resolve(clip), 'clip')).manifest.id;
  const coordinator = new TaskCoordinator(manager);
  const file = join(coco, 'annotations/captions_val2017.json');
  const { images, annotations } = JSON.parse(readFileSync(file, 'utf8')) as Captions;
  const idOf = new Map<number, ImageId>();
  for (const { id, file_name: name } of images) {
    const bytes = readFileSync(join(coco, 'val2017', name));
    const imageId = ImageId.parse(createHash('sha256').update(bytes).digest('hex'));
    idOf.set(id, imageId);
    const { data, info } = await sharp(bytes)
      .removeAlpha()
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
    const path = join(folder, 'pixels.rgb');
    writeFileSync(path, data);
    const raster = { path, width: info.width, height: info.height };
    await coordinator.encodePictures(
      { encoder, language: 'en', pictures: [{ imageId, raster }], routing },
      never,
    );
  }
  const captionsOf = Map.groupBy(annotations, ({ image_id: id }) => id);
  const table = [];
  for (const share of shares) {
    const random = createRandom(1);
    const known = new Map<number, string>();
    for (const { id } of images) {
      const own = captionsOf.get(id) ?? [];
      if (random() < share) known.set(id, own[Math.floor(random() * own.length)]?.caption ?? '');
    }
    const candidates = images.map(({ id }) => ({
      imageId: idOf.get(id) as ImageId,
      texts: known.has(id) ? [{ field: 'caption' as const, text: known.get(id) ?? '' }] : [],
    }));
    for (const [by, eyes, words] of [
      ['looks', true, false],
      ['captions', false, true],
      ['both', true, true],
    ] as const) {
      if (!eyes && share === 0) continue;
      const ranks: number[] = [];
      for (const { image_id: id, caption } of annotations) {
        if (known.get(id) === caption) continue;
        const asked = {
          passage: caption,
          language: 'en' as const,
          candidates: words ? candidates : candidates.map((one) => ({ ...one, texts: [] })),
          topK: 100,
          routing,
          encoder: eyes ? encoder : null,
        };
        const { ranking } = await coordinator.rank(asked, never);
        const rank = ranking.findIndex(({ imageId }) => imageId === idOf.get(id));
        ranks.push(rank < 0 ? Number.POSITIVE_INFINITY : rank);
      }
      const recall = (k: number) =>
        Number(((100 * ranks.filter((rank) => rank < k).length) / ranks.length).toFixed(1));
      table.push({
        'photos with a caption': `${String(100 * share)} %`,
        by,
        queries: ranks.length,
        'recall@1': recall(1),
        'recall@5': recall(5),
        'recall@10': recall(10),
      });
    }
  }
  console.table(table);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
