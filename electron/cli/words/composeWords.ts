/** Texts of the commands that propose, summarise, translate and plan. */
export interface ComposeWords {
  readonly help: {
    readonly propose: string;
    readonly proposeWhat: string;
    readonly summarise: string;
    readonly keepSummary: string;
    readonly translate: string;
    readonly addTranslation: string;
    readonly plan: string;
    readonly premise: string;
    readonly scenes: string;
    readonly planTitle: string;
    readonly accept: string;
  };
  keptSummary(scene: number): string;
  addedTranslation(scene: number): string;
  stage(stage: 'title' | 'characters' | 'outline'): string;
  planDone(scenes: number): string;
  planStopped(written: number, scenes: number): string;
  planAccepted(scenes: number, characters: number): string;
}

export const composeEnglish: ComposeWords = {
  help: {
    propose: 'propose titles, characters or scenes; changes nothing',
    proposeWhat: 'titles, characters or scenes',
    summarise: 'sum a scene up',
    keepSummary: 'make it the summary of the scene',
    translate: 'translate a scene into the other language',
    addTranslation: 'add it as a scene of its own after this one',
    plan: 'write a whole story beside the open one: title, characters, scenes. Without a premise it goes on where it was',
    premise: 'what the story is about',
    scenes: 'number of scenes',
    planTitle: 'title, instead of a proposed one',
    accept: 'put what is written into the story',
  },
  keptSummary: (scene) => `Scene ${String(scene)} has a new summary.`,
  addedTranslation: (scene) => `Added the translation as scene ${String(scene)}.`,
  stage: (stage) => ({ title: 'Titles', characters: 'Characters', outline: 'Scenes' })[stage],
  planDone: (scenes) =>
    `All ${String(scenes)} scenes are written. "storyloom plan --accept" puts them into the story.`,
  planStopped: (written, scenes) =>
    `${String(written)} of ${String(scenes)} scenes are written. "storyloom plan" goes on.`,
  planAccepted: (scenes, characters) =>
    `Put ${String(scenes)} scenes and ${String(characters)} characters into the story.`,
};

export const composeChinese: ComposeWords = {
  help: {
    propose: '拟标题、设计人物或规划场景；不改动故事',
    proposeWhat: 'titles（标题）、characters（人物）或 scenes（场景）',
    summarise: '概括一个场景',
    keepSummary: '作为该场景的提要',
    translate: '把场景翻译成另一种语言',
    addTranslation: '作为紧随其后的新场景加入',
    plan: '在故事旁边写一个完整的故事：标题、人物、场景。不给构思则从上次停下的地方继续',
    premise: '故事的构思',
    scenes: '场景数',
    planTitle: '标题（不给则由模型提出）',
    accept: '把写好的内容放入故事',
  },
  keptSummary: (scene) => `场景 ${String(scene)} 有了新的提要。`,
  addedTranslation: (scene) => `译文已加为场景 ${String(scene)}。`,
  stage: (stage) => ({ title: '标题', characters: '人物', outline: '场景' })[stage],
  planDone: (scenes) => `${String(scenes)} 个场景都写好了。“storyloom plan --accept”把它们放入故事。`,
  planStopped: (written, scenes) =>
    `已写 ${String(written)} / ${String(scenes)} 个场景。“storyloom plan”可继续。`,
  planAccepted: (scenes, characters) => `已放入 ${String(scenes)} 个场景、${String(characters)} 个人物。`,
};
