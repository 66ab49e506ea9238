import { resolve } from 'node:path';
import { fromWire } from '#shared/contract/wire.ts';
import { AppError } from '#shared/errors/AppError.ts';
import { ModelId } from '#shared/models/manifest.ts';
import type { ModelEntry, PackEvent } from '#shared/models/modelState.ts';
import { type CliResult, success } from '../cliResult.ts';
import type { CliContext } from '../context.ts';

/** `models list`. */
export async function listModelsCommand(context: CliContext): Promise<CliResult> {
  const { studio } = await context.studio();
  const entries = await studio.services.models.list();
  const lines = entries.map(({ manifest, status }) =>
    [
      context.words.modelLine(manifest.id, status.state, manifest.name[context.uiLanguage]),
      manifest.advice[context.uiLanguage],
    ].join('\n    '),
  );
  return success(lines.join('\n'), {
    models: entries.map(({ manifest, status, suggested, variants }) => ({
      id: manifest.id,
      type: manifest.family,
      name: manifest.name,
      languages: manifest.languages,
      capabilities: manifest.capabilities,
      licence: manifest.licence,
      architecture: manifest.architecture,
      recommended_use: manifest.recommendedUse,
      suggested_variant: suggested,
      variants: manifest.variants.map(({ precision, diskBytes, memoryBytes }, index) => ({
        precision,
        disk_bytes: diskBytes,
        memory_bytes: memoryBytes,
        installed: variants[index]?.installed ?? false,
        fit: variants[index]?.fit.verdict,
      })),
      state: status.state,
    })),
  });
}

/** `models pack <id> <file>`. Errors: model/not-installed, model/damaged, disk/*. */
export async function packModelCommand(context: CliContext, name: string, file: string): Promise<CliResult> {
  const { studio } = await context.studio();
  const path = resolve(file);
  const input = { modelId: ModelId.parse(name), path };
  await followPack(context, await studio.services.models.exportPack(input, { signal: context.signal }));
  return success(path, { model: name, file: path });
}

/** `models unpack <file>`. Errors: model/damaged, model/in-use, disk/*. */
export async function unpackModelCommand(context: CliContext, file: string): Promise<CliResult> {
  const { studio } = await context.studio();
  const path = resolve(file);
  const events = await studio.services.models.importPack({ path }, { signal: context.signal });
  const { manifest } = await followPack(context, events);
  return success(context.words.installed(manifest.id), { model: manifest.id });
}

/** Waits for the end of a pack; its steps are events of `--json`. */
async function followPack(context: CliContext, events: AsyncIterable<PackEvent>): Promise<ModelEntry> {
  try {
    for await (const event of events) {
      if (event.type === 'done') return event.entry;
      context.output.event(event);
    }
  } catch (thrown) {
    throw thrown instanceof AppError ? thrown : fromWire(thrown);
  }
  throw new AppError('engine/crashed', 'The pack ended early');
}

/** `models install <id>`. Errors: model/unknown, download/*, disk/*. */
export async function installModelCommand(context: CliContext, name: string): Promise<CliResult> {
  const { studio } = await context.studio();
  const known = await studio.services.models.list();
  const entry = known.find(({ manifest }) => manifest.id === name);
  if (!entry) {
    throw new AppError('model/unknown', `No model "${name}"`, {
      details: { model: name, known: known.map(({ manifest }) => manifest.id) },
    });
  }
  let told = '';
  try {
    const events = await studio.services.models.install(
      { modelId: ModelId.parse(name) },
      { signal: context.signal },
    );
    for await (const { status } of events) {
      context.output.event({ type: 'progress', model: name, ...status });
      if (status.state === 'failed') throw new AppError('download/failed', status.message);
      if (status.state !== 'installing') continue;
      const line = context.words.installing(name, status.phase, Math.floor(status.progress * 10) * 10);
      if (line !== told) context.output.note(line);
      told = line;
    }
  } catch (thrown) {
    throw thrown instanceof AppError ? thrown : fromWire(thrown);
  }
  return success(context.words.installed(name), { model: name });
}
