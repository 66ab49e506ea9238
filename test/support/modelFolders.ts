import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ModelDescription } from '#models/runtime/modelFolder.ts';
import { ModelId } from '#shared/models/manifest.ts';

/** Writes files and a `model.json` that describes them; `change` spoils the description. */
export async function writeModelFolder(
  folder: string,
  id: string,
  change: (description: ModelDescription) => unknown = (description) => description,
  contents: Readonly<Record<string, Uint8Array>> = {
    'text_model.fp32.onnx': Buffer.alloc(2000, 1),
    'vision_model.fp32.onnx': Buffer.alloc(3000, 2),
    'tokenizer.json': Buffer.from('{}'),
  },
): Promise<ModelDescription> {
  const files: ModelDescription['files'] = {};
  for (const [name, bytes] of Object.entries(contents)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), bytes);
    files[name] = { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
  }
  const diskBytes = Object.values(files).reduce((sum, { bytes }) => sum + bytes, 0);
  const description: ModelDescription = {
    layout: 1,
    id: ModelId.parse(id),
    family: 'clip',
    architecture: 'clip',
    repository: `example/${id}`,
    revision: 'abc',
    licence: 'MIT',
    languages: ['en'],
    capabilities: {
      image_encoding: true,
      text_encoding: true,
      text_generation: false,
      question_answering: false,
      similarity_computation: true,
      multilingual: false,
    },
    contextTokens: 77,
    variants: {
      fp32: {
        files: Object.keys(files),
        parts: { text_model: 'text_model.fp32.onnx', vision_model: 'vision_model.fp32.onnx' },
        diskBytes,
        memoryBytes: diskBytes,
      },
    },
    files,
  };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'model.json'), JSON.stringify(change(description)));
  return description;
}
