import { readdir, readFile } from 'node:fs/promises';

/** Process ids below `rootId` whose command line names `entry` (Linux). */
export async function descendants(rootId: number, entry: string): Promise<number[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const facts = await Promise.all(
    ids.map(async (id) => {
      const stat = await readFile(`/proc/${String(id)}/stat`, 'utf8').catch(() => '');
      const command = await readFile(`/proc/${String(id)}/cmdline`, 'utf8').catch(() => '');
      return { id, parent: Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]), command };
    }),
  );
  const below = (id: number): typeof facts =>
    facts.filter(({ parent }) => parent === id).flatMap((child) => [child, ...below(child.id)]);
  return below(rootId)
    .filter(({ command }) => command.includes(entry))
    .map(({ id }) => id);
}
