import { z } from 'zod';
import type { Language } from '../../story/scene.ts';

/** What a description is for. */
export const DescriptionStyle = z.enum(['detailed', 'story', 'alt']);
export type DescriptionStyle = z.infer<typeof DescriptionStyle>;

const requests: Readonly<Record<DescriptionStyle, Readonly<Record<Language, string>>>> = {
  detailed: { en: 'Describe this image in great detail.', zh: '请用中文详细描述这张图片。' },
  story: { en: 'Tell a short story inspired by this image.', zh: '请根据这张图片讲一个简短的故事。' },
  alt: {
    en: 'Describe this image in one short sentence for somebody who cannot see it.',
    zh: '请用一句简短的话，为看不见的人描述这张图片。',
  },
};

/** What a model that sees is asked for. */
export const describePicture = (style: DescriptionStyle, language: Language): string =>
  requests[style][language];
