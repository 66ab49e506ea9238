import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

const settings = ['registry', 'proxy', 'https-proxy', 'noproxy', 'cafile', 'strict-ssl'] as const;

/**
 * The writer's own npm settings: which registry, proxy and credentials to use, from the environment (as npm sets it for
 * scripts) and from the user's `.npmrc`. Empty where nothing was set: npm's defaults hold then.
 */
export async function npmConfig(env: NodeJS.ProcessEnv = process.env): Promise<Record<string, unknown>> {
  const file = env['npm_config_userconfig'] ?? join(homedir(), '.npmrc');
  const text = await readFile(file, 'utf8').catch(() => '');
  const options: Record<string, unknown> = {};
  for (const line of text.split(/\r?\n/)) {
    const [, key = '', value = ''] = /^\s*([^#;=\s][^=]*?)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    const resolved = value.replace(/\$\{(\w+)\}/g, (_whole, name: string) => env[name] ?? '');
    if (key.startsWith('//') || (settings as readonly string[]).includes(key)) set(options, key, resolved);
  }
  for (const key of settings) {
    const value = env[`npm_config_${key.replaceAll('-', '_')}`];
    if (value) set(options, key, value);
  }
  return options;
}

function set(options: Record<string, unknown>, key: string, value: string): void {
  if (value === '' || value === 'null') return;
  const names: Readonly<Record<string, string>> = {
    'https-proxy': 'httpsProxy',
    noproxy: 'noProxy',
    'strict-ssl': 'strictSSL',
  };
  options[names[key] ?? key] = key === 'strict-ssl' ? value !== 'false' : value;
}
