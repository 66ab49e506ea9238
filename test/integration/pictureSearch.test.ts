import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { indexPictures } from '#electron/services/studio/tasks/indexPictures.ts';
import { Routing } from '#shared/models/routing.ts';
import type { IndexEvent, RankText } from '#shared/models/task.ts';
import { ImageId } from '#shared/story/ids.ts';
import type { Language } from '#shared/story/scene.ts';
import { startEngine } from '../support/engine.ts';
import { fixtureFolder } from '../support/parity.ts';

const never = new AbortController().signal;
const routing = Routing.parse({});
let root = '';
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'storyloom-search-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true, maxRetries: 5 }));

const idOf = (path: string) => ImageId.parse(createHash('sha256').update(readFileSync(path)).digest('hex'));

/** The real engine and imaging with the models of a folder, and pictures by their paths. */
async function start(models: string, paths: readonly string[], language: Language = 'en') {
  let routing = Routing.parse({});
  const engine = await startEngine({ models });
  const { inference } = engine.client;
  const pathById = new Map(paths.map((path) => [idOf(path), path]));
  const imageIds = [...pathById.keys()];
  const source = { imaging: engine.imaging, folder: join(engine.userDataFolder, 'rasters') };
  return {
    inference,
    imageIds,
    source,
    cache: engine.client.cache,
    /** Takes in a folder of another tool, which does not say what languages it knows, and asks it first. */
    async choose(path: string) {
      const { manifest } = await engine.client.models.register({ path, family: 'clip' });
      routing = Routing.parse({ chosen: manifest.id });
      return { encoder: manifest.id, routing };
    },
    async index(words: string | null = 'words', signal = never, ids: readonly ImageId[] = imageIds) {
      const events: IndexEvent[] = [];
      const pathOf = async (id: ImageId) => pathById.get(id) ?? '';
      const wanted = { imageIds: ids, language, words, routing, pathOf };
      for await (const event of indexPictures(inference, source, wanted, signal)) events.push(event);
      return events;
    },
    [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose](),
  };
}

describe('with the tiny CLIP of the parity fixtures', () => {
  let models = '';
  let paths: string[] = [];
  beforeAll(async () => {
    models = join(root, 'tiny');
    cpSync(fixtureFolder('clip'), join(models, 'tiny-clip'), { recursive: true });
    const folder = join(root, 'pictures');
    mkdirSync(folder);
    const colours = ['#c00', '#0a0', '#00c', '#cc0', '#0cc', '#c0c', '#333', '#eee', '#840', '#048'];
    paths = await Promise.all(
      colours.map(async (colour, index) => {
        const path = join(folder, `${String(index)}.png`);
        await sharp({ create: { width: 64, height: 48, channels: 3, background: colour } })
          .png()
          .toFile(path);
        return path;
      }),
    );
  });

  test('pictures are looked at once, a few at a time, and never again', async () => {
    await using desk = await start(models, paths);
    const first = await desk.index();
    expect(first.map(({ done, total, failed }) => [done, total, failed])).toEqual([
      [0, 10, 0],
      [8, 10, 0],
      [10, 10, 0],
    ]);
    expect(first[0]?.encoder).toBe('tiny-clip');
    expect(readdirSync(desk.source.folder)).toEqual([]);
    expect(await desk.index()).toEqual([{ encoder: 'tiny-clip', done: 0, total: 0, failed: 0 }]);
    expect((await desk.cache.summary()).vectors.pictures).toBe(10);
    await desk.cache.clear();
    expect((await desk.index())[0]?.total).toBe(10);
  });

  test('one that cannot be decoded does not take the others with it', async () => {
    const bad = join(root, 'pictures', 'bad.png');
    writeFileSync(bad, 'no picture');
    await using desk = await start(models, [...paths.slice(0, 3), bad]);
    expect((await desk.index()).at(-1)).toMatchObject({ done: 4, total: 4, failed: 1 });
    expect((await desk.index())[0]?.total).toBe(1);
  });

  test('a cancel ends it; what was looked at stays', async () => {
    await using desk = await start(models, paths);
    const abort = new AbortController();
    const events = indexPictures(
      desk.inference,
      desk.source,
      {
        imageIds: desk.imageIds,
        language: 'en',
        words: 'a',
        routing,
        pathOf: async (id) => paths[desk.imageIds.indexOf(id)] ?? '',
      },
      abort.signal,
    );
    await expect(
      (async () => {
        for await (const { done } of events) if (done > 0) abort.abort();
      })(),
    ).rejects.toThrow();
    expect((await desk.index())[0]?.total).toBe(2);
    expect(readdirSync(desk.source.folder)).toEqual([]);
  });

  test('looks speak beside texts, and pictures without any text are found by their looks', async () => {
    await using desk = await start(models, paths);
    await desk.index();
    const [captioned, ...rest] = desk.imageIds;
    const candidates = desk.imageIds.map((imageId) => ({
      imageId,
      texts: imageId === captioned ? [{ field: 'caption', text: 'A wolf howls' } satisfies RankText] : [],
    }));
    const asked = { passage: 'A wolf howls.', language: 'en' as const, candidates, topK: 20, routing };
    const seen = await desk.inference.rank({ ...asked, encoder: 'tiny-clip' });
    expect(seen.lookedBy).toMatchObject({ modelId: 'tiny-clip', precision: 'fp32' });
    expect(new Set(seen.ranking.map(({ imageId }) => imageId))).toEqual(new Set(desk.imageIds));
    const own = seen.ranking.find(({ imageId }) => imageId === captioned)?.evidence.map(({ kind }) => kind);
    expect(own?.toSorted()).toEqual(['looks', 'text']);
    const unseen = await desk.inference.rank({ ...asked, encoder: null });
    expect(unseen.lookedBy).toBeNull();
    expect(unseen.ranking.map(({ imageId }) => imageId)).toEqual([captioned]);
    expect(rest).toHaveLength(9);
  });

  test('a matrix of similarities is what the model makes of texts and pixels', async () => {
    await using desk = await start(models, paths.slice(0, 4));
    await desk.index('red', never, desk.imageIds.slice(0, 3));
    const asked = {
      encoder: 'tiny-clip' as never,
      language: 'en' as const,
      imageIds: desk.imageIds,
      routing,
    };
    const matches = await desk.inference.match({ ...asked, texts: ['red', 'a green field'] });
    expect(matches.imageIds).toEqual(desk.imageIds.slice(0, 3));
    expect(matches.missing).toEqual(desk.imageIds.slice(3));
    expect(matches.similarities.map((row) => row.length)).toEqual([3, 3]);
    const alike = await desk.inference.compare(asked);
    for (const [index, row] of alike.similarities.entries()) {
      expect(row[index]).toBeCloseTo(1, 5);
      for (const [column, value] of row.entries())
        expect(value).toBeCloseTo(alike.similarities[column]?.[index] ?? 9, 5);
    }
  });

  test('a passage that the model does not speak is compared by its texts alone', async () => {
    await using desk = await start(models, paths);
    expect(await desk.index('满月下的狼')).toEqual([{ encoder: null, done: 0, total: 0, failed: 0 }]);
    // Pictures alone have no language.
    await using chinese = await start(models, paths.slice(0, 2), 'zh');
    expect((await chinese.index(null))[0]).toMatchObject({ encoder: 'tiny-clip', total: 2 });
  });

  test('pictures are decoded as large as the models need', async () => {
    await using desk = await start(models, paths);
    const { size } = JSON.parse(
      readFileSync(join(models, 'tiny-clip', 'preprocessor_config.json'), 'utf8'),
    ) as {
      size: { shortest_edge?: number };
    };
    const need = await desk.inference.rasterNeed({ purpose: 'vectors', language: 'en', routing });
    expect(need.shortSidePx).toBe(2 * (size.shortest_edge ?? 0));
    const usual = await desk.inference.rasterNeed({ purpose: 'describe', language: 'en', routing });
    expect(usual).toEqual({ shortSidePx: 448, maxPixels: 1_300_000 });
  });

  test('without a model that compares pictures, comparing says what to install', async () => {
    await using desk = await start(join(root, 'none'), paths.slice(0, 1));
    await expect(
      desk.inference.compare({ encoder: null, language: 'zh', imageIds: desk.imageIds, routing }),
    ).rejects.toMatchObject({
      code: 'task/no-route',
      details: { install: expect.arrayContaining(['chinese-clip-vit-base-patch16']) },
    });
  });
});

const weights = process.env['STORYLOOM_TEST_WEIGHTS'] ?? '';
const clip = join(weights, 'mini-clip');
const coco = join(weights, 'coco-mini');

interface Captions {
  readonly images: readonly { readonly id: number; readonly file_name: string }[];
  readonly annotations: readonly { readonly image_id: number; readonly caption: string }[];
}

// By hand only: trained weights and photographs do not come with the project.
if (weights !== '' && existsSync(clip) && existsSync(coco)) {
  describe('with trained weights and photos', () => {
    test('captions find their photos through imaging, engine and the stored vectors', async () => {
      const { images, annotations } = JSON.parse(
        readFileSync(join(coco, 'annotations/captions_val2017.json'), 'utf8'),
      ) as Captions;
      const pathOf = new Map(images.map(({ id, file_name }) => [id, join(coco, 'val2017', file_name)]));
      await using desk = await start(join(root, 'none'), [...pathOf.values()]);
      const { encoder, routing: chosen } = await desk.choose(clip);
      const startedAt = performance.now();
      const [begin] = await desk.index();
      expect(begin).toMatchObject({ encoder, total: images.length });
      const ms = (performance.now() - startedAt) / images.length;
      const texts = annotations.map(({ caption }) => caption);
      const found = await desk.inference.match({
        encoder,
        language: 'en',
        imageIds: desk.imageIds,
        routing: chosen,
        texts,
      });
      const ranks = annotations.map(({ image_id: id }, row) => {
        const scores = found.similarities[row] ?? [];
        const own = scores[found.imageIds.indexOf(idOf(pathOf.get(id) ?? ''))] ?? -1;
        return scores.filter((score) => score > own).length;
      });
      const recall = (k: number) => (100 * ranks.filter((rank) => rank < k).length) / ranks.length;
      console.log(
        `recall@1/5/10 of ${String(texts.length)} captions over ${String(images.length)} photos:`,
        [1, 5, 10].map((k) => recall(k).toFixed(1)).join(' / '),
        `· ${ms.toFixed(0)} ms a photo, decoding included`,
      );
      // What the same weights reach with Pillow's resizing is 49.9 / 87.3 / 95.2.
      expect(recall(1)).toBeGreaterThan(48);
      expect(recall(5)).toBeGreaterThan(85);
      expect(recall(10)).toBeGreaterThan(94);
    });
  });
}
