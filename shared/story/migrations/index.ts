/** The text files of a story by their path in its folder: what a migration changes. */
export type StoryFiles = ReadonlyMap<string, string>;

/** One step from one version of the files on disk to the next. Pure: the files it gets are a copy. */
export interface Migration {
  /** The version after it. */
  readonly to: number;
  /** Why the format changed, for whoever reads this in ten years. */
  readonly why: string;
  readonly up: (files: StoryFiles) => StoryFiles;
}

/** Every step since version 1, in order. */
export const currentMigrations: readonly Migration[] = [];

const manifestPath = 'story.json';

function withFormat(files: StoryFiles, format: number): StoryFiles {
  const manifest: unknown = JSON.parse(files.get(manifestPath) ?? '{}');
  const numbered = { ...(manifest as object), format };
  return new Map(files).set(manifestPath, `${JSON.stringify(numbered, null, 2)}\n`);
}

/** Takes files from version `from` through every later step; the manifest says the new version afterwards. */
export function migrate(files: StoryFiles, from: number, migrations: readonly Migration[]): StoryFiles {
  return migrations
    .filter(({ to }) => to > from)
    .toSorted((a, b) => a.to - b.to)
    .reduce((current, { up, to }) => withFormat(up(new Map(current)), to), files);
}
