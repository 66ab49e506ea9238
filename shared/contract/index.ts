import { consistency } from './consistency.ts';
import { models } from './engine.ts';
import { feedback } from './feedback.ts';
import { jobs } from './jobs.ts';
import { monitoring } from './monitoring.ts';
import { plans } from './plans.ts';
import { app, books, images, projects, snapshots, story, tasks } from './studio.ts';

/** Everything a window may ask for: the whole audited surface, over every transport. */
export const contract = {
  app,
  projects,
  story,
  snapshots,
  images,
  tasks,
  models,
  books,
  jobs,
  plans,
  consistency,
  feedback,
  monitoring,
};
export type Contract = typeof contract;
