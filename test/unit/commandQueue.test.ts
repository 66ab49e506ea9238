import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CommandQueue, type CommandQueueDeps } from '#renderer/stores/commandQueue.ts';
import { AppError } from '#shared/errors/AppError.ts';
import type { Command } from '#shared/story/commands.ts';
import { SceneId } from '#shared/story/ids.ts';

const id = SceneId.parse('scene00001');
const type = (at: number, inserted: string): Command => ({
  kind: 'text.edit',
  id,
  edits: [{ at, removed: '', inserted }],
});

/** The other side: answers with the next revision, or with the failures it was told to give first. */
function studio(failures: AppError[] = []) {
  const received: { base: number; commands: readonly Command[] }[] = [];
  const told: string[] = [];
  let revision = 7;
  const deps: CommandQueueDeps = {
    send: async (base, commands) => {
      const failure = failures.shift();
      if (failure) throw failure;
      received.push({ base, commands });
      return ++revision;
    },
    confirmed: (_commands, to) => told.push(`confirmed ${String(to)}`),
    conflict: async ({ code }) => {
      told.push(code);
    },
    failed: ({ code }) => told.push(`failed ${code}`),
  };
  return { deps, received, told };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('commands on their way to the studio', () => {
  test('what is typed together travels together, made on the newest revision', async () => {
    const { deps, received, told } = studio();
    const queue = new CommandQueue(7, deps);
    queue.push([type(0, 'a')]);
    queue.push([type(1, 'b')]);
    await vi.runAllTimersAsync();
    queue.push([type(2, 'c')]);
    await vi.runAllTimersAsync();
    expect(received).toEqual([
      { base: 7, commands: [type(0, 'ab')] },
      { base: 8, commands: [type(2, 'c')] },
    ]);
    expect({ told, idle: queue.isIdle, revision: queue.revision }).toEqual({
      told: ['confirmed 8', 'confirmed 9'],
      idle: true,
      revision: 9,
    });
  });

  test('a full disk loses nothing: everything waits, in order, and is sent when there is room', async () => {
    const full = () => new AppError('disk/full', 'No room');
    const { deps, received, told } = studio([full(), full()]);
    const queue = new CommandQueue(7, deps);
    queue.push([type(0, 'a')]);
    await vi.advanceTimersByTimeAsync(60);
    queue.push([{ kind: 'scene.update', id, patch: { title: 'T' } }]);
    queue.push([type(1, 'b')]);
    expect(queue.pending).toHaveLength(3);
    await vi.runAllTimersAsync();
    expect(received.flatMap(({ commands }) => commands)).toEqual([
      type(0, 'a'),
      { kind: 'scene.update', id, patch: { title: 'T' } },
      type(1, 'b'),
    ]);
    expect(told).toEqual(['failed disk/full', 'failed disk/full', 'confirmed 8']);
  });

  test('flushing says why nothing arrived, and keeps it', async () => {
    const { deps, received } = studio([new AppError('host/disconnected', 'Gone')]);
    const queue = new CommandQueue(7, deps);
    queue.push([type(0, 'a')]);
    await expect(queue.flush()).rejects.toMatchObject({ code: 'host/disconnected' });
    expect(queue.pending).toEqual([type(0, 'a')]);
    await queue.flush();
    expect(received).toEqual([{ base: 7, commands: [type(0, 'a')] }]);
  });

  test('after a conflict the moved commands go out on the new revision', async () => {
    const { deps, received, told } = studio([new AppError('story/conflict', 'Newer')]);
    const queue: CommandQueue = new CommandQueue(7, {
      ...deps,
      conflict: async () => queue.rebase(11, [type(5, 'a')]),
    });
    queue.push([type(0, 'a')]);
    await vi.runAllTimersAsync();
    expect(received).toEqual([{ base: 11, commands: [type(5, 'a')] }]);
    expect(told).toEqual(['confirmed 8']);
  });

  test('a refusal that a fresh look does not heal is told, and the words stay', async () => {
    const refusal = () => new AppError('story/invalid-command', 'No');
    const { deps, told } = studio([refusal(), refusal(), refusal(), refusal()]);
    const queue = new CommandQueue(7, deps);
    queue.push([type(0, 'a')]);
    await vi.advanceTimersByTimeAsync(100);
    expect(told).toEqual([
      'story/invalid-command',
      'story/invalid-command',
      'story/invalid-command',
      'failed story/invalid-command',
    ]);
    expect(queue.pending).toEqual([type(0, 'a')]);
    queue.stop();
  });

  test('nothing is sent after stopping', async () => {
    const { deps, received } = studio();
    const queue = new CommandQueue(7, deps);
    queue.push([type(0, 'a')]);
    queue.stop();
    await vi.runAllTimersAsync();
    expect(received).toEqual([]);
  });
});
