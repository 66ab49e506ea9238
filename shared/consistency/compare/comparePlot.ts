import type { CharacterId } from '../../story/ids.ts';
import type { Fact } from '../read/readTexts.ts';
import type { Conflict } from './compareLooks.ts';
import type { StoryOrder } from './order.ts';

const leastCertainty = 0.5;

const byCharacter = (facts: readonly Fact[]): Map<CharacterId, Fact[]> => {
  const groups = new Map<CharacterId, Fact[]>();
  for (const fact of facts) {
    if (fact.characterId !== null)
      groups.set(fact.characterId, [...(groups.get(fact.characterId) ?? []), fact]);
  }
  return groups;
};

/** Ages that do not fit the sheet, each other, or a year of birth. */
export function compareAges(facts: readonly Fact[], order: StoryOrder): Conflict[] {
  const sure = facts.filter(({ certainty }) => certainty >= leastCertainty);
  const passing = sure.filter(({ attribute }) => attribute === 'passes');
  const years = sure.filter(({ attribute }) => attribute === 'year');
  const conflicts: Conflict[] = [];
  for (const [id, own] of byCharacter(sure)) {
    const intended = order.intendedFrom(id, 'age');
    const ages = own.filter(({ attribute }) => attribute === 'age').toSorted((a, b) => order.compare(a, b));
    const born = own.find(({ attribute }) => attribute === 'born');
    const sheet = ages.find(({ evidence }) => evidence.kind === 'sheet');
    const told = ages.filter(({ evidence }) => evidence.kind === 'scene');
    for (const [index, fact] of told.entries()) {
      const isMeant = (other: Fact) =>
        intended.some((from) => from > order.sceneOf(other) && from <= order.sceneOf(fact));
      const byBirth = born ? ageByBirth(born, fact, years, order) : null;
      if (byBirth) {
        conflicts.push(byBirth);
        continue;
      }
      const reference = sheet ?? told.slice(0, index).at(-1);
      if (!reference || isMeant(reference) || born) continue;
      const difference = Number(fact.values[0]) - Number(reference.values[0]);
      if (difference === 0) continue;
      const grew =
        difference > 0 &&
        passing.some((one) => order.compare(one, fact) <= 0 && order.compare(one, reference) >= 0);
      const years_ =
        difference < 0 && sheet !== undefined && passing.some((one) => order.compare(one, fact) > 0);
      if (grew || years_) continue;
      conflicts.push({
        attribute: 'age',
        a: reference,
        b: fact,
        confidence: Math.sqrt(reference.certainty * fact.certainty) * (difference < 0 ? 1 : 0.85),
      });
    }
  }
  return conflicts;
}

function ageByBirth(born: Fact, age: Fact, years: readonly Fact[], order: StoryOrder): Conflict | null {
  const year = years
    .filter((one) => order.sceneOf(one) === order.sceneOf(age) && order.compare(one, age) <= 0)
    .at(-1);
  if (!year) return null;
  const expected = Number(year.values[0]) - Number(born.values[0]);
  const told = Number(age.values[0]);
  if (told === expected || told === expected - 1) return null;
  return { attribute: 'age', a: born, b: age, confidence: Math.sqrt(born.certainty * age.certainty) };
}

/** Somebody dies and acts in a later scene. */
export function compareLives(facts: readonly Fact[], order: StoryOrder): Conflict[] {
  const conflicts: Conflict[] = [];
  for (const [id, own] of byCharacter(facts)) {
    const death = own
      .filter(
        ({ attribute, certainty, evidence }) =>
          attribute === 'alive' && certainty >= leastCertainty && evidence.kind === 'scene',
      )
      .toSorted((a, b) => order.compare(a, b))[0];
    if (!death) continue;
    const intended = order.intendedFrom(id, 'alive');
    const act = own
      .filter(({ attribute }) => attribute === 'acts')
      .toSorted((a, b) => order.compare(a, b))
      .find((fact) => order.sceneOf(fact) > order.sceneOf(death));
    if (!act || intended.some((from) => from > order.sceneOf(death) && from <= order.sceneOf(act))) continue;
    conflicts.push({
      attribute: 'alive',
      a: death,
      b: act,
      confidence: Math.sqrt(death.certainty * act.certainty),
    });
  }
  return conflicts;
}

/** Somebody is in two places in the same part of the same day. */
export function comparePlaces(facts: readonly Fact[], order: StoryOrder): Conflict[] {
  const conflicts: Conflict[] = [];
  for (const own of byCharacter(
    facts.filter(({ attribute, certainty }) => attribute === 'where' && certainty >= leastCertainty),
  ).values()) {
    const sorted = own.toSorted((a, b) => order.compare(a, b));
    for (const [index, fact] of sorted.entries()) {
      if (!fact.changes) continue;
      const before = sorted.slice(0, index).findLast(({ about }) => about === fact.about);
      const here = fact.values[0] ?? '';
      const there = before?.values[0] ?? '';
      if (
        !before ||
        order.sceneOf(fact) - order.sceneOf(before) > 1 ||
        here.includes(there) ||
        there.includes(here)
      )
        continue;
      conflicts.push({
        attribute: 'where',
        a: before,
        b: fact,
        confidence: Math.sqrt(before.certainty * fact.certainty) * 0.9,
      });
    }
  }
  return conflicts;
}

/** Midnight and noon close together. */
export function compareTimes(facts: readonly Fact[], order: StoryOrder): Conflict[] {
  const times = facts
    .filter(({ attribute }) => attribute === 'time-of-day')
    .toSorted((a, b) => order.compare(a, b));
  return times.flatMap((fact, index): Conflict[] => {
    const before = times[index - 1];
    if (
      !before ||
      fact.changes ||
      order.sceneOf(before) !== order.sceneOf(fact) ||
      before.values[0] === fact.values[0]
    )
      return [];
    if (fact.evidence.start - before.evidence.start > 1_200) return [];
    return [{ attribute: 'time-of-day', a: before, b: fact, confidence: 0.65 }];
  });
}
