const shared = ['PATH', 'LANG', 'NODE_EXTRA_CA_CERTS', 'STORYLOOM_MODELS', 'npm_config_registry'];
const posix = [...shared, 'HOME', 'TMPDIR'];
const windows = [...shared, 'SystemRoot', 'TEMP', 'USERPROFILE'];
/** What names a proxy, in either spelling; handed on in capitals. */
const proxies = ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY'];

/**
 * What a supervised process inherits: a few names, none of which carries a secret of the application, and the writer's
 * proxies, which downloads then go through.
 */
export function childEnvironment(
  parent: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
): Record<string, string> {
  const entry = (name: string, value: string | undefined) =>
    value === undefined || value === '' ? [] : [[name, value] as const];
  const inherited = (platform === 'win32' ? windows : posix).flatMap((name) => entry(name, parent[name]));
  const named = proxies.flatMap((name) => entry(name, parent[name] || parent[name.toLowerCase()]));
  return {
    ...Object.fromEntries([...inherited, ...named]),
    ORT_DISABLE_TELEMETRY: '1',
    // Node's own fetch goes through a proxy only when told to.
    ...(named.some(([name]) => name !== 'NO_PROXY') ? { NODE_USE_ENV_PROXY: '1' } : {}),
    // glibc then gives the memory of unloaded weights back to the system.
    ...(platform === 'linux' ? { MALLOC_MMAP_THRESHOLD_: '131072', MALLOC_ARENA_MAX: '2' } : {}),
  };
}
