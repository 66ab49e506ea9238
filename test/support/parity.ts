import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import sharp from 'sharp';
import type { MultimodalModel } from '#models/adapters/adapter.ts';
import { adapters } from '#models/adapters/registry.ts';
import { findModel, manifestOf } from '#models/manager/foundModel.ts';
import type { Raster } from '#models/preprocessing/raster.ts';

process.env['ORT_DISABLE_TELEMETRY'] = '1';

const root = join(import.meta.dirname, '../..');
const fixtures = join(root, 'test/fixtures/parity');

/** Fixtures of a family: tiny checkpoints of the true architecture, with what PyTorch answered. */
export const fixturesOf = (family: string): string[] =>
  readdirSync(fixtures).filter((name) => {
    const file = join(fixtures, name, 'model.json');
    return (
      existsSync(file) && (JSON.parse(readFileSync(file, 'utf8')) as { family: string }).family === family
    );
  });

export const fixtureFolder = (name: string): string => join(fixtures, name);

export const readExpected = (name: string): unknown =>
  JSON.parse(readFileSync(join(fixtures, name, 'expected.json'), 'utf8'));

/** Where an array is, and its shape. */
export interface Floats {
  readonly file: string;
  readonly shape: readonly number[];
}

/** An array of float32 that PyTorch wrote. */
export function readFloats(name: string, file: string): Float32Array {
  const bytes = gunzipSync(readFileSync(join(fixtures, name, file)));
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

/** A picture that lies in a fixture as bytes. */
export interface StoredRaster {
  readonly file: string;
  readonly width: number;
  readonly height: number;
}

/** Reads a picture that lies in a fixture as bytes. */
const readStoredRaster = (name: string, { file, width, height }: StoredRaster): Raster => ({
  width,
  height,
  rgb: gunzipSync(readFileSync(join(fixtures, name, file))),
});

/** A picture of the repository, decoded. */
export async function decodePicture(path: string): Promise<Raster> {
  const { data, info } = await sharp(join(root, path))
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, rgb: data };
}

/** The four pictures that a fixture's prompts are about. */
export async function readPictures(name: string): Promise<Raster[]> {
  const { pictures = [], rasters } = readExpected(name) as {
    readonly pictures?: readonly string[];
    readonly rasters?: readonly StoredRaster[];
  };
  return rasters?.map((one) => readStoredRaster(name, one)) ?? Promise.all(pictures.map(decodePicture));
}

/** Loads a fixture through the adapter of its family, as the manager does. */
export async function loadFixture(name: string): Promise<MultimodalModel> {
  const found = await findModel(fixtureFolder(name));
  const manifest = manifestOf(found, undefined);
  const [variant] = found.variants;
  const adapter = adapters.get(manifest.family);
  if (!variant || !adapter) throw new Error(`${name} cannot be loaded`);
  return adapter.load({ manifest, variant, folder: found.folder });
}

/** Cosine of the angle between two vectors. */
export function cosine(a: Float32Array, b: Float32Array): number {
  let [dot, lengthA, lengthB] = [0, 0, 0];
  for (const [index, one] of a.entries()) {
    const other = b[index] ?? 0;
    dot += one * other;
    lengthA += one * one;
    lengthB += other * other;
  }
  return dot / Math.sqrt(lengthA * lengthB);
}

/** The rows of a matrix. */
export const rowsOf = (data: Float32Array, size: number): Float32Array[] =>
  Array.from({ length: data.length / size }, (_, row) => data.subarray(row * size, (row + 1) * size));
