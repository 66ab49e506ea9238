import { z } from 'zod';
import { ModelManifest } from '#shared/models/manifest.ts';
import minilm from './minilm-l6.json' with { type: 'json' };
import minimind from './minimind2-small.json' with { type: 'json' };
import stories from './stories15m.json' with { type: 'json' };

/** Every model that can be installed, checked when the engine starts. */
export const catalog: readonly ModelManifest[] = z.array(ModelManifest).parse([stories, minimind, minilm]);
