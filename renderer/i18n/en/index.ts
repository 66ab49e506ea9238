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

/** Every text of the interface in English; its shape is the shape of all other languages. */
export const en = {
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

/** The same keys with texts of another language; Chinese has one plural form, so `_one` is not asked for. */
export type Texts<Shape> = {
  readonly [Key in keyof Shape as Key extends `${string}_one` ? never : Key]: Shape[Key] extends string
    ? string
    : Texts<Shape[Key]>;
};
