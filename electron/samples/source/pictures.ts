import type { LocalizedText } from '#shared/story/image.ts';

/** What is said about one of the sample's pictures; its file lies in both sample stories under a name that starts with `stem`. */
export interface SamplePicture {
  readonly stem: string;
  readonly alt: LocalizedText;
  readonly caption: LocalizedText;
  readonly tags: Record<'en' | 'zh', readonly string[]>;
  readonly credit: string;
  readonly licence: string;
  readonly source: string;
}

const wesnoth = (path: string) => `The Battle for Wesnoth 1.16.9 (https://www.wesnoth.org), ${path}`;
const flare = (path: string) => `Flare: Empyrean Campaign 1.14 (https://flarerpg.org), ${path}`;
const gpl = 'GPL-2.0-or-later';
const ccBySa = 'CC-BY-SA-3.0';

/** Every picture of the sample, those that hang nowhere yet included. */
export const pictures = {
  elara: {
    stem: 'elara',
    alt: {
      en: 'A fair-haired young sorceress in green and grey, a living staff in one hand and blue light rising from the other',
      zh: '金发的年轻女法师身着绿灰两色长袍，一手握着生有枝叶的法杖，另一只手心升起蓝色的光',
    },
    caption: { en: 'Elara, who hears what crystals say', zh: '听得见水晶说话的艾拉拉' },
    tags: { en: ['sorceress', 'portrait', 'magic', 'staff'], zh: ['女法师', '肖像', '魔法', '法杖'] },
    credit: 'Kathrin Polikeit (Kitty)',
    licence: gpl,
    source: wesnoth('portraits/elves/sorceress.png'),
  },
  oldRoot: {
    stem: 'old-root',
    alt: {
      en: 'An ancient tree with a twisted trunk and a red eye half hidden among its branches',
      zh: '一棵树干盘曲的古树，枝叶间半掩着一只红色的眼睛',
    },
    caption: { en: 'Old Root, before he speaks', zh: '还没开口的老根' },
    tags: { en: ['tree', 'ancient', 'roots', 'portrait'], zh: ['古树', '树根', '肖像'] },
    credit: 'Philip Barber (thespaceinvader)',
    licence: gpl,
    source: wesnoth('portraits/woses/ancient-wose.png'),
  },
  guardian: {
    stem: 'guardian',
    alt: {
      en: 'A pale woman in turquoise, crowned with blue crystal spikes, sparks of light drifting around her open hands',
      zh: '一位身着青绿衣裙、头戴蓝色晶刺冠冕的苍白女子，张开的双手四周飘着点点光芒',
    },
    caption: { en: 'The Guardian, awake', zh: '苏醒的守护者' },
    tags: { en: ['guardian', 'crystal', 'spirit', 'portrait'], zh: ['守护者', '水晶', '精灵', '肖像'] },
    credit: 'The Battle for Wesnoth artists',
    licence: gpl,
    source: wesnoth('campaigns/Under_the_Burning_Suns/images/portraits/eloh.png'),
  },
  forest: {
    stem: 'glowing-forest',
    alt: {
      en: 'A mossy trunk leans over still water in a deep forest; everything glows blue and green',
      zh: '幽深的森林里，一根长满青苔的树干横在静水之上，四下泛着蓝绿色的微光',
    },
    caption: { en: 'The forest at the hour of the song', zh: '歌声响起时的森林' },
    tags: { en: ['forest', 'glow', 'water', 'night'], zh: ['森林', '微光', '水', '夜晚'] },
    credit: 'The Battle for Wesnoth artists',
    licence: gpl,
    source: wesnoth('core/images/story/swamp-02.jpg'),
  },
  cavern: {
    stem: 'crystal-cavern',
    alt: {
      en: 'A vast blue cavern where walls of ice and crystal fall away like frozen waterfalls',
      zh: '巨大的蓝色洞窟，冰与水晶的岩壁像凝住的瀑布一样垂落',
    },
    caption: { en: 'Beneath the roots', zh: '树根之下' },
    tags: { en: ['cave', 'crystal', 'ice', 'blue'], zh: ['洞窟', '水晶', '冰', '蓝色'] },
    credit: 'Clint Bellanger and others (Flare)',
    licence: ccBySa,
    source: flare('fantasycore/images/menus/backgrounds/ice_palace.png'),
  },
  gate: {
    stem: 'cave-gate',
    alt: {
      en: 'A narrow path between dark rocks leads to a pointed gate that glows faintly',
      zh: '黑色岩石间一条窄路，通向一扇泛着微光的尖拱门',
    },
    caption: { en: 'The way down', zh: '向下的路' },
    tags: { en: ['gate', 'cave', 'path', 'dark'], zh: ['石门', '洞窟', '小路', '黑暗'] },
    credit: 'Clint Bellanger and others (Flare)',
    licence: ccBySa,
    source: flare('fantasycore/images/menus/backgrounds/badlands.png'),
  },
  heart: {
    stem: 'heart-crystal',
    alt: {
      en: 'A shining stone floats above a broken column in a vaulted ruin',
      zh: '拱顶的废墟中，一块发光的石头悬在断柱之上',
    },
    caption: { en: 'The heart of the mountain', zh: '山之心' },
    tags: { en: ['crystal', 'column', 'ruin', 'light'], zh: ['水晶', '石柱', '废墟', '光'] },
    credit: 'Blarumyrran',
    licence: gpl,
    source: wesnoth('campaigns/Descent_Into_Darkness/images/story/book.jpg'),
  },
  hall: {
    stem: 'hall-of-pillars',
    alt: {
      en: 'Seen from behind, a hooded figure with a glowing staff stands in a pillared hall under a shaft of light',
      zh: '一个披着兜帽的背影手持发光的法杖，站在立柱林立、天光斜照的大厅里',
    },
    caption: { en: '', zh: '' },
    tags: { en: ['hall', 'pillars', 'staff', 'stranger'], zh: ['大厅', '立柱', '法杖', '陌生人'] },
    credit: 'Blarumyrran',
    licence: gpl,
    source: wesnoth('campaigns/Descent_Into_Darkness/images/story/end.jpg'),
  },
  village: {
    stem: 'mountain-village',
    alt: {
      en: 'A watchtower on a green ridge, a path winding down the valley, snow-capped mountains behind',
      zh: '绿色山脊上立着一座瞭望塔，小路蜿蜒下谷，身后是雪山',
    },
    caption: { en: '', zh: '' },
    tags: { en: ['mountains', 'valley', 'tower', 'day'], zh: ['雪山', '山谷', '塔', '白天'] },
    credit: 'The Battle for Wesnoth artists',
    licence: gpl,
    source: wesnoth('core/images/story/landscape-mountains-04.jpg'),
  },
  altar: {
    stem: 'overgrown-altar',
    alt: {
      en: 'A mossy standing stone in the woods, strips of cloth tied to the branches around it',
      zh: '林中一块长满青苔的立石，四周的枝条上系着布条',
    },
    caption: { en: '', zh: '' },
    tags: { en: ['altar', 'moss', 'woods', 'ribbons'], zh: ['祭坛', '青苔', '树林', '布条'] },
    credit: 'The Battle for Wesnoth artists',
    licence: gpl,
    source: wesnoth('core/images/story/grim-altar.jpg'),
  },
} as const satisfies Record<string, SamplePicture>;

export type PictureName = keyof typeof pictures;
