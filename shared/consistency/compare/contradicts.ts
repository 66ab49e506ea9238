import type { Fact } from '../read/readTexts.ts';

/** How surely two facts of one attribute exclude each other: 0 not at all, 1 surely. */
export function contradiction(a: Fact, b: Fact): number {
  switch (a.attribute) {
    case 'age':
      return a.values[0] === b.values[0] ? 0 : 1;
    case 'mark.scar':
      return scars(a.values[0] ?? '', b.values[0] ?? '');
    case 'hair.length':
      return lengths(a.values[0] ?? '', b.values[0] ?? '');
    case 'brothers':
    case 'sisters':
    case 'siblings':
    case 'children':
      return a.about === 'some' || b.about === 'some' || a.values[0] === b.values[0] ? 0 : 1;
    default:
      return a.values.some((value) => b.values.includes(value)) ? 0 : 1;
  }
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
