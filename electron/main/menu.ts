import { Menu, type MenuItemConstructorOptions } from 'electron';
import type { MenuAction } from '#shared/contract/studio.ts';
import type { MainTexts } from './texts.ts';

const accelerators: Readonly<Partial<Record<MenuAction, string>>> = {
  'new-story': 'CmdOrCtrl+N',
  'open-story': 'CmdOrCtrl+O',
  'close-story': 'CmdOrCtrl+W',
  save: 'CmdOrCtrl+S',
  'export-book': 'CmdOrCtrl+Shift+E',
  undo: 'CmdOrCtrl+Z',
  redo: 'CmdOrCtrl+Shift+Z',
  find: 'CmdOrCtrl+F',
  'find-in-project': 'CmdOrCtrl+Shift+F',
  'focus-mode': 'CmdOrCtrl+Shift+L',
  settings: 'CmdOrCtrl+,',
};

/** The native menu. Actions go to the window, which also handles their keys itself, as it must in a browser. */
export function buildMenu(
  texts: MainTexts,
  onAction: (action: MenuAction) => void,
  developing: boolean,
): Menu {
  const { menus, actions, roles } = texts;
  const action = (name: MenuAction): MenuItemConstructorOptions => ({
    label: actions[name],
    ...(accelerators[name] ? { accelerator: accelerators[name], registerAccelerator: false } : {}),
    click: () => onAction(name),
  });
  const line: MenuItemConstructorOptions = { type: 'separator' };
  const onMac = process.platform === 'darwin';
  return Menu.buildFromTemplate([
    ...(onMac ? [{ role: 'appMenu' as const }] : []),
    {
      label: menus.file,
      submenu: [
        ...(['new-story', 'open-story', 'close-story'] as const).map(action),
        line,
        ...(['save', 'snapshot', 'export-book'] as const).map(action),
        line,
        ...(['models', 'settings'] as const).map(action),
        ...(onMac ? [] : [line, { role: 'quit' as const, label: roles.quit }]),
      ],
    },
    {
      label: menus.edit,
      submenu: [
        action('undo'),
        action('redo'),
        line,
        { role: 'cut', label: roles.cut },
        { role: 'copy', label: roles.copy },
        { role: 'paste', label: roles.paste },
        { role: 'selectAll', label: roles.selectAll },
        line,
        action('find'),
        action('find-in-project'),
      ],
    },
    {
      label: menus.view,
      submenu: [
        action('focus-mode'),
        line,
        { role: 'resetZoom', label: roles.resetZoom },
        { role: 'zoomIn', label: roles.zoomIn },
        { role: 'zoomOut', label: roles.zoomOut },
        { role: 'togglefullscreen', label: roles.fullScreen },
        ...(developing ? [line, { role: 'toggleDevTools' as const }, { role: 'forceReload' as const }] : []),
      ],
    },
  ]);
}
