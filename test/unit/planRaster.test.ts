import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planRaster } from '#electron/services/imaging/planRaster.ts';

const limits = { shortSidePx: 448, maxPixels: 1_300_000 };

test.each([
  [
    { width: 640, height: 480 },
    { width: 640, height: 480 },
  ],
  [
    { width: 4000, height: 3000 },
    { width: 1317, height: 987 },
  ],
  [
    { width: 10_000, height: 500 },
    { width: 8960, height: 448 },
  ],
])('%o is decoded at %o', (size, expected) => {
  expect(planRaster(size, limits)).toEqual(expected);
});

test('never larger than the picture, never below the least side where the picture has it', () => {
  const side = fc.integer({ min: 1, max: 20_000 });
  fc.assert(
    fc.property(side, side, (width, height) => {
      const made = planRaster({ width, height }, limits);
      expect(made.width).toBeLessThanOrEqual(width);
      expect(made.height).toBeLessThanOrEqual(height);
      const least = Math.min(limits.shortSidePx, width, height);
      expect(Math.min(made.width, made.height)).toBeGreaterThanOrEqual(least);
      if (least === limits.shortSidePx && Math.min(made.width, made.height) > least)
        expect(made.width * made.height).toBeLessThanOrEqual(limits.maxPixels * 1.01);
    }),
  );
});
