import { z } from 'zod';
import { ModelManifest } from '#shared/models/manifest.ts';
import blip2Opt27b from './blip2-opt-2.7b.json' with { type: 'json' };
import chineseClipVitBasePatch16 from './chinese-clip-vit-base-patch16.json' with { type: 'json' };
import chineseClipVitLargePatch14336 from './chinese-clip-vit-large-patch14-336.json' with { type: 'json' };
import clipVitBasePatch16 from './clip-vit-base-patch16.json' with { type: 'json' };
import clipVitBasePatch32 from './clip-vit-base-patch32.json' with { type: 'json' };
import clipVitLargePatch14 from './clip-vit-large-patch14.json' with { type: 'json' };
import florence2Base from './florence-2-base.json' with { type: 'json' };
import llava157b from './llava-1.5-7b.json' with { type: 'json' };
import llavaOnevision05b from './llava-onevision-0.5b.json' with { type: 'json' };
import minilm from './minilm-l6.json' with { type: 'json' };
import minimind from './minimind2-small.json' with { type: 'json' };
import qwenVl from './qwen-vl.json' with { type: 'json' };
import qwen25Vl3b from './qwen2.5-vl-3b.json' with { type: 'json' };
import qwen2Vl2b from './qwen2-vl-2b.json' with { type: 'json' };
import siglip2BasePatch32256 from './siglip2-base-patch32-256.json' with { type: 'json' };
import smolvlm256m from './smolvlm-256m.json' with { type: 'json' };
import smolvlm500m from './smolvlm-500m.json' with { type: 'json' };
import stories from './stories15m.json' with { type: 'json' };

/** Every model the application knows, the built-in ones first; checked when the engine starts. */
export const catalog: readonly ModelManifest[] = z
  .array(ModelManifest)
  .parse([
    stories,
    minimind,
    minilm,
    clipVitBasePatch32,
    clipVitBasePatch16,
    clipVitLargePatch14,
    blip2Opt27b,
    llava157b,
    qwenVl,
    qwen2Vl2b,
    qwen25Vl3b,
    llavaOnevision05b,
    smolvlm256m,
    smolvlm500m,
    florence2Base,
    chineseClipVitBasePatch16,
    chineseClipVitLargePatch14336,
    siglip2BasePatch32256,
  ]);
