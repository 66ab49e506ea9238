import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium } from '@playwright/test';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createAssetLister } from '#electron/services/server/assets.ts';
import { openStudioServer, type StudioServer } from '#electron/services/server/StudioServer.ts';
import { findChromium } from '../support/machine.ts';
import { openTestStudio, type TestStudio } from '../support/studio.ts';

let studio: TestStudio;
let page: string;
let server: StudioServer;
let evil: Server;
let browser: Browser;
let context: BrowserContext;
const received: string[] = [];

const port = () => String(server.port);
const evilPort = () => String((evil.address() as AddressInfo).port);

beforeAll(async () => {
  studio = await openTestStudio();
  page = await mkdtemp(join(tmpdir(), 'storyloom-page-'));
  await writeFile(join(page, 'index.html'), '<!doctype html><title>Storyloom</title><p>the secret page</p>');
  server = await openStudioServer({ studio: studio.studio, assets: createAssetLister(page), port: 0 });
  evil = createServer((request, response) => {
    received.push(request.url ?? '');
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>evil</title>');
  }).listen(0, '127.0.0.1');
  await once(evil, 'listening');
  const executablePath = findChromium();
  browser = await chromium.launch({
    ...(executablePath ? { executablePath } : {}),
    // What an attacker's name server does: his name leads to this machine.
    args: ['--no-sandbox', '--host-resolver-rules=MAP evil.example 127.0.0.1, MAP rebound.example 127.0.0.1'],
  });
});
afterAll(async () => {
  await browser.close();
  evil.close();
  await server.close();
  await studio[Symbol.asyncDispose]();
  await rm(page, { recursive: true });
});

/** A browser that is logged in to the studio, as the writer's is while he surfs elsewhere. */
beforeEach(async () => {
  context = await browser.newContext();
  const own = await context.newPage();
  await own.goto(server.newAddress());
  expect(own.url()).toBe(`http://127.0.0.1:${port()}/`);
  expect(await own.textContent('p')).toBe('the secret page');
});
afterEach(async () => {
  await context.close();
});

/** Runs in a page of another site, in the same browser. */
async function onOtherSite<Result>(
  attack: (target: string) => Promise<Result>,
  host = 'evil.example',
): Promise<Result> {
  const other = await context.newPage();
  await other.goto(`http://${host}:${evilPort()}/`);
  return other.evaluate(attack, `127.0.0.1:${port()}`);
}

const dial = (target: string): Promise<string> =>
  new Promise((resolve) => {
    const socket = new WebSocket(`ws://${target}/rpc`);
    socket.onopen = () => resolve('open');
    socket.onerror = () => resolve('refused');
  });

test('the page of the studio itself gets its socket', async () => {
  const own = await context.newPage();
  await own.goto(`http://127.0.0.1:${port()}/`);
  expect(await own.evaluate(dial, `127.0.0.1:${port()}`)).toBe('open');
});

test.each(['evil.example', '127.0.0.1', 'localhost'])(
  'a page on %s, another port, gets no socket',
  async (host) => {
    expect(await onOtherSite(dial, host)).toBe('refused');
  },
);

test.each(['evil.example', '127.0.0.1'])(
  'a page on %s, another port, reads nothing and uploads nothing',
  async (host) => {
    const outcome = await onOtherSite(async (target) => {
      const read = await fetch(`http://${target}/`, { credentials: 'include' }).then(
        (reply) => reply.text(),
        () => 'unreadable',
      );
      const opaque = await fetch(`http://${target}/uploads`, {
        method: 'POST',
        mode: 'no-cors',
        credentials: 'include',
        body: 'planted',
      }).then(
        (reply) => reply.type,
        () => 'refused',
      );
      return { read, opaque };
    }, host);
    expect(outcome.read).toBe('unreadable');
    expect(await readdir(join(studio.folder, 'data', 'uploads')).catch(() => [])).toEqual([]);
  },
);

test('the page cannot be framed, and a form of another site leads nowhere', async () => {
  const other = await context.newPage();
  await other.goto(`http://evil.example:${evilPort()}/`);
  await other.evaluate((target) => {
    const frame = document.createElement('iframe');
    frame.src = `http://${target}/`;
    document.body.append(frame);
  }, `127.0.0.1:${port()}`);
  await expect.poll(() => other.frames().length).toBe(2);
  await other.waitForTimeout(300);
  expect(await other.frames()[1]?.content()).not.toContain('secret');
  await other.evaluate((target) => {
    const form = document.createElement('form');
    form.action = `http://${target}/uploads`;
    form.method = 'post';
    document.body.append(form);
    form.submit();
  }, `127.0.0.1:${port()}`);
  await other.waitForLoadState();
  expect(await other.textContent('body')).not.toContain('uploadId');
});

test('a name rebound to this machine is answered with 421 and without a byte of the story', async () => {
  const other = await context.newPage();
  const reply = await other.goto(`http://rebound.example:${port()}/`);
  expect(reply?.status()).toBe(421);
  expect(await other.content()).not.toContain('secret');
  expect(await other.evaluate(dial, `rebound.example:${port()}`)).toBe('refused');
});

test('a link to the studio on another site sends no token on, and shows no story to a stranger', async () => {
  received.length = 0;
  const stranger = await browser.newContext();
  const visit = await stranger.newPage();
  const reply = await visit.goto(`http://127.0.0.1:${port()}/`);
  expect(reply?.status()).toBe(401);
  await visit.goto(server.newAddress());
  await visit.evaluate((url) => {
    const link = document.createElement('a');
    link.href = url;
    document.body.append(link);
    link.click();
  }, `http://evil.example:${evilPort()}/landed`);
  await visit.waitForURL(/landed/);
  expect(await visit.evaluate(() => document.referrer)).toBe('');
  expect(received.join()).not.toContain('token');
  await stranger.close();
});
