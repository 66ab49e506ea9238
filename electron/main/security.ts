import { app, type Session, type WebContents } from 'electron';
import { pageOrigin, pageUrl } from './origin.ts';

/** Everything else is refused. Both need a gesture of the writer. */
const allowedPermissions: ReadonlySet<string> = new Set(['clipboard-sanitized-write', 'fullscreen']);

/** Grants nothing beyond the list, on whichever way it is asked for, and saves nothing to disk by itself. */
function restrictSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, answer, details) => {
    answer(allowedPermissions.has(permission) && details.isMainFrame);
  });
  session.setPermissionCheckHandler(
    (_contents, permission, origin) =>
      allowedPermissions.has(permission) && origin.replace(/\/$/, '') === pageOrigin,
  );
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, answer) => answer({}));
  session.on('will-download', (event) => event.preventDefault());
}

/** A page stays where it is, opens nothing and embeds nothing. */
function restrictContents(contents: WebContents): void {
  const stay = (
    navigation: Pick<Electron.Event, 'preventDefault'> & { url: string; isMainFrame: boolean },
  ) => {
    if (navigation.url !== pageUrl || !navigation.isMainFrame) navigation.preventDefault();
  };
  contents.on('will-navigate', stay);
  contents.on('will-frame-navigate', stay);
  contents.on('will-redirect', stay);
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}

/** What is wrong with a page's settings; empty when a hostile page could not get out of it. */
function weaknesses(contents: WebContents): string[] {
  // Not in Electron's types, but the only way to see what a page really got.
  const preferences = (
    contents as unknown as { getLastWebPreferences(): Record<string, unknown> | null }
  ).getLastWebPreferences();
  const required = { nodeIntegration: false, contextIsolation: true, sandbox: true, webSecurity: true };
  return Object.entries(required).flatMap(([name, wanted]) =>
    preferences && preferences[name] !== wanted ? [`${name} is ${String(preferences[name])}`] : [],
  );
}

/** Applies to every session and page that will ever be made. Call before the app is ready. */
export function restrictEverything(): void {
  // Chromium has no sandbox for root, as in containers; a packaged app never goes without.
  if (app.isPackaged || !app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  app.on('session-created', restrictSession);
  app.on('web-contents-created', (_event, contents) => {
    restrictContents(contents);
    if (!process.env['STORYLOOM_TEST']) return;
    const found = weaknesses(contents);
    if (found.length === 0) return;
    console.error(`A page is not confined: ${found.join(', ')}`);
    setImmediate(() => app.exit(70));
  });
}
