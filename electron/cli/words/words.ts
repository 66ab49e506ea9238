import type { ReadOnlyReason } from '#shared/contract/studio.ts';
import type { Obstacle } from '#shared/models/modelState.ts';
import type { Language } from '#shared/story/scene.ts';
import { type CheckWords, checkChinese, checkEnglish } from './checkWords.ts';
import { type ComposeWords, composeChinese, composeEnglish } from './composeWords.ts';

/** Every text of the command line but its errors. Messages that the specification words are kept as it words them. */
export interface Words {
  /** Titles of the help, by the English ones. */
  readonly usage: Readonly<Record<string, string>>;
  readonly check: CheckWords;
  readonly help: {
    readonly about: string;
    readonly help: string;
    readonly version: string;
    readonly story: string;
    readonly json: string;
    readonly ui: string;
    readonly config: string;
    readonly dataFolder: string;
    readonly create: string;
    readonly in: string;
    readonly storyLanguage: string;
    readonly language: string;
    readonly character: string;
    readonly characterAdd: string;
    readonly description: string;
    readonly visual: string;
    readonly image: string;
    readonly scene: string;
    readonly sceneAdd: string;
    readonly sceneTitle: string;
    readonly write: string;
    readonly sceneArgument: string;
    readonly instruction: string;
    readonly model: string;
    readonly maxTokens: string;
    readonly seed: string;
    readonly temperature: string;
    readonly dryRun: string;
    readonly ask: string;
    readonly describe: string;
    readonly style: string;
    readonly illustrate: string;
    readonly match: string;
    readonly similar: string;
    readonly pool: string;
    readonly add: string;
    readonly top: string;
    readonly complete: string;
    readonly output: string;
    readonly export: string;
    readonly to: string;
    readonly format: string;
    readonly bookLanguage: string;
    readonly noCharacters: string;
    readonly load: string;
    readonly save: string;
    readonly models: string;
    readonly modelsList: string;
    readonly modelsInstall: string;
    readonly modelsPack: string;
    readonly modelsUnpack: string;
    readonly info: string;
    readonly snapshot: string;
  };
  created(title: string, folder: string): string;
  languageSet(language: string): string;
  addedCharacter(name: string): string;
  updatedCharacter(name: string): string;
  addedScene(number: number): string;
  noDescription(reason: string): string;
  written(number: number, words: number, model: string): string;
  notKept: string;
  stopped: string;
  writingScene(number: number, title: string): string;
  sceneHasNoImage: string;
  ranked(place: number, name: string, score: string, phrase: string): string;
  looking(done: number, total: number): string;
  hung(count: number): string;
  completeLength(length: number): string;
  savedTo(path: string): string;
  exported(folder: string, files: number): string;
  leftOut(names: readonly string[]): string;
  loaded(title: string, path: string): string;
  imported(title: string, folder: string): string;
  snapshotMade(name: string): string;
  modelLine(id: string, state: string, name: string): string;
  installing(id: string, phase: string, percent: number): string;
  installed(id: string): string;
  modelAbsent(name: string, id: string, obstacle: Obstacle | null): string;
  noSuchScene(named: string, count: number): string;
  fileExists(path: string): string;
  readOnly(reason: ReadOnlyReason): string;
  info(facts: {
    title: string;
    language: string;
    folder: string;
    scenes: number;
    words: number;
    characters: readonly string[];
    pictures: readonly string[];
  }): string;
  sceneLine(number: number, status: string, words: number, title: string): string;
  readonly compose: ComposeWords;
}

const english: Words = {
  check: checkEnglish,
  compose: composeEnglish,
  usage: {
    'Usage:': 'Usage:',
    'Options:': 'Options:',
    'Commands:': 'Commands:',
    'Arguments:': 'Arguments:',
    'Global Options:': 'Global Options:',
  },
  help: {
    about: 'Write illustrated stories with models that run on your own machine.',
    help: 'show help',
    version: 'show the version',
    story: 'the story folder (default: the present folder)',
    json: 'write JSON: one document a result, one line a step where something streams',
    ui: 'language of messages: en or zh (default: that of the system)',
    config: 'configuration file with models and system settings',
    dataFolder: 'where models, settings and snapshots are kept',
    create: 'create a new story',
    in: 'folder to create the story in (default: the present folder)',
    storyLanguage: 'language of the story: english or chinese',
    language: 'set the language of the story: english or chinese',
    character: 'characters of the story',
    characterAdd: 'add a character, or change the one of that name',
    description: 'who the character is',
    visual: 'how the character looks',
    image: 'a picture to add with it',
    scene: 'scenes of the story',
    sceneAdd: 'add a scene at the end',
    sceneTitle: 'title of the scene',
    write: 'write a scene, or write on in it; the text is streamed and kept',
    sceneArgument: 'number of the scene from 1, or its id or title',
    instruction: 'what to write',
    model: 'the model to use (default: chosen by language)',
    maxTokens: 'longest answer, in tokens',
    seed: 'same seed, same text',
    temperature: '0 is always the likeliest word; up to 2',
    dryRun: 'only show the text, do not keep it',
    ask: 'ask a question about the picture of a scene',
    describe: 'describe a picture of the story',
    style: 'detailed, story or alt',
    illustrate: 'find the pictures that fit a scene best',
    match: 'how well each text fits each picture of the story (0 to 1)',
    similar: 'find the pictures of the story that look like one of them',
    pool: 'choose from the pictures of a folder instead of those of the story',
    add: 'hang the best pictures in the scene (from a folder: copy them into the story first)',
    top: 'how many pictures',
    complete: 'write every empty scene in order, then show the whole story',
    output: 'write the whole story to this file',
    export: 'export the story as a markdown book',
    to: 'folder to put the book folder in (default: the present folder)',
    format: 'mdbook or honkit',
    bookLanguage: 'language of headings and captions: en or zh',
    noCharacters: 'leave out the page of characters',
    load: 'open a story folder, or import a saved story file (JSON) as a new story',
    save: 'save the story as one JSON file',
    models: 'models on this machine',
    modelsList: 'list the models and what they can do',
    modelsInstall: 'fetch and install a model',
    modelsPack: 'write an installed model into one file, for a computer without a network',
    modelsUnpack: 'take in a model from such a file',
    info: 'show what is in the story',
    snapshot: 'keep the story as it is now',
  },
  created: (title, folder) => `Created new story: ${title}\n${folder}`,
  languageSet: (language) => `Set language: ${language}`,
  addedCharacter: (name) => `Added character: ${name}`,
  updatedCharacter: (name) => `Changed character: ${name}`,
  addedScene: (number) => `Added new scene (number ${String(number)})`,
  noDescription: (reason) => `The picture was added without a description. ${reason}`,
  written: (number, words, model) =>
    `Generated scene content (scene ${String(number)}, ${String(words)} words, ${model})`,
  notKept: 'Generated scene content; it was not kept (--dry-run)',
  stopped: 'Stopped. What was written is kept.',
  writingScene: (number, title) => `Writing scene ${String(number)}: ${title}`,
  sceneHasNoImage: 'Scene has no image',
  ranked: (place, name, score, phrase) => `${String(place)}. ${name}  ${score}  “${phrase}”`,
  looking: (done, total) => `Looking at the pictures: ${String(done)} of ${String(total)}`,
  hung: (count) => `Hung ${String(count)} ${count === 1 ? 'picture' : 'pictures'} in the scene`,
  completeLength: (length) => `Generated complete story (${String(length)} characters)`,
  savedTo: (path) => `Saved story to ${path}`,
  exported: (folder, files) => `Exported the book: ${folder} (${String(files)} files)`,
  leftOut: (names) => `Left out, because the files are gone: ${names.join(', ')}`,
  loaded: (title, path) => `Loaded story from ${path}: ${title}`,
  imported: (title, folder) => `Imported “${title}” as a new story: ${folder}`,
  snapshotMade: (name) => `Made a snapshot${name === '' ? '' : `: ${name}`}`,
  modelLine: (id, state, name) => `${id.padEnd(20)} ${state.padEnd(12)} ${name}`,
  installing: (id, phase, percent) => `${id}: ${phase} ${String(percent)} %`,
  installed: (id) => `Installed ${id}`,
  modelAbsent: (name, id, obstacle) =>
    `Model "${name}" (${id}) is left out: ${
      {
        none: `it is not installed; "models install ${id}" fetches it`,
        'no-adapter': 'this version cannot run its architecture',
        layout: 'its published files are in a layout that this version cannot run',
        'needs-export': 'its weights must be converted with models/export first',
        'no-export': 'nobody has brought it into a form that runs here; see "models list" for its successor',
      }[obstacle ?? 'none']
    }.`,
  noSuchScene: (named, count) => `No scene "${named}"; the story has ${String(count)} (numbers begin at 1)`,
  fileExists: (path) => `${path} exists already; choose another name`,
  readOnly: (reason) => `The story can only be read (${reason}).`,
  info: ({ title, language, folder, scenes, words, characters, pictures }) =>
    [
      title,
      `Folder: ${folder}`,
      `Language: ${language === 'zh' ? 'Chinese' : 'English'}`,
      `Characters: ${characters.join(', ') || 'none'}`,
      `Pictures: ${pictures.join(', ') || 'none'}`,
      `Scenes: ${String(scenes)}, words: ${String(words)}`,
    ].join('\n'),
  sceneLine: (number, status, words, title) =>
    `${String(number).padStart(3)}. ${title}  (${status}, ${String(words)} words)`,
};

const chinese: Words = {
  check: checkChinese,
  compose: composeChinese,
  usage: {
    'Usage:': '用法：',
    'Options:': '选项：',
    'Commands:': '命令：',
    'Arguments:': '参数：',
    'Global Options:': '全局选项：',
  },
  help: {
    about: '用本机上的模型写图文故事。',
    help: '显示帮助',
    version: '显示版本',
    story: '故事文件夹（默认：当前文件夹）',
    json: '输出 JSON：每个结果一个文档，流式内容每步一行',
    ui: '提示语言：en 或 zh（默认随系统）',
    config: '包含模型与系统设置的配置文件',
    dataFolder: '存放模型、设置和快照的文件夹',
    create: '新建故事',
    in: '在哪个文件夹里新建（默认：当前文件夹）',
    storyLanguage: '故事语言：english 或 chinese',
    language: '设置故事语言：english 或 chinese',
    character: '故事的角色',
    characterAdd: '添加角色；同名角色则修改',
    description: '角色是谁',
    visual: '角色的外貌',
    image: '一并加入的图片',
    scene: '故事的场景',
    sceneAdd: '在末尾添加场景',
    sceneTitle: '场景标题',
    write: '写一个场景，或接着往下写；文字边生成边显示并保存',
    sceneArgument: '场景序号（从 1 起），或场景的 id、标题',
    instruction: '要写什么',
    model: '使用的模型（默认按语言选择）',
    maxTokens: '最多生成多少个词元',
    seed: '相同的种子得到相同的文字',
    temperature: '0 总取最可能的词，最大 2',
    dryRun: '只显示文字，不保存',
    ask: '就场景的图片提问',
    describe: '描述故事中的一张图片',
    style: 'detailed、story 或 alt',
    illustrate: '找出最适合场景的图片',
    match: '每段文字与故事中每张图片的契合程度（0 到 1）',
    similar: '在故事中找出与某张图片相似的图片',
    pool: '从某个文件夹的图片中选，而不是故事里的图片',
    add: '把最合适的图片挂到场景上（文件夹里的图片会先复制进故事）',
    top: '选几张',
    complete: '按顺序写完所有空场景，然后显示完整故事',
    output: '把完整故事写入这个文件',
    export: '导出为 Markdown 书',
    to: '书放在哪个文件夹里（默认：当前文件夹）',
    format: 'mdbook 或 honkit',
    bookLanguage: '标题和图注的语言：en 或 zh',
    noCharacters: '不要角色页',
    load: '打开故事文件夹，或把保存的故事文件（JSON）导入为新故事',
    save: '把故事保存为一个 JSON 文件',
    models: '本机上的模型',
    modelsList: '列出模型及其用途',
    modelsInstall: '下载并安装模型',
    modelsPack: '把已安装的模型写入一个文件，供没有网络的电脑使用',
    modelsUnpack: '从这样的文件装入模型',
    info: '显示故事的内容',
    snapshot: '保存故事现在的样子',
  },
  created: (title, folder) => `已新建故事：${title}\n${folder}`,
  languageSet: (language) => `语言已设为：${language === 'chinese' ? '中文' : '英文'}`,
  addedCharacter: (name) => `已添加角色：${name}`,
  updatedCharacter: (name) => `已修改角色：${name}`,
  addedScene: (number) => `已添加场景（第 ${String(number)} 个）`,
  noDescription: (reason) => `图片已加入，但没有描述。${reason}`,
  written: (number, words, model) =>
    `已生成场景内容（场景 ${String(number)}，${String(words)} 字，${model}）`,
  notKept: '已生成场景内容，没有保存（--dry-run）',
  stopped: '已停止，写好的部分都保留着。',
  writingScene: (number, title) => `正在写场景 ${String(number)}：${title}`,
  sceneHasNoImage: '场景没有图片',
  ranked: (place, name, score, phrase) => `${String(place)}. ${name}  ${score}  “${phrase}”`,
  looking: (done, total) => `正在看图片：${String(done)} / ${String(total)}`,
  hung: (count) => `已把 ${String(count)} 张图片挂到场景上`,
  completeLength: (length) => `已生成完整故事（${String(length)} 个字符）`,
  savedTo: (path) => `故事已保存到 ${path}`,
  exported: (folder, files) => `已导出：${folder}（${String(files)} 个文件）`,
  leftOut: (names) => `文件缺失，未收入：${names.join('、')}`,
  loaded: (title, path) => `已从 ${path} 打开故事：${title}`,
  imported: (title, folder) => `已把《${title}》导入为新故事：${folder}`,
  snapshotMade: (name) => `已保存快照${name === '' ? '' : `：${name}`}`,
  modelLine: (id, state, name) => `${id.padEnd(20)} ${state.padEnd(12)} ${name}`,
  installing: (id, phase, percent) => `${id}：${phase} ${String(percent)} %`,
  installed: (id) => `已安装 ${id}`,
  modelAbsent: (name, id, obstacle) =>
    `已略过模型 “${name}”（${id}）：${
      {
        none: `尚未安装，可用 “models install ${id}” 下载`,
        'no-adapter': '此版本不能运行它的结构',
        layout: '它发布的文件布局此版本不能运行',
        'needs-export': '它的权重须先用 models/export 转换',
        'no-export': '目前没有可在此运行的版本，后继型号见 “models list”',
      }[obstacle ?? 'none']
    }。`,
  noSuchScene: (named, count) => `没有场景 “${named}”；故事共有 ${String(count)} 个场景（序号从 1 起）`,
  fileExists: (path) => `${path} 已存在，请换一个名字`,
  readOnly: (reason) => `这个故事只能阅读（${reason}）。`,
  info: ({ title, language, folder, scenes, words, characters, pictures }) =>
    [
      `《${title}》`,
      `文件夹：${folder}`,
      `语言：${language === 'zh' ? '中文' : '英文'}`,
      `角色：${characters.join('、') || '无'}`,
      `图片：${pictures.join('、') || '无'}`,
      `场景：${String(scenes)} 个，共 ${String(words)} 字`,
    ].join('\n'),
  sceneLine: (number, status, words, title) =>
    `${String(number).padStart(3)}. ${title}（${status}，${String(words)} 字）`,
};

export const wordsIn: Readonly<Record<Language, Words>> = { en: english, zh: chinese };
