import { join } from 'node:path';

/** Where models are installed: `STORYLOOM_MODELS`, else beside the user's other data. */
export const modelsFolder = (dataFolder: string, env: NodeJS.ProcessEnv = process.env): string =>
  env['STORYLOOM_MODELS'] || join(dataFolder, 'models');
