const shared = [
  'PATH',
  'LANG',
  'HTTPS_PROXY',
  'NO_PROXY',
  'NODE_EXTRA_CA_CERTS',
  'STORYLOOM_MODELS',
  'npm_config_registry',
];
const posix = [...shared, 'HOME', 'TMPDIR'];
const windows = [...shared, 'SystemRoot', 'TEMP', 'USERPROFILE'];

/** What a supervised process inherits: ten names at most, none of which carries a secret of the application. */
export function childEnvironment(
  parent: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
): Record<string, string> {
  const inherited = (platform === 'win32' ? windows : posix).flatMap((name) => {
    const value = parent[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(inherited),
    ORT_DISABLE_TELEMETRY: '1',
    // Node's own fetch goes through the proxy only when told to.
    ...(inherited.some(([name]) => name === 'HTTPS_PROXY') ? { NODE_USE_ENV_PROXY: '1' } : {}),
    // glibc then gives the memory of unloaded weights back to the system.
    ...(platform === 'linux' ? { MALLOC_MMAP_THRESHOLD_: '131072', MALLOC_ARENA_MAX: '2' } : {}),
  };
}
