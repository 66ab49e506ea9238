import { resolve } from 'node:path';
import { installBuiltins } from '#models/manager/installBuiltins.ts';
import { modelsFolder } from '../services/engine/modelsFolder.ts';
import { defaultDataFolder } from '../services/studio/app/dataFolder.ts';

/** `npm run models [-- <folder>]`: fetches the built-in models, by default to where the application looks for them. */
const [, , folder = modelsFolder(defaultDataFolder())] = process.argv;
await installBuiltins(resolve(folder), (line) => console.log(line));
