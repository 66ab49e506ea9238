import type { ModelManifest, ModelVariant, Precision } from '#shared/models/manifest.ts';
import type { FitVerdict, ModelEntry, VariantEntry } from '#shared/models/modelState.ts';

export type VariantWord = 'exact' | 'balanced' | 'smallest' | 'only';

/** What a variant is among those of its model, for somebody who knows nothing of precisions. */
export function variantWord(
  { variants }: Pick<ModelManifest, 'variants'>,
  precision: Precision,
): VariantWord {
  if (variants.length === 1) return 'only';
  const smallest = variants.reduce((a, b) => (b.diskBytes < a.diskBytes ? b : a));
  if (precision === smallest.precision) return 'smallest';
  return precision === variants[0]?.precision ? 'exact' : 'balanced';
}

export interface ShownVariant extends VariantEntry {
  readonly variant: ModelVariant;
}

/** The variants with what the catalogue says of each, best first. */
export const shownVariants = ({ manifest, variants }: ModelEntry): readonly ShownVariant[] =>
  variants.flatMap((entry) => {
    const variant = manifest.variants.find(({ precision }) => precision === entry.precision);
    return variant ? [{ ...entry, variant }] : [];
  });

const order = { fits: 0, tight: 1, 'too-big': 2 } as const satisfies Record<FitVerdict['verdict'], number>;

/** The variant that a card speaks of: the one in use, else the best installed one that fits, else the suggested one. */
export function mainVariant(entry: ModelEntry): ShownVariant | undefined {
  const { status, suggested } = entry;
  const shown = shownVariants(entry);
  const named = (precision: Precision) => shown.find((one) => one.precision === precision);
  if ('precision' in status) return named(status.precision);
  const [installed] = shown
    .filter((one) => one.installed)
    .toSorted((a, b) => order[a.fit.verdict] - order[b.fit.verdict]);
  return installed ?? named(suggested) ?? shown[0];
}

/** The key of the verdict in words. */
export const fitWord = ({ reason }: FitVerdict): 'fits' | Exclude<FitVerdict['reason'], 'none'> =>
  reason === 'none' ? 'fits' : reason;

/** What has to be fetched for a variant. */
export const downloadBytes = ({ source }: ModelManifest, { diskBytes }: ModelVariant): number =>
  source.kind === 'npm' ? source.tarballBytes : diskBytes;
