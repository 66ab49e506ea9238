/** Who may import whom. One rule per sentence of docs/architecture.md; its name is what a developer reads. */
const ours = '^(shared|models|electron|renderer|test)/';
const only = (name, from, allowed) => ({
  name,
  severity: 'error',
  from: { path: from },
  to: { path: ours, pathNot: allowed },
});

export default {
  forbidden: [
    only('shared-imports-only-shared', '^shared/', '^shared/'),
    only('models-import-shared', '^models/', '^(models|shared)/'),
    only('renderer-imports-shared', '^renderer/', '^(renderer|shared)/'),
    only('preload-imports-shared', '^electron/preload/', '^(electron/preload|shared)/'),
    only(
      'studio-knows-no-model-code',
      '^electron/services/studio/',
      '^(electron/services/studio|electron/links|shared)/',
    ),
    only(
      'engine-service-hosts-models',
      '^electron/services/engine/',
      '^(electron/services/engine|electron/links|models|shared)/',
    ),
    only(
      'imaging-service-stands-alone',
      '^electron/services/imaging/',
      '^(electron/services/imaging|electron/links|shared)/',
    ),
    only(
      'main-does-not-reach-models',
      '^electron/main/',
      '^(electron/(main|services/(studio|supervisor|server)|links)|shared)/',
    ),
    only('cli-uses-the-services', '^electron/cli/', '^(electron/(cli|services|links|hosts)|shared)/'),
    {
      name: 'electron-only-in-main-and-preload',
      severity: 'error',
      from: { pathNot: '^(electron/(main|preload|electron\\.vite\\.config)|test)' },
      to: { path: '^(node_modules/)?electron$|node_modules/electron/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'sharp-only-in-imaging',
      severity: 'error',
      from: { path: '^(shared|models|electron|renderer)/', pathNot: '^electron/services/imaging/' },
      to: { path: 'node_modules/sharp/' },
    },
    {
      name: 'onnxruntime-only-in-runtime',
      severity: 'error',
      from: { path: '^(shared|models|electron|renderer)/', pathNot: '^models/runtime/' },
      to: { path: 'node_modules/(onnxruntime|@huggingface)' },
    },
    {
      name: 'no-node-in-shared-or-renderer',
      severity: 'error',
      from: { path: '^(shared|renderer)/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'shared-depends-on-zod-orpc-and-markdown',
      severity: 'error',
      from: { path: '^shared/' },
      to: {
        dependencyTypes: ['npm', 'npm-dev'],
        pathNot: 'node_modules/(zod|@orpc/contract|@types/mdast|mdast-util-[a-z-]+|micromark[a-z-]*)/',
      },
    },
    {
      name: 'adapters-do-not-know-each-other',
      severity: 'error',
      from: { path: '^models/adapters/([^/]+)/' },
      to: { path: '^models/adapters/[^/]+/', pathNot: '^models/adapters/$1/' },
    },
    {
      name: 'features-do-not-know-each-other',
      severity: 'error',
      from: { path: '^renderer/features/([^/]+)/' },
      to: { path: '^renderer/features/[^/]+/', pathNot: '^renderer/features/$1/' },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    // `mdast` is types alone (@types/mdast).
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: '^mdast$' } },
    { name: 'no-tests-in-product', severity: 'error', from: { pathNot: '^test/' }, to: { path: '^test/' } },
  ],
  options: {
    parser: 'tsc',
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.json'],
    },
  },
};
