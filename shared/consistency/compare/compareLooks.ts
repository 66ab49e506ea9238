import type { CharacterId } from '../../story/ids.ts';
import type { Attribute } from '../findings.ts';
import type { Fact } from '../read/readTexts.ts';
import { contradiction } from './contradicts.ts';
import type { StoryOrder } from './order.ts';

/** Two facts that exclude each other. */
export interface Conflict {
  readonly attribute: Attribute;
  readonly a: Fact;
  readonly b: Fact;
  readonly confidence: number;
}

const compared = new Set<Fact['attribute']>([
  'hair.colour',
  'hair.length',
  'eyes.colour',
  'clothes.colour',
  'height',
  'build',
  'hand',
  'mark.scar',
  'mark.glasses',
  'mark.beard',
  'species',
  'brothers',
  'sisters',
  'siblings',
  'children',
]);

/** Facts worth comparing: less sure ones would only make noise. */
const leastCertainty = 0.42;

/** Disagreements about what stays the same: looks, marks, family. Each fact is held against the sheet, else the first that told it. */
export function compareLooks(facts: readonly Fact[], order: StoryOrder): Conflict[] {
  const groups = new Map<string, Fact[]>();
  for (const fact of facts) {
    if (!compared.has(fact.attribute) || fact.characterId === null || fact.certainty < leastCertainty)
      continue;
    const key = `${fact.characterId} ${fact.attribute} ${fact.attribute === 'clothes.colour' ? fact.about : ''}`;
    groups.set(key, [...(groups.get(key) ?? []), fact]);
  }
  return [...[...groups.values()].flatMap((group) => compareGroup(group, order)), ...onlyChildren(facts)];
}

function compareGroup(group: readonly Fact[], order: StoryOrder): Conflict[] {
  const [first] = group;
  if (!first || first.characterId === null) return [];
  const attribute = first.attribute as Attribute;
  const sheet = group.filter(({ evidence }) => evidence.kind === 'sheet');
  const pictures = group.filter(({ evidence }) => evidence.kind === 'picture');
  const told = group
    .filter(({ evidence }) => evidence.kind === 'scene')
    .toSorted((a, b) => order.compare(a, b));
  const spans = epochs(told, order, first.characterId, attribute);
  const conflicts: Conflict[] = [];
  const hold = (a: Fact, b: Fact): boolean => {
    const sure = contradiction(a, b);
    if (sure === 0) return false;
    conflicts.push({ attribute, a, b, confidence: sure * Math.sqrt(a.certainty * b.certainty) });
    return true;
  };
  for (const [index, epoch] of spans.entries()) {
    const start = index === 0 ? sheet : [];
    for (const fact of epoch) {
      const against = start.find((one) => contradiction(one, fact) > 0);
      if (against) {
        hold(against, fact);
        continue;
      }
      const earlier = epoch.find(
        (one) =>
          one !== fact &&
          order.compare(one, fact) < 0 &&
          mayCompare(one, fact, attribute) &&
          !start.some((two) => contradiction(two, one) > 0),
      );
      if (earlier) hold(earlier, fact);
    }
  }
  const changed = spans.slice(1).flat();
  for (const picture of pictures) {
    if (changed.some((fact) => contradiction(fact, picture) === 0)) continue;
    const against = sheet.length > 0 ? sheet : attribute === 'clothes.colour' ? [] : told.slice(0, 1);
    const one = against.find((fact) => contradiction(fact, picture) > 0);
    if (one) hold(one, picture);
  }
  return conflicts;
}

/** Clothes are changed between scenes; only within one they must agree. */
const mayCompare = (a: Fact, b: Fact, attribute: Attribute): boolean =>
  attribute !== 'clothes.colour' ||
  (a.evidence.kind === 'scene' && b.evidence.kind === 'scene' && a.evidence.sceneId === b.evidence.sceneId);

/** Statements cut where the text tells a change or the writer said that it is meant. */
function epochs(
  told: readonly Fact[],
  order: StoryOrder,
  characterId: CharacterId,
  attribute: Attribute,
): Fact[][] {
  const intended = order.intendedFrom(characterId, attribute);
  const spans: Fact[][] = [[]];
  let scene = -1;
  for (const fact of told) {
    const at = order.sceneOf(fact);
    if (fact.changes || intended.some((from) => from > scene && from <= at)) spans.push([]);
    scene = at;
    spans.at(-1)?.push(fact);
  }
  return spans;
}

/** An only child has no brother; somebody without brothers has none. */
function onlyChildren(facts: readonly Fact[]): Conflict[] {
  const certain = facts.filter(
    ({ certainty, characterId }) => certainty >= leastCertainty && characterId !== null,
  );
  const without = certain.filter(
    ({ attribute, values }) => /^(?:siblings|brothers|sisters)$/.test(attribute) && values[0] === '0',
  );
  return without.flatMap((none) => {
    const relative = certain.find(
      (fact) =>
        fact.characterId === none.characterId &&
        (none.attribute === 'siblings'
          ? fact.attribute === 'brothers' || fact.attribute === 'sisters'
          : fact.attribute === none.attribute) &&
        fact.values[0] !== '0',
    );
    return relative
      ? [
          {
            attribute: none.attribute as Attribute,
            a: none,
            b: relative,
            confidence: Math.sqrt(none.certainty * relative.certainty),
          },
        ]
      : [];
  });
}
