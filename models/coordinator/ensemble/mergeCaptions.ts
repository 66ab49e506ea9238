import type { Claim, Dispute, DisputeKind, Together } from '#shared/models/ensemble.ts';
import type { ModelId } from '#shared/models/manifest.ts';
import type { Language } from '#shared/story/scene.ts';
import { chineseStatements } from './chinese.ts';
import { disputesBetween, isSame, type Meaning, sameness } from './compareStatements.ts';
import { englishStatements } from './english.ts';
import type { Statement } from './Statement.ts';

/** What one model said. */
export interface Caption {
  readonly modelId: ModelId;
  readonly text: string;
}

interface Said extends Statement {
  readonly modelId: ModelId;
}

/** Statements of several models about the same. */
type Cluster = Said[];

export const statementsOf = (text: string, language: Language): Statement[] =>
  language === 'zh' ? chineseStatements(text) : englishStatements(text);

/** A statement goes rather with one that it agrees with than with one more alike that it contradicts. */
const bias = { agrees: 0.2, contradicts: -0.4 } as const;

/** How well a statement goes with others; 0 where they speak of something else. */
function closeness(statement: Said, cluster: Cluster, meaning: Meaning | null): number {
  let best = 0;
  for (const other of cluster) {
    const same = sameness(statement, other, meaning);
    if (same < isSame) continue;
    best = Math.max(
      best,
      same + (disputesBetween(statement, other).length === 0 ? bias.agrees : bias.contradicts),
    );
  }
  return best;
}

/** Puts each model's statements to those of the others that speak of the same, the best matches first. */
function clustersOf(models: readonly Said[][], meaning: Meaning | null): Cluster[] {
  const clusters: Cluster[] = [];
  for (const statements of models) {
    const pairs = statements
      .flatMap((statement) =>
        clusters.map((cluster) => ({ statement, cluster, near: closeness(statement, cluster, meaning) })),
      )
      .filter((pair) => pair.near > 0)
      .toSorted((a, b) => b.near - a.near);
    const taken = new Set<Said | Cluster>();
    for (const { statement, cluster } of pairs) {
      if (taken.has(statement) || taken.has(cluster)) continue;
      taken.add(statement).add(cluster);
      cluster.push(statement);
    }
    for (const statement of statements) if (!taken.has(statement)) clusters.push([statement]);
  }
  return clusters;
}

/** Words that tell how much a statement says. */
const contentOf = ({ topic, things }: Statement): Set<string> =>
  new Set([
    ...topic,
    ...things.flatMap(({ head, count, colours }) => [
      ...colours.map((colour) => `${head}:${colour}`),
      ...(count === null || count === 1 ? [] : [`${head}:${String(count)}`]),
    ]),
  ]);

const modelsOf = (statements: readonly Said[]): ModelId[] => [
  ...new Set(statements.map(({ modelId }) => modelId)),
];

/** A side of a dispute in the words of who says least. */
const claimOf = (statements: readonly Said[]): Claim => ({
  text: statements.toSorted((a, b) => contentOf(a).size - contentOf(b).size)[0]?.text ?? '',
  modelIds: modelsOf(statements),
});

const includes = (whole: ReadonlySet<string>, part: ReadonlySet<string>): boolean =>
  [...part].every((word) => whole.has(word));

/** What is said with a statement besides the whole of it: each of its things, where it denies nothing. */
const partsOf = ({ things, denied, modelId }: Said): Said[] =>
  denied.size > 0
    ? []
    : things.map((thing) => ({
        text: thing.text,
        topic: new Set([thing.head]),
        things: [thing],
        denied: new Set<string>(),
        modelId,
      }));

/** The most that at least two models say: the whole of a statement, or one of its things. */
function commonOf(statements: readonly Said[]): { claim: Claim; content: Set<string> } | null {
  let best: { claim: Claim; content: Set<string> } | null = null;
  for (const candidate of statements.flatMap((statement) => [statement, ...partsOf(statement)])) {
    const content = contentOf(candidate);
    const modelIds = modelsOf(statements.filter((statement) => includes(contentOf(statement), content)));
    if (modelIds.length < 2 || content.size === 0) continue;
    if (best === null || content.size > best.content.size)
      best = { claim: { text: candidate.text, modelIds }, content };
  }
  return best;
}

/** Statements of a cluster in groups that do not contradict each other, the largest first. */
function sidesOf(cluster: Cluster): Said[][] {
  const sides: Said[][] = [];
  for (const statement of cluster) {
    const side = sides.find((members) =>
      members.every((member) => disputesBetween(member, statement).length === 0),
    );
    if (side) side.push(statement);
    else sides.push([statement]);
  }
  return sides.toSorted((a, b) => modelsOf(b).length - modelsOf(a).length);
}

function aboutOf(sides: readonly Said[][]): DisputeKind[] {
  const kinds = new Set<DisputeKind>();
  for (const [index, side] of sides.entries()) {
    for (const other of sides.slice(index + 1).flat()) {
      for (const statement of side) for (const kind of disputesBetween(statement, other)) kinds.add(kind);
    }
  }
  return [...kinds];
}

/** The same statement twice is one. */
const distinct = (statements: readonly Said[]): Said[] => [
  ...new Map(statements.map((statement) => [statement.text.toLowerCase(), statement])).values(),
];

/**
 * Captions of several models put together, statement by statement: what at least two say, what they contradict each other
 * about (numbers, colours, people, denials), and what one alone says. `meaning` helps to see that two statements speak of
 * the same in different words.
 */
export function mergeCaptions(
  captions: readonly Caption[],
  language: Language,
  meaning: Meaning | null = null,
): Pick<Together, 'agreed' | 'disputed' | 'single'> {
  const models = captions.map(({ modelId, text }) =>
    distinct(statementsOf(text, language).map((statement) => ({ ...statement, modelId }))),
  );
  const [agreed, single]: [Claim[], Claim[]] = [[], []];
  const disputed: Dispute[] = [];
  for (const cluster of clustersOf(models, meaning)) {
    const isDisputed = (statement: Said) =>
      cluster.some((other) => disputesBetween(statement, other).length > 0);
    const sides = sidesOf(cluster.filter(isDisputed));
    if (sides.length > 1) disputed.push({ about: aboutOf(sides), claims: sides.map(claimOf) });
    // Who does not mention the colour takes no side in a dispute about it.
    const others = cluster.filter((statement) => !isDisputed(statement));
    const common = commonOf(others);
    if (common) agreed.push(common.claim);
    const more = others.filter((statement) => !common || !includes(common.content, contentOf(statement)));
    for (const statement of more) single.push({ text: statement.text, modelIds: [statement.modelId] });
  }
  return { agreed, disputed, single };
}
