/** Numbers in [0, 1). */
export type Random = () => number;

const pick = <T>(random: Random, list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;

/** Damages bytes: bits turned over, stretches zeroed, doubled, cut out or put elsewhere, an end cut off, bytes of another world. */
export function mutateBytes(source: Uint8Array, random: Random): Uint8Array {
  let bytes = Uint8Array.from(source);
  const place = (): number => Math.floor(random() * bytes.length);
  for (let times = 1 + Math.floor(random() * 4); times > 0; times--) {
    const start = place();
    const end = Math.min(bytes.length, start + 1 + Math.floor(random() ** 3 * 512));
    switch (Math.floor(random() * 7)) {
      case 0:
        bytes[start] = (bytes[start] ?? 0) ^ (1 << Math.floor(random() * 8));
        break;
      case 1:
        bytes[start] = Math.floor(random() * 256);
        break;
      case 2:
        bytes.fill(pick(random, [0, 255, 127]), start, end);
        break;
      case 3:
        bytes = bytes.slice(0, start);
        break;
      case 4:
        bytes = Uint8Array.from([...bytes.subarray(0, start), ...bytes.subarray(end)]);
        break;
      case 5:
        bytes = Uint8Array.from([...bytes.subarray(0, end), ...bytes.subarray(start)]);
        break;
      default:
        bytes.set(bytes.slice(place()).subarray(0, end - start), start);
    }
  }
  return bytes;
}

const hostileValues: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e9,
  2 ** 31,
  2 ** 53,
  1e308,
  '',
  'x',
  '../../../etc/passwd',
  '(a+)+$',
  'ä'.repeat(10_000),
  [],
  {},
  [[[[[[]]]]]],
  Array.from({ length: 5000 }, (_, index) => index),
];

/** Damages a JSON value: one to four of its parts are removed, doubled or replaced by something unexpected. */
export function mutateJson(source: unknown, random: Random): unknown {
  let value = structuredClone(source);
  for (let times = 1 + Math.floor(random() * 4); times > 0; times--) value = mutateOnce(value, random);
  return value;
}

function mutateOnce(root: unknown, random: Random): unknown {
  let parent: Record<string, unknown> | null = null;
  let key = '';
  let here = root;
  while (typeof here === 'object' && here !== null && (parent === null || random() < 0.75)) {
    const keys = Object.keys(here);
    if (keys.length === 0) break;
    parent = here as Record<string, unknown>;
    key = pick(random, keys);
    here = parent[key];
  }
  const replacement = structuredClone(pick(random, hostileValues));
  if (parent === null) return replacement;
  if (random() < 0.3 && !Array.isArray(parent)) delete parent[key];
  else if (random() < 0.2) parent[key] = structuredClone(root);
  else parent[key] = replacement;
  return root;
}
