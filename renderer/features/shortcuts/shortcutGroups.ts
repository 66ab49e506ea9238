/** What can be done by key, and with which. */
export const shortcutGroups = [
  {
    id: 'story',
    lines: [
      { action: 'save', keys: ['Ctrl+S'] },
      { action: 'snapshot', keys: ['Ctrl+Shift+S'] },
      { action: 'undo', keys: ['Ctrl+Z'] },
      { action: 'redo', keys: ['Ctrl+Y', 'Ctrl+Shift+Z'] },
      { action: 'findInProject', keys: ['Ctrl+Shift+F', 'Ctrl+Shift+H'] },
      { action: 'focus', keys: ['F8'] },
      { action: 'settings', keys: ['Ctrl+,'] },
      { action: 'help', keys: ['F1'] },
    ],
  },
  {
    id: 'writing',
    lines: [
      { action: 'find', keys: ['Ctrl+F'] },
      { action: 'bold', keys: ['Ctrl+B', 'Ctrl+I'] },
      { action: 'insertPicture', keys: ['Ctrl+Shift+I'] },
    ],
  },
  {
    id: 'outline',
    lines: [
      { action: 'moveItem', keys: ['Ctrl+↑', 'Ctrl+↓'] },
      { action: 'renameItem', keys: ['F2'] },
      { action: 'deleteItem', keys: ['Del'] },
      { action: 'dragKeys', keys: ['Enter'] },
    ],
  },
  {
    id: 'models',
    lines: [
      { action: 'generate', keys: ['Ctrl+Enter'] },
      { action: 'stop', keys: ['Esc'] },
      { action: 'alternatives', keys: ['Alt+←', 'Alt+→'] },
    ],
  },
] as const;
