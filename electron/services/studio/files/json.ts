import { AppError } from '#shared/errors/AppError.ts';

/** No file of a story that is read into memory may be larger. */
export const maxFileBytes = 32 * 1024 * 1024;
const maxDepth = 64;

const refuse = (why: string): never => {
  throw new AppError('project/damaged', why);
};

/** Strict UTF-8, a leading byte order mark dropped. Errors: project/damaged. */
export function decodeText(bytes: Uint8Array): string {
  if (bytes.length > maxFileBytes) return refuse('The file is too large');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (thrown) {
    throw new AppError('project/damaged', 'The file is not UTF-8', { cause: thrown });
  }
}

/** Refuses trees deeper than 64 and removes keys named `__proto__`, in place. Errors: project/damaged. */
export function checkedTree(root: unknown): unknown {
  const open: { value: unknown; depth: number }[] = [{ value: root, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, depth } = next;
    if (typeof value !== 'object' || value === null) continue;
    if (depth > maxDepth) return refuse('The file is nested too deeply');
    if (Object.hasOwn(value, '__proto__')) Reflect.deleteProperty(value, '__proto__');
    for (const child of Object.values(value)) open.push({ value: child, depth: depth + 1 });
  }
  return root;
}

/** Parses JSON from outside: size, depth and prototype keys are checked. Errors: project/damaged. */
export function parseJson(bytes: Uint8Array): unknown {
  const text = decodeText(bytes);
  try {
    return checkedTree(JSON.parse(text));
  } catch (thrown) {
    if (thrown instanceof AppError) throw thrown;
    throw new AppError('project/damaged', 'The file is not JSON', { cause: thrown });
  }
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isPlain = (value: unknown): boolean => typeof value !== 'object' || value === null;
const mostCharactersInline = 120;

function print(value: unknown, indent: string): string | undefined {
  if (isPlain(value)) return JSON.stringify(value);
  const isArray = Array.isArray(value);
  const record = value as Readonly<Record<string, unknown>>;
  const keys = isArray
    ? []
    : Object.keys(record)
        .filter((key) => record[key] !== undefined)
        .sort();
  const children = isArray ? value : keys.map((key) => record[key]);
  const [opening, closing] = isArray ? '[]' : '{}';
  if (children.length === 0) return `${opening}${closing}`;
  const inner = `${indent}  `;
  const printed = children.map((child: unknown, at) => {
    const text = print(child, inner) ?? 'null';
    return isArray ? text : `${JSON.stringify(keys[at])}: ${text}`;
  });
  if (indent !== '' && children.every(isPlain)) {
    const line = printed.join(', ');
    if (line.length <= mostCharactersInline) return isArray ? `[${line}]` : `{ ${line} }`;
  }
  return `${opening}\n${inner}${printed.join(`,\n${inner}`)}\n${indent}${closing}`;
}

/** JSON for files that people diff: keys sorted, LF, small leaves on one line, a newline at the end. */
export const printJson = (value: unknown): string => `${print(value, '') ?? 'null'}\n`;

/** One line of a JSONL file, keys sorted. */
export const printJsonLine = (value: unknown): string =>
  JSON.stringify(value, (_key, child: unknown) =>
    isRecord(child)
      ? Object.fromEntries(
          Object.keys(child)
            .sort()
            .map((key) => [key, child[key]]),
        )
      : child,
  );
