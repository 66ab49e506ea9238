import { downloadFiles } from '#models/manager/download/downloadFiles.ts';
import { resolveFiles } from '#models/manager/download/resolveFiles.ts';

/** A process that downloads everything of a test hub into a folder and says how it went. */
const [endpoint = '', to = ''] = process.argv.slice(2);
const place = { endpoint, repository: 'some/model', revision: 'main' };
const options = { token: null, signal: new AbortController().signal, idleMs: 300, attempts: 6, pace: 0.02 };
const { commit, files } = await resolveFiles(place, options);
process.send?.('started');
await downloadFiles({ ...place, ...options, revision: commit, files, to, onProgress: () => undefined });
process.exit(0);
