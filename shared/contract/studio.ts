import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { ComposePurpose } from '../models/compose.ts';
import { maxTurns, TalkTurn } from '../models/conversation.ts';
import { DeviceVerdict } from '../models/devices.ts';
import { TogetherEvent } from '../models/ensemble.ts';
import { ModelId } from '../models/manifest.ts';
import { Answered } from '../models/routing.ts';
import { IndexEvent, RankedImage, Sampling, SimilarImage, WriteEvent } from '../models/task.ts';
import { HubToken, Settings } from '../settings.ts';
import { Command } from '../story/commands.ts';
import { ImageId, SceneId } from '../story/ids.ts';
import { StoryImage } from '../story/image.ts';
import { Language } from '../story/scene.ts';
import { Story } from '../story/story.ts';
import { DescriptionStyle } from '../text/prompts/describePicture.ts';
import { Matches } from './pictureInference.ts';
import { ErrorReportSchema } from './wire.ts';

/** Handle of an open story; good until closed or until the host ends. */
export const SessionId = z.string().min(8).brand<'SessionId'>();
export type SessionId = z.infer<typeof SessionId>;
const inSession = z.object({ sessionId: SessionId });

export const ProcessState = z.enum(['starting', 'ready', 'restarting', 'stopped']);
export type ProcessState = z.infer<typeof ProcessState>;

/** Facts a window needs to draw itself. */
export const HostInfo = z.object({
  version: z.string(),
  host: z.enum(['desktop', 'browser']),
  platform: z.string(),
  /** The operating system's language, BCP 47. */
  locale: z.string(),
  storiesFolder: z.string(),
});
export type HostInfo = z.infer<typeof HostInfo>;

/** Actions of the native menu that the window carries out. */
export const MenuAction = z.enum([
  'new-story',
  'open-story',
  'close-story',
  'save',
  'snapshot',
  'export-book',
  'undo',
  'redo',
  'find',
  'find-in-project',
  'focus-mode',
  'settings',
  'models',
]);
export type MenuAction = z.infer<typeof MenuAction>;

export const AppEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('engine'), state: ProcessState, reason: z.string() }),
  z.object({ type: z.literal('imaging'), state: ProcessState, reason: z.string() }),
  z.object({ type: z.literal('menu'), action: MenuAction }),
  z.object({ type: z.literal('settings'), settings: Settings }),
  /** Jobs and votes could not be read and begin anew; the file lies beside the new one under this name. */
  z.object({ type: z.literal('work-set-aside'), file: z.string() }),
]);
export type AppEvent = z.infer<typeof AppEvent>;

export const app = {
  info: oc.output(HostInfo),
  /** Process states, menu actions and settings, until cancelled; the present states come first. */
  watch: oc.output(eventIterator(AppEvent)),
  settings: oc.output(Settings),
  updateSettings: oc.input(Settings.partial()).output(Settings),
  /** Whether the writer's token for the model hub is kept here. What it is, no window is told. */
  hubToken: oc.output(z.object({ isThere: z.boolean() })),
  /** Keeps a token, readable by the writer's account alone; `null` removes it. Errors: input/invalid, disk/*. */
  setHubToken: oc.input(z.object({ token: HubToken.nullable() })),
  /** The system's dialog for a file; `null` when dismissed. `name` is a suggestion. Errors: host/unsupported in a browser. */
  chooseFile: oc
    .input(z.object({ purpose: z.enum(['import-pack', 'export-pack']), name: z.string() }))
    .output(z.string().nullable()),
  /** Tries the devices of this machine anew, each in a process of its own. Errors: host/unsupported. */
  probeDevices: oc.output(z.array(DeviceVerdict)),
  /** The last lines of the models' process, oldest first, without the path of the home folder. */
  engineLog: oc.output(z.array(z.string())),
  /** Starts a process again that gave up after repeated crashes. */
  restart: oc.input(z.object({ process: z.enum(['engine', 'imaging']) })),
  /** Opens an https or mailto address in the system's browser, after asking. Errors: host/unsupported, input/invalid. */
  openLink: oc.input(z.object({ url: z.string() })),
};

export const RecentStory = z.object({
  folder: z.string(),
  title: z.string(),
  language: Language,
  /** ISO 8601. */
  openedAt: z.string(),
  words: z.number().int().nonnegative(),
  scenes: z.number().int().nonnegative(),
  /** URL of the cover, empty without one. */
  coverUrl: z.string(),
  exists: z.boolean(),
});
export type RecentStory = z.infer<typeof RecentStory>;

/** Why a story can be read but not changed. */
export const ReadOnlyReason = z.enum(['newer-version', 'open-elsewhere', 'folder-read-only']);
export type ReadOnlyReason = z.infer<typeof ReadOnlyReason>;

/** Something noticed while opening, told to the writer once. */
export const OpenNotice = z.discriminatedUnion('kind', [
  /** Unsaved work of a crash was put back; the text before it is in the named snapshot. */
  z.object({ kind: z.literal('recovered'), commands: z.number(), snapshotId: z.string() }),
  z.object({ kind: z.literal('damaged-file'), file: z.string(), sceneId: SceneId.nullable() }),
  z.object({ kind: z.literal('manifest-rebuilt') }),
  z.object({ kind: z.literal('migrated'), from: z.number(), snapshotId: z.string() }),
  z.object({ kind: z.literal('missing-image'), file: z.string() }),
  z.object({ kind: z.literal('found-file'), file: z.string() }),
]);
export type OpenNotice = z.infer<typeof OpenNotice>;

export const OpenedStory = z.object({
  sessionId: SessionId,
  folder: z.string(),
  /** Scene texts are `null` until read. */
  story: Story,
  revision: z.number().int().nonnegative(),
  readOnly: ReadOnlyReason.nullable(),
  notices: z.array(OpenNotice),
});
export type OpenedStory = z.infer<typeof OpenedStory>;

export const projects = {
  recent: oc.output(z.array(RecentStory)),
  forget: oc.input(z.object({ folder: z.string() })),
  /** Makes `<parentFolder or default>/<title>`. Errors: project/exists, disk/*. */
  create: oc
    .input(z.object({ title: z.string().min(1), language: Language, parentFolder: z.string().nullable() }))
    .output(OpenedStory),
  /** Errors: project/not-found, project/not-a-story, project/damaged. */
  open: oc.input(z.object({ folder: z.string() })).output(OpenedStory),
  /** A fresh copy of "The Crystal Guardian" in the stories folder. */
  openSample: oc.input(z.object({ language: Language })).output(OpenedStory),
  close: oc.input(inSession),
  /** The system's folder dialog; `null` when dismissed. Errors: host/unsupported in a browser. */
  chooseFolder: oc
    .input(z.object({ purpose: z.enum(['open', 'create', 'export']) }))
    .output(z.string().nullable()),
  /** Shows a path in the system's file manager. Errors: host/unsupported in a browser. */
  reveal: oc.input(z.object({ path: z.string() })),
};

/** Both versions of a file that changed outside while it had unsaved changes here. */
export const Conflict = z.object({
  sceneId: SceneId,
  mine: z.string(),
  theirs: z.string(),
  /** Where their version was also kept, relative to the story folder. */
  keptAs: z.string(),
});
export type Conflict = z.infer<typeof Conflict>;

export const StoryEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('saving') }),
  z.object({ type: z.literal('saved'), revision: z.number(), at: z.string() }),
  z.object({ type: z.literal('save-failed'), error: ErrorReportSchema }),
  /** A file changed outside; commands bring the window's copy up to date. They are not to be sent back. */
  z.object({ type: z.literal('outside-change'), commands: z.array(Command), revision: z.number() }),
  z.object({ type: z.literal('conflict'), conflict: Conflict }),
  z.object({ type: z.literal('read-only'), reason: ReadOnlyReason }),
]);
export type StoryEvent = z.infer<typeof StoryEvent>;

/** A place in the project where a search matched; offsets are UTF-16 in the field's text. */
export const SearchMatch = z.object({
  target: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('scene'), id: SceneId }),
    z.object({ kind: z.literal('character'), id: z.string() }),
    z.object({ kind: z.literal('image'), id: ImageId }),
  ]),
  field: z.string(),
  at: z.number().int().nonnegative(),
  length: z.number().int().nonnegative(),
  before: z.string(),
  matched: z.string(),
  after: z.string(),
});
export type SearchMatch = z.infer<typeof SearchMatch>;

export const SearchQuery = z.object({
  text: z.string().min(1),
  regex: z.boolean(),
  matchCase: z.boolean(),
  wholeWord: z.boolean(),
});
export type SearchQuery = z.infer<typeof SearchQuery>;

export const story = {
  /** Texts of scenes that were `null`. A damaged file gives an empty text and a notice at opening. */
  readTexts: oc
    .input(inSession.extend({ sceneIds: z.array(SceneId).max(5000) }))
    .output(z.array(z.object({ sceneId: SceneId, text: z.string() }))),
  /**
   * Applies commands made against `baseRevision`; they are in the journal when this returns.
   * Errors: story/conflict (read again), story/invalid-command, project/read-only.
   */
  apply: oc
    .input(
      inSession.extend({
        baseRevision: z.number().int().nonnegative(),
        commands: z.array(Command).min(1).max(10_000),
      }),
    )
    .output(z.object({ revision: z.number().int().nonnegative() })),
  /** Writes what changed now. Returns when it is on the disk. Errors: disk/*, story/conflict. */
  save: oc.input(inSession).output(z.object({ revision: z.number(), at: z.string() })),
  watch: oc.input(inSession).output(eventIterator(StoryEvent)),
  /** Ends a conflict: keep one of the versions, or a text merged by the writer. */
  resolveConflict: oc.input(inSession.extend({ sceneId: SceneId, text: z.string() })),
  search: oc
    .input(inSession.extend({ query: SearchQuery, limit: z.number().int().positive().max(10_000) }))
    .output(z.object({ matches: z.array(SearchMatch), truncated: z.boolean() })),
};

export const SnapshotInfo = z.object({
  id: z.string(),
  /** ISO 8601, UTC. */
  at: z.string(),
  name: z.string(),
  reason: z.enum(['manual', 'interval', 'before-change', 'before-restore', 'close', 'recovery', 'migration']),
  words: z.number().int().nonnegative(),
  scenes: z.number().int().nonnegative(),
});
export type SnapshotInfo = z.infer<typeof SnapshotInfo>;

export const snapshots = {
  list: oc.input(inSession).output(z.array(SnapshotInfo)),
  create: oc
    .input(inSession.extend({ name: z.string(), reason: z.enum(['manual', 'before-change']) }))
    .output(SnapshotInfo),
  /** The story as it was, texts included. Errors: snapshot/not-found. */
  read: oc.input(inSession.extend({ snapshotId: z.string() })).output(Story),
  /**
   * Commands that bring the story, or only some scenes, back to the snapshot. The window applies them, so that a
   * restore is one step of undo. A snapshot `before-restore` has been made when this returns.
   */
  planRestore: oc
    .input(inSession.extend({ snapshotId: z.string(), sceneIds: z.array(SceneId).nullable() }))
    .output(z.object({ commands: z.array(Command) })),
};

export const ImportResult = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('added'), name: z.string(), image: StoryImage }),
  /** The same bytes are in the story already. */
  z.object({ outcome: z.literal('known'), name: z.string(), imageId: ImageId }),
  z.object({ outcome: z.literal('failed'), name: z.string(), error: ErrorReportSchema }),
]);
export type ImportResult = z.infer<typeof ImportResult>;

export const images = {
  /**
   * Takes in files uploaded with `POST /uploads` (answers `{"uploadId": "…"}`). The file is copied into the story; the
   * window then sends `image.add` and `picture.attach`. One bad file does not stop the others.
   */
  import: oc
    .input(
      inSession.extend({
        uploads: z
          .array(z.object({ uploadId: z.string(), name: z.string() }))
          .min(1)
          .max(1000),
      }),
    )
    .output(eventIterator(ImportResult)),
};

const sceneTask = inSession.extend({ sceneId: SceneId });
const answered = z.object({ modelId: ModelId, answered: Answered });
/** The model to ask first; whichever suits best where it is missing. */
const wished = ModelId.nullable().default(null);

/** Pictures to choose from; `null` for every one of the story. */
const pool = z.array(ImageId).nullable();

export const tasks = {
  /** Writes on in a scene: the studio gathers the context, a model answers. Errors: task/no-route, model/*, engine/*. */
  write: oc
    .input(
      sceneTask.extend({
        instruction: z.string(),
        /** UTF-16 offset in the scene's text after which to write; `null` for its end. */
        at: z.number().int().nonnegative().nullable(),
        modelId: ModelId.nullable(),
        sampling: Sampling.partial(),
      }),
    )
    .output(eventIterator(WriteEvent)),
  /**
   * Streams what is no scene: titles, characters, plans, summaries, translations, new versions of a passage. An empty
   * `source` stands for the scene's text where one is needed. Errors: task/no-route, input/invalid, model/*, engine/*.
   */
  compose: oc
    .input(
      inSession.extend({
        purpose: ComposePurpose,
        language: Language,
        sceneId: SceneId.nullable(),
        instruction: z.string(),
        source: z.string(),
        modelId: ModelId.nullable(),
        sampling: Sampling.partial(),
      }),
    )
    .output(eventIterator(WriteEvent)),
  /**
   * Ranks pictures for a scene or a passage of it by their texts and, those that were looked at, by their looks; `pool`
   * `null` means every picture of the story. Errors: task/nothing-to-rank, model/*, engine/*.
   */
  illustrate: oc
    .input(
      sceneTask.extend({
        passage: z.string().nullable(),
        pool,
        topK: z.number().int().positive().max(100),
      }),
    )
    .output(answered.extend({ lookedBy: Answered.nullable(), ranking: z.array(RankedImage) })),
  /**
   * Has pictures looked at that the comparing model has not seen, and tells how far it is: compared with words, a scene
   * or a passage of it, or with each other where both are `null`. Errors: imaging/*, disk/*, model/*, engine/*.
   */
  indexPictures: oc
    .input(
      inSession.extend({
        pool,
        words: z.string().nullable(),
        scene: z.object({ sceneId: SceneId, passage: z.string().nullable() }).nullable(),
      }),
    )
    .output(eventIterator(IndexEvent)),
  /** How well each text fits each picture that was looked at. Errors: task/no-route, model/*, engine/*. */
  match: oc
    .input(inSession.extend({ pool, texts: z.array(z.string().min(1)).min(1).max(1000) }))
    .output(Matches),
  /** Pictures that look like this one, among those that were looked at. Errors: task/no-route, image/not-found. */
  similar: oc
    .input(inSession.extend({ imageId: ImageId, topK: z.number().int().positive().max(100) }))
    .output(answered.extend({ similar: z.array(SimilarImage) })),
  /** Errors: task/no-route naming what to install, until a model that sees is installed. */
  ask: oc
    .input(inSession.extend({ imageId: ImageId, question: z.string().min(1), modelId: wished }))
    .output(answered.extend({ answer: z.string() })),
  /** Streams the answer to the last turn of a conversation about pictures. Errors: as those of `ask`. */
  converse: oc
    .input(
      inSession.extend({
        turns: z.array(TalkTurn).min(1).max(maxTurns),
        modelId: ModelId.nullable(),
        sampling: Sampling.partial(),
      }),
    )
    .output(eventIterator(WriteEvent)),
  /** Every model that sees, one after the other; one alone is enough. Errors: as those of `describe`. */
  describeTogether: oc
    .input(inSession.extend({ imageId: ImageId, style: DescriptionStyle }))
    .output(eventIterator(TogetherEvent)),
  describe: oc
    .input(inSession.extend({ imageId: ImageId, style: DescriptionStyle, modelId: wished }))
    .output(answered.extend({ description: z.string() })),
};

export const BookOptions = z.object({
  language: Language,
  format: z.enum(['mdbook', 'honkit']),
  /** Scenes to include; `null` for all. */
  sceneIds: z.array(SceneId).nullable(),
  includeCharacters: z.boolean(),
});
export type BookOptions = z.infer<typeof BookOptions>;

export const books = {
  /** Writes a markdown book into a new folder. Errors: book/empty, book/folder-in-use, disk/*. */
  export: oc.input(inSession.extend({ options: BookOptions, parentFolder: z.string().nullable() })).output(
    z.object({
      folder: z.string(),
      files: z.number().int().positive(),
      /** Pictures whose files are gone, by name; the book does without them. */
      leftOut: z.array(z.string()),
    }),
  ),
};
