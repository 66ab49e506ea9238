import type { en, Texts } from '../en/index.ts';
import { activity } from './activity.ts';
import { app, desk, host, start } from './app.ts';
import { consistency } from './consistency.ts';
import { editor, suggestion } from './editor.ts';
import { errors, errorUi, facts } from './errors.ts';
import { models } from './models.ts';
import { monitoring } from './monitoring.ts';
import { illustrate, pictures } from './pictures.ts';
import { plan } from './plan.ts';
import { preferences, route, together } from './preferences.ts';
import { proposals } from './proposals.ts';
import { talk } from './talk.ts';
import { templates } from './templates.ts';
import { book, conflict, find, recovery, settings, shortcuts, snapshots } from './tools.ts';
import { character, outline, scene, step, trash } from './work.ts';

/** Every text of the interface in Chinese (simplified). */
export const zh: Texts<typeof en> = {
  activity,
  app,
  host,
  start,
  desk,
  outline,
  scene,
  character,
  trash,
  step,
  pictures,
  illustrate,
  find,
  snapshots,
  conflict,
  recovery,
  models,
  settings,
  book,
  shortcuts,
  errors,
  facts,
  errorUi,
  editor,
  suggestion,
  proposals,
  talk,
  templates,
  plan,
  consistency,
  preferences,
  monitoring,
  route,
  together,
};
