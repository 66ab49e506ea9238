import { join } from 'node:path';
import { defaultIdleMs } from '#models/manager/ModelManager.ts';
import { hubTokenFile } from '#shared/settings.ts';
import { hostArguments, openHostPort } from '../links/hostPort.ts';
import { serve } from '../links/serve.ts';
import { modelsFolder } from '../services/engine/modelsFolder.ts';
import { openEngine } from '../services/engine/openEngine.ts';

const { dataFolder, builtInModelsFolder, modelMemoryBytes, modelIdleMinutes, modelHub } = hostArguments();
const defaultBudgetBytes = 4 * 1024 ** 3;
const port = openHostPort();

serve(
  await openEngine({
    modelsFolder: modelsFolder(dataFolder),
    builtInModelsFolder: builtInModelsFolder || null,
    budgetBytes: modelMemoryBytes || defaultBudgetBytes,
    modelHub: modelHub ?? '',
    hubTokenFile: join(dataFolder, hubTokenFile),
    devicesFile: join(dataFolder, 'devices.json'),
    idleMs: modelIdleMinutes * 60_000 || defaultIdleMs,
    pressure: port,
  }),
  port,
);
