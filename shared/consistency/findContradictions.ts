import type { Decision } from '../story/decision.ts';
import type { SceneId } from '../story/ids.ts';
import { compareLooks } from './compare/compareLooks.ts';
import { compareNames } from './compare/compareNames.ts';
import { compareAges, compareLives, comparePlaces, compareTimes } from './compare/comparePlot.ts';
import { StoryOrder } from './compare/order.ts';
import { planFixes } from './compare/planFixes.ts';
import { type Attribute, type Finding, type FindingKind, kindOf, type Statement } from './findings.ts';
import type { CastMember } from './people/cast.ts';
import type { Fact, SceneFacts } from './read/readTexts.ts';

/** Everything that was read of a story. */
export interface StoryFacts {
  readonly cast: readonly CastMember[];
  /** Scene ids in reading order. */
  readonly order: readonly SceneId[];
  readonly sheets: readonly Fact[];
  readonly scenes: readonly SceneFacts[];
  readonly pictures: readonly Fact[];
}

/** What is less sure than this is not worth a writer's time. */
const leastConfidence = 0.5;

/** Statements that exclude each other, the writer's decisions heeded, surest first. Pure: the same facts give the same findings. */
export function findContradictions(story: StoryFacts, decisions: readonly Decision[]): Finding[] {
  const order = new StoryOrder(story.order, decisions);
  const told = story.scenes.flatMap(({ facts }) => facts);
  const facts = [...story.sheets, ...told, ...story.pictures];
  const found = [
    ...[
      ...compareLooks(facts, order),
      ...compareAges(facts, order),
      ...compareLives(facts, order),
      ...comparePlaces(facts, order),
      ...compareTimes(facts, order),
    ].map((conflict) => finding(kindOf(conflict.attribute), conflict)),
    ...compareNames(facts, story.cast).map((conflict) =>
      finding(conflict.isPlace ? 'place-name' : 'name', conflict),
    ),
    ...story.scenes.flatMap(({ days }) =>
      days.map(({ told: b, reason: a, expected }) =>
        finding('date', { attribute: 'weekday', a, b, confidence: b.certainty }, expected),
      ),
    ),
  ];
  return found
    .filter(({ confidence }) => confidence >= leastConfidence)
    .filter(
      ({ characterId, attribute, a, b }) =>
        !order.isIgnored(characterId, attribute, a.evidence.sentence, b.evidence.sentence),
    )
    .toSorted((a, b) => b.confidence - a.confidence);
}

function finding(
  kind: FindingKind,
  conflict: { attribute: Attribute; a: Fact; b: Fact; confidence: number },
  expectedDay: number | null = null,
): Finding {
  const { attribute, a, b, confidence } = conflict;
  const characterId = kind === 'place-name' ? null : (a.characterId ?? b.characterId);
  const model = [a, b].flatMap(({ evidence }) =>
    evidence.kind === 'picture' && evidence.modelId !== null ? [evidence.modelId] : [],
  );
  return {
    id: [kind, characterId ?? '', attribute, placeKey(a), placeKey(b)].join('|'),
    kind,
    characterId,
    attribute,
    a: statement(a),
    b: statement(b),
    confidence: Math.round(confidence * 100) / 100,
    source: model[0] ?? 'text',
    fixes: planFixes(attribute, a, b, expectedDay),
  };
}

const placeKey = ({ evidence, words }: Fact): string => {
  const where =
    evidence.kind === 'scene'
      ? evidence.sceneId
      : evidence.kind === 'picture'
        ? evidence.imageId
        : evidence.field;
  return `${where}:${words}:${evidence.sentence}`;
};

const statement = ({ words, values, evidence }: Fact): Statement => ({
  words,
  values: [...values],
  evidence,
});
