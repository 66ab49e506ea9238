import type { Fact } from '../read/readTexts.ts';

/** How surely two facts of one attribute exclude each other: 0 not at all, 1 surely. */
export function contradiction(a: Fact, b: Fact): number {
  const [first = ''] = a.values;
  const [second = ''] = b.values;
  if (a.attribute === 'mark.scar') return scars(first, second);
  if (a.attribute === 'hair.length') return lengths(first, second);
  if (a.about === 'some' || b.about === 'some') return 0;
  return a.values.some((value) => b.values.includes(value)) ? 0 : 1;
}

/** "left cheek" and "right cheek" exclude each other; a cheek and a chin may both bear one. */
function scars(a: string, b: string): number {
  const [sideA, partA] = split(a);
  const [sideB, partB] = split(b);
  if (partA === '' || partB === '' || partA === 'face' || partB === 'face') return 0;
  if (partA !== partB) return sameRegion(partA, partB) ? 0 : 0.7;
  return sideA !== '' && sideB !== '' && sideA !== sideB ? 1 : 0;
}
const split = (value: string): [string, string] => {
  const [first = '', second] = value.split(' ');
  return second === undefined ? ['', first] : [first, second];
};
const regions = ['brow forehead temple', 'chin jaw lip', 'hand wrist arm'].map((region) => region.split(' '));
const sameRegion = (a: string, b: string): boolean =>
  regions.some((region) => region.includes(a) && region.includes(b)) && !(a === 'chin' && b === 'forehead');

const lengths = (a: string, b: string): number => {
  if (a === b) return 0;
  if (a === 'medium' || b === 'medium') return a === 'none' || b === 'none' ? 1 : 0;
  return 1;
};
