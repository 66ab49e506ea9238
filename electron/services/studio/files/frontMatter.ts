import { isDeepStrictEqual } from 'node:util';
import { Document, parseDocument } from 'yaml';
import { AppError } from '#shared/errors/AppError.ts';
import { checkedTree, isRecord } from './json.ts';

/** A file cut into its YAML head and its body; `bodyAt` is the offset of the body in the decoded text. */
export interface FrontMatterFile {
  /** YAML between the fences, without them; `null` where the file has no head. */
  readonly head: string | null;
  readonly body: string;
}

const maxHeadCharacters = 1_000_000;
const fence = /^---[ \t]*(?:\r?\n|$)/;
const closingFence = /^(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/m;

/** Cuts a decoded file. One empty line after the head is a separator and belongs to neither. Errors: project/damaged. */
export function splitFrontMatter(text: string): FrontMatterFile {
  const opening = fence.exec(text);
  if (!opening) return { head: null, body: text };
  const rest = text.slice(opening[0].length);
  const closing = closingFence.exec(rest);
  if (!closing) throw new AppError('project/damaged', 'The front matter never ends');
  const after = rest.slice(closing.index + closing[0].length);
  return { head: rest.slice(0, closing.index), body: after.replace(/^\r?\n/, '') };
}

/** Parses a head: YAML 1.2 core, no custom tags, few aliases, depth and size limited. Errors: project/damaged. */
export function parseHead(head: string): Readonly<Record<string, unknown>> {
  return readDocument(head).values;
}

function readDocument(head: string): { document: Document; values: Readonly<Record<string, unknown>> } {
  if (head.length > maxHeadCharacters) throw new AppError('project/damaged', 'The front matter is too large');
  refuseDeepBrackets(head);
  try {
    const document: Document = parseDocument(head, {
      schema: 'core',
      merge: false,
      uniqueKeys: true,
      logLevel: 'silent',
    });
    if (document.errors.length > 0) throw new Error(document.errors[0]?.message ?? 'Not YAML');
    const values: unknown = checkedTree(document.toJS({ maxAliasCount: 100 }) ?? {});
    if (!isRecord(values)) throw new Error('The front matter is not a mapping');
    return { document, values };
  } catch (thrown) {
    if (thrown instanceof AppError) throw thrown;
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    throw new AppError('project/damaged', message, { cause: thrown });
  }
}

/** Cheap guard before the parser, whose time grows with the nesting. */
function refuseDeepBrackets(head: string): void {
  for (const line of head.split('\n')) {
    const nested = line.match(/[[{]|(?:^|\s)[-?:](?=\s)/g)?.length ?? 0;
    if (nested > 2_000) throw new AppError('project/damaged', 'The front matter is nested too deeply');
  }
}

/** How one field of a value stands in the head. */
export interface HeadField<Value> {
  readonly key: string;
  /** The field as the head has it, a default where it is missing or nonsense. */
  get(value: Value): unknown;
  /** What a reader of this raw head value would see. */
  parse(raw: unknown): unknown;
  /** The form in the file; `undefined` leaves the key out. */
  print(field: unknown): unknown;
}

/**
 * The head for `value`. Keys of the old head that say the same already are not touched, so comments, order and
 * spelling of a hand-written head survive; so does every key that is in `extra`.
 */
export function renderHead<Value>(
  oldHead: string | null,
  fields: readonly HeadField<Value>[],
  value: Value,
  extra: Readonly<Record<string, unknown>>,
): string {
  const old = oldHead === null ? null : readableOrNull(oldHead);
  const document = old?.document ?? new Document({});
  const oldValues = old?.values ?? {};
  const known = new Set(fields.map(({ key }) => key));
  for (const field of fields) {
    const wanted = field.get(value);
    const had = Object.hasOwn(oldValues, field.key);
    if (had && isDeepStrictEqual(field.parse(oldValues[field.key]), wanted)) continue;
    const printed = field.print(wanted);
    if (printed === undefined) document.delete(field.key);
    else document.set(field.key, document.createNode(printed));
  }
  for (const key of Object.keys(oldValues)) {
    if (!known.has(key) && !Object.hasOwn(extra, key)) document.delete(key);
  }
  for (const [key, wanted] of Object.entries(extra)) {
    if (known.has(key) || isDeepStrictEqual(oldValues[key], wanted)) continue;
    document.set(key, document.createNode(wanted));
  }
  const head = document.toString({ lineWidth: 0, directives: false });
  const wanted = document.toJS() as unknown;
  return isDeepStrictEqual(readableOrNull(head)?.values, wanted) ? head : quotedHead(wanted);
}

/** For the few texts that YAML's plain and block forms cannot hold (blank lines of blanks, odd characters): all quoted. */
const quotedHead = (values: unknown): string =>
  new Document(values).toString({ lineWidth: 0, defaultStringType: 'QUOTE_DOUBLE' });

function readableOrNull(head: string): ReturnType<typeof readDocument> | null {
  try {
    return readDocument(head);
  } catch {
    return null;
  }
}

/** Keys of a head that are not fields of this version. */
export const extraOf = (
  values: Readonly<Record<string, unknown>>,
  fields: readonly HeadField<never>[],
): Record<string, unknown> => {
  const known = new Set(fields.map(({ key }) => key));
  return Object.fromEntries(Object.entries(values).filter(([key]) => !known.has(key)));
};

/** A whole file: fenced head, an empty line, body. */
export const joinFrontMatter = (head: string, body: string): string =>
  `---\n${head.endsWith('\n') ? head : `${head}\n`}---\n\n${body}`;

/** The bytes of the body in a file's bytes: everything behind the head, untouched. */
export function bodyBytes(bytes: Buffer, text: string): Buffer {
  const { body } = splitFrontMatter(text);
  return bytes.subarray(bytes.length - Buffer.byteLength(body));
}
