import type { Architecture, ModelFamily, ModelManifest } from '#shared/models/manifest.ts';
import type { Obstacle } from '#shared/models/modelState.ts';

/** What the adapters of a family run from our own layout. */
const architectures: Readonly<Record<ModelFamily, readonly Architecture[]>> = {
  text: ['llama'],
  embedding: ['sentence-bert'],
  clip: ['clip', 'siglip', 'chinese-clip'],
  blip2: ['blip2-opt', 'blip2-t5'],
  llava: ['llava-1.5', 'llava-onevision'],
  qwenvl: ['qwen2-vl', 'qwen2.5-vl'],
  smolvlm: ['smolvlm'],
  florence2: ['florence2'],
};

/** Published graphs with exactly the parts and tensors of our layout: a description beside them is all they need. */
export const adoptable: readonly Architecture[] = ['clip'];

/** Why a model cannot be installed from here; `null` where it can. */
export function obstacleOf(
  { family, architecture, source, successor }: ModelManifest,
  adapters: ReadonlyMap<ModelFamily, unknown>,
): Obstacle | null {
  if (successor !== undefined) return 'no-export';
  if (!adapters.has(family) || !architectures[family].includes(architecture)) return 'no-adapter';
  if (source.kind === 'export') return 'needs-export';
  const foreign = source.kind === 'hub' && source.layout === 'transformers.js';
  return foreign && !adoptable.includes(architecture) ? 'layout' : null;
}
