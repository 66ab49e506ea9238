import type { DisputeKind } from '#shared/models/ensemble.ts';
import { lexicalSimilarity } from '../lexicalMatch.ts';
import type { Person, Statement, Thing } from './Statement.ts';

/** Cosine of meanings of two statements' texts, where a model compares them. */
export type Meaning = (a: string, b: string) => number;

/** How much two statements speak of the same, 0…1. */
export function sameness(a: Statement, b: Statement, meaning: Meaning | null): number {
  if (!sharesSubject(a, b)) return 0;
  const lexical = lexicalSimilarity(a.topic, b.topic);
  const meant = meaning === null ? 0 : meaning(a.text, b.text);
  return meant >= meaningMargin ? Math.max(lexical, meant) : lexical;
}

/** Two dogs on a beach and a girl on a beach have the beach in common, and are not the same. */
function sharesSubject(a: Statement, b: Statement): boolean {
  const [first, second] = [a.things[0], b.things[0]];
  if (!first || !second) return true;
  return (
    b.things.some(({ head }) => head === first.head) || a.things.some(({ head }) => head === second.head)
  );
}

/** From here on two statements speak of the same. */
export const isSame = 0.5;
/** A model of meanings finds all short texts somewhat alike. */
const meaningMargin = 0.75;

const differ = <Value>(a: Value | null, b: Value | null): boolean => a !== null && b !== null && a !== b;

const otherPerson = (a: Person, b: Person): boolean => differ(a.gender, b.gender) || differ(a.age, b.age);

/** Whether one says that something is not there of which the other speaks. */
const denies = (a: Statement, b: Statement): boolean =>
  [...a.denied].some((term) => b.topic.has(term) && !b.denied.has(term));

/** What something of one cannot be beside everything of its kind in the other. */
function contradictions(a: Statement, b: Statement): Set<DisputeKind> {
  const kinds = new Set<DisputeKind>();
  for (const { head, count, colours, person } of a.things) {
    const same = b.things.filter((other) => other.head === head);
    if (same.length === 0) continue;
    if (same.every((other) => differ(count, other.count))) kinds.add('number');
    const differsInColour = (other: Thing) =>
      other.colours.length > 0 && !other.colours.some((colour) => colours.includes(colour));
    if (colours.length > 0 && same.every(differsInColour)) kinds.add('colour');
    if (person && same.every((other) => other.person !== null && otherPerson(person, other.person)))
      kinds.add('person');
  }
  return kinds;
}

/** What two statements that speak of the same cannot both be right about: seen from both sides. */
export function disputesBetween(a: Statement, b: Statement): DisputeKind[] {
  const [here, there] = [contradictions(a, b), contradictions(b, a)];
  const kinds = [...here].filter((kind) => there.has(kind));
  return denies(a, b) || denies(b, a) ? [...kinds, 'negation'] : kinds;
}
