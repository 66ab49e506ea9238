import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Where the application keeps settings, journals, snapshots and models: the folder that Electron uses, so that the
 * desktop app, the studio server and the command line see the same recent stories and models.
 */
export function defaultDataFolder(
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  const chosen = env['STORYLOOM_DATA_FOLDER'];
  if (chosen) return chosen;
  if (platform === 'win32') return join(env['APPDATA'] || join(home, 'AppData', 'Roaming'), 'Storyloom');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Storyloom');
  return join(env['XDG_CONFIG_HOME'] || join(home, '.config'), 'Storyloom');
}

/** Where new stories go unless the writer chose another place. */
export const defaultStoriesFolder = (home: string = homedir()): string =>
  join(home, 'Documents', 'Storyloom');
