import type { MenuAction } from '#shared/contract/studio.ts';
import type { Settings } from '#shared/settings.ts';

/** What the native parts of the desktop app say. */
export interface MainTexts {
  readonly menus: Readonly<Record<'file' | 'edit' | 'view' | 'help', string>>;
  readonly actions: Readonly<Record<MenuAction, string>>;
  readonly roles: Readonly<
    Record<
      'quit' | 'cut' | 'copy' | 'paste' | 'selectAll' | 'zoomIn' | 'zoomOut' | 'resetZoom' | 'fullScreen',
      string
    >
  >;
  readonly chooseFolder: Readonly<Record<'open' | 'create' | 'export', string>>;
  readonly chooseFile: Readonly<Record<'import-pack' | 'export-pack', string>>;
  readonly openLink: Readonly<Record<'question' | 'open' | 'cancel', string>>;
  readonly saveFailed: Readonly<Record<'message' | 'retry' | 'stay' | 'quit', string>>;
}

const en: MainTexts = {
  menus: { file: '&File', edit: '&Edit', view: '&View', help: '&Help' },
  actions: {
    'new-story': 'New Story…',
    'open-story': 'Open Story…',
    'close-story': 'Close Story',
    save: 'Save Now',
    snapshot: 'Snapshots…',
    'export-book': 'Export Book…',
    undo: 'Undo',
    redo: 'Redo',
    find: 'Find in Scene',
    'find-in-project': 'Find in Story',
    'focus-mode': 'Focus Mode',
    settings: 'Settings…',
    models: 'Models…',
  },
  roles: {
    quit: 'Quit',
    cut: 'Cut',
    copy: 'Copy',
    paste: 'Paste',
    selectAll: 'Select All',
    zoomIn: 'Zoom In',
    zoomOut: 'Zoom Out',
    resetZoom: 'Actual Size',
    fullScreen: 'Full Screen',
  },
  chooseFolder: {
    open: 'Open a story folder',
    create: 'Choose where the story goes',
    export: 'Choose where the book goes',
  },
  chooseFile: { 'import-pack': 'Choose a model pack', 'export-pack': 'Save the model pack' },
  openLink: { question: 'Open this address outside Storyloom?', open: 'Open', cancel: 'Cancel' },
  saveFailed: {
    message: 'The story could not be saved.',
    retry: 'Try Again',
    stay: 'Go Back',
    quit: 'Quit Without Saving',
  },
};

const zh: MainTexts = {
  menus: { file: '文件(&F)', edit: '编辑(&E)', view: '视图(&V)', help: '帮助(&H)' },
  actions: {
    'new-story': '新建故事…',
    'open-story': '打开故事…',
    'close-story': '关闭故事',
    save: '立即保存',
    snapshot: '历史快照…',
    'export-book': '导出书籍…',
    undo: '撤销',
    redo: '重做',
    find: '在场景中查找',
    'find-in-project': '在故事中查找',
    'focus-mode': '专注模式',
    settings: '设置…',
    models: '模型…',
  },
  roles: {
    quit: '退出',
    cut: '剪切',
    copy: '复制',
    paste: '粘贴',
    selectAll: '全选',
    zoomIn: '放大',
    zoomOut: '缩小',
    resetZoom: '实际大小',
    fullScreen: '全屏',
  },
  chooseFolder: { open: '打开故事文件夹', create: '选择故事的存放位置', export: '选择书籍的存放位置' },
  chooseFile: { 'import-pack': '选择模型包', 'export-pack': '保存模型包' },
  openLink: { question: '要在 Storyloom 之外打开这个地址吗？', open: '打开', cancel: '取消' },
  saveFailed: { message: '故事未能保存。', retry: '重试', stay: '返回', quit: '不保存并退出' },
};

/** The texts in the writer's language; `locale` is the system's, BCP 47. */
export function mainTexts(language: Settings['uiLanguage'], locale: string): MainTexts {
  if (language === 'system') return locale.toLowerCase().startsWith('zh') ? zh : en;
  return language === 'zh' ? zh : en;
}
