import { readFile } from 'node:fs/promises';
import { HubToken } from '#shared/settings.ts';

/** The writer's token for the model hub, as the studio keeps it; `null` where there is none that can be used. */
export async function readHubToken(file: string): Promise<string | null> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return HubToken.safeParse(text.trim()).data ?? null;
}
