import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hasRoom } from '#models/manager/download/diskRoom.ts';
import { officialEndpoint } from '#models/manager/download/hubUrls.ts';
import { planRange } from '#models/manager/download/planRange.ts';
import { planRedirect } from '#models/manager/download/planRedirect.ts';
import { planRetry, retryAfterMs } from '#models/manager/download/planRetry.ts';
import { checkFileNames, safePath } from '#models/manager/download/safePath.ts';
import { TransferSpeed } from '#models/manager/TransferSpeed.ts';

const size = fc.integer({ min: 1, max: 10_000 });

describe('what an answer is good for', () => {
  const answer = { status: 206, etag: '"a"', contentRange: null, contentLength: null };
  const range = (from: number, total: number | '*') =>
    `bytes ${String(from)}-${String(Math.max(from, Number(total) - 1) || from)}/${String(total)}`;

  test('whatever a server says, bytes are added only at the end of what is there, of the same version', () => {
    const etags = fc.constantFrom(null, '"a"', '"b"');
    const answers = fc.record({
      status: fc.constantFrom(200, 206, 206, 206, 416, 500),
      etag: etags,
      contentRange: fc.option(fc.tuple(fc.nat(10_000), size).map(([from, total]) => range(from, total))),
      contentLength: fc.option(fc.nat(10_000)),
    });
    fc.assert(
      fc.property(size, fc.nat(10_000), etags, answers, (bytes, have, etag, given) => {
        const plan = planRange(Math.min(have, bytes), bytes, etag, given);
        if (plan.kind !== 'write') return;
        if (given.status === 200) {
          expect(plan.from).toBe(0);
          expect([null, bytes]).toContain(given.contentLength);
          return;
        }
        expect(given.status).toBe(206);
        expect(plan.from).toBe(Math.min(have, bytes));
        expect(given.contentRange).toMatch(new RegExp(`^bytes ${String(plan.from)}-\\d+/${String(bytes)}$`));
        if (etag !== null && given.etag !== null) expect(given.etag).toBe(etag);
      }),
      { numRuns: 5000 },
    );
  });

  test('exactly the rest is added, and also where the whole size is not told', () => {
    expect(planRange(10, 20, '"a"', { ...answer, contentRange: range(10, 20) })).toEqual({
      kind: 'write',
      from: 10,
    });
    expect(planRange(10, 20, null, { ...answer, contentRange: 'bytes 10-19/*' }).kind).toBe('write');
  });

  test('a range that is not had is no endless loop: with nothing there it is refused', () => {
    expect(planRange(10, 20, null, { ...answer, status: 416 })).toEqual({ kind: 'restart' });
    expect(planRange(0, 20, null, { ...answer, status: 416 }).kind).toBe('refuse');
  });
});

describe('when to try again', () => {
  const options = { most: 6, askedMs: null, random: 0.5 };

  test('pauses grow up to half a minute and are spread; after the last attempt there is none', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 40 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (tries, random) => {
          const plan = planRetry(tries, { most: 30, askedMs: null, random });
          if (tries >= 30) expect(plan).toEqual({ kind: 'stop' });
          else if (plan.kind === 'wait') {
            expect(plan.waitMs).toBeGreaterThanOrEqual(250);
            expect(plan.waitMs).toBeLessThanOrEqual(30_000);
          } else expect.unreachable();
        },
      ),
    );
  });

  test('a server is given the time it asks for, up to a minute', () => {
    expect(planRetry(1, { ...options, askedMs: 20_000 })).toEqual({ kind: 'wait', waitMs: 20_000 });
    expect(planRetry(1, { ...options, askedMs: 61_000 })).toEqual({ kind: 'stop' });
    expect(planRetry(1, { ...options, askedMs: 0 })).toEqual({ kind: 'wait', waitMs: 375 });
  });

  test('Retry-After is read in both its forms, and nothing else is taken for one', () => {
    const now = Date.parse('2026-01-01T00:00:00Z');
    expect(retryAfterMs('12', now)).toBe(12_000);
    expect(retryAfterMs('Thu, 01 Jan 2026 00:00:30 GMT', now)).toBe(30_000);
    expect(retryAfterMs('Thu, 01 Jan 2025 00:00:30 GMT', now)).toBe(0);
    expect([retryAfterMs('soon', now), retryAfterMs(null, now)]).toEqual([null, null]);
  });
});

describe('where a hub may lead', () => {
  const file = `${officialEndpoint}/a/b/resolve/main/x`;

  test.each([
    ['https://cdn-lfs.huggingface.co/x', false],
    ['https://cas-bridge.xethub.hf.co/x?sig=1', false],
    ['/api/resolve-cache/x', true],
  ])('the official hub leads to %s', (location, keepsToken) => {
    expect(planRedirect(officialEndpoint, file, location).keepsToken).toBe(keepsToken);
  });

  test.each([
    'http://huggingface.co/x',
    'http://127.0.0.1/x',
    'https://127.0.0.1/x',
    'https://169.254.169.254/latest',
    'https://huggingface.co.evil.example/x',
    'https://evilhuggingface.co/x',
    'https://hf.co@evil.example/x',
    'https://user:secret@huggingface.co/x',
    'https://[::1]/x',
    '//evil.example/x',
  ])('the official hub does not lead to %s', (location) => {
    expect(() => planRedirect(officialEndpoint, file, location)).toThrow(
      expect.objectContaining({ code: 'download/unexpected-host' }),
    );
  });

  test('a mirror leads to itself, below itself and to the official storage; without encryption only if it is so named', () => {
    const to = (endpoint: string, location: string) => {
      try {
        return planRedirect(endpoint, `${endpoint}/x`, location).url;
      } catch {
        return null;
      }
    };
    const mirror = 'https://mirror.example';
    expect(to(mirror, 'https://cdn.mirror.example/y')).toBe('https://cdn.mirror.example/y');
    expect(to(mirror, 'https://cdn-lfs.hf.co/y')).toBe('https://cdn-lfs.hf.co/y');
    expect(to(mirror, 'http://mirror.example/y')).toBeNull();
    expect(to(mirror, 'https://example/y')).toBeNull();
    expect(to('http://10.0.0.7:8080', 'http://10.0.0.7:9090/y')).toBe('http://10.0.0.7:9090/y');
    expect(to('http://10.0.0.7', 'http://10.0.0.8/y')).toBeNull();
    expect(to('http://10.0.0.7', 'http://cdn-lfs.hf.co/y')).toBeNull();
  });

  test('whatever it is told, the token only stays with the origin it came from', () => {
    fc.assert(
      fc.property(fc.oneof(fc.webUrl(), fc.webPath(), fc.string()), (location) => {
        try {
          const { url, keepsToken } = planRedirect(officialEndpoint, file, location);
          expect(new URL(url).protocol).toBe('https:');
          if (keepsToken) expect(new URL(url).origin).toBe(officialEndpoint);
        } catch (error) {
          expect(error).toMatchObject({ code: expect.stringMatching(/^download\//) });
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('names of files', () => {
  const refused = expect.objectContaining({ code: 'input/invalid' });

  test.each([
    ['', '..', 'a/../b', '/a', 'a//b', 'a/', 'C:/a', 'a\\b', 'a\0', 'a\nb', 'a\u007f', 'a\u0085b', 'a\ud800'],
    ['a.', 'a ', 'a./b', 'CON', 'nul.onnx', 'lpt9', 'COM¹.txt', 'aux .x', 'conin$', 'a/prn/b', 'a?b', 'a"b'],
  ])('%# lead out, or cannot be on every system', (...paths) => {
    for (const path of paths) expect(() => safePath(path), path).toThrow(refused);
  });

  test.each([
    'onnx/model.onnx',
    'a b/ü.txt',
    '模型.json',
    'console.txt',
    'com.json',
    'com10',
    '.gitattributes',
  ])('%s is a good name', (path) => {
    expect(safePath(path)).toBe(path);
  });

  test('whatever a name is, what is let in stays inside and has no control characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab./\\: \u0001\u0085con') }), (path) => {
        try {
          safePath(path);
        } catch {
          return;
        }
        expect(new URL(`file:///in/${encodeURI(path)}`).pathname.startsWith('/in/')).toBe(true);
        expect(path).not.toMatch(/\p{Cc}|[\\:]|(^|\/)\.{1,2}(\/|$)/u);
      }),
      { numRuns: 5000 },
    );
  });

  test.each([
    [['a', 'A']],
    [['é', 'e\u0301']],
    [['x', 'x.part']],
    [['X.PART.json', 'x']],
    [['a', 'a/b']],
    [['A/b', 'a']],
    [['a', 'a']],
  ])('%o cannot lie in one folder', (paths) => {
    expect(() => checkFileNames(paths)).toThrow(refused);
  });

  test('names that differ may lie in one folder', () => {
    checkFileNames(['model.onnx', 'model.onnx_data', 'onnx/model.onnx', 'onnx/x', 'y.part']);
  });
});

test('the speed is that of the last seconds; nothing is ever below zero or without an end', () => {
  const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 20_000 }), fc.nat(1_000_000)), { minLength: 1 });
  fc.assert(
    fc.property(steps, fc.option(fc.nat(10_000_000)), (moves, total) => {
      let [now, bytes] = [0, 0];
      const speed = new TransferSpeed(() => now);
      for (const [ms, more] of moves) {
        now += ms;
        bytes += more;
        const facts = speed.at(bytes, total);
        expect(facts.bytesPerSecond ?? 0).toBeGreaterThanOrEqual(0);
        expect(Number.isFinite(facts.remainingSeconds ?? 0)).toBe(true);
        expect(facts.remainingSeconds ?? 0).toBeGreaterThanOrEqual(0);
      }
    }),
  );
});

test('a steady transfer has its speed and its end; a stall shows within seconds', () => {
  let now = 0;
  const speed = new TransferSpeed(() => now);
  for (let second = 0; second <= 10; second++) {
    now = second * 1000;
    speed.at(second * 500, 10_000);
  }
  expect(speed.at(5000, 10_000)).toMatchObject({ bytesPerSecond: 500, remainingSeconds: 10 });
  now = 30_000;
  expect(speed.at(5000, 10_000).bytesPerSecond).toBeLessThan(100);
});

test('two gibibytes and a tenth stay free; nothing to write needs no room', () => {
  const gibibyte = 1024 ** 3;
  expect(hasRoom(10 * gibibyte, 13 * gibibyte)).toBe(true);
  expect(hasRoom(10 * gibibyte, 12.9 * gibibyte)).toBe(false);
  expect(hasRoom(1, 2 * gibibyte)).toBe(false);
  expect(hasRoom(0, 0)).toBe(true);
});
