import type { ErrorCode } from '#shared/errors/AppError.ts';

/** What happened, and what the writer can do next. */
export interface ErrorTexts {
  readonly title: string;
  readonly next: string;
}

export const errors = {
  'input/invalid': { title: 'This cannot be used', next: 'Check what you entered and try again.' },
  'internal/unexpected': {
    title: 'Something unexpected happened',
    next: 'Your story is safe. Try again; if it happens once more, start the app again.',
  },
  'host/disconnected': {
    title: 'The studio does not answer',
    next: 'Your words stay in this window and are sent as soon as it is back.',
  },
  'host/unsupported': {
    title: 'Not possible in the browser',
    next: 'Type the path instead, or use the desktop app.',
  },

  'project/not-found': {
    title: 'There is no such folder',
    next: 'Check the path, or look whether the folder was moved or its disk was taken out.',
  },
  'project/not-a-story': {
    title: 'This folder holds no story',
    next: 'Choose the folder that contains story.json.',
  },
  'project/exists': {
    title: 'A folder with that name is there already',
    next: 'Choose another title, or open the story that is there.',
  },
  'project/damaged': {
    title: 'The story’s files are damaged',
    next: 'Nothing was changed. Restore the folder from a backup, or open one of its snapshots.',
  },
  'project/newer-version': {
    title: 'Made by a newer version of Storyloom',
    next: 'Update Storyloom to change this story. Reading works.',
  },
  'project/read-only': {
    title: 'This story can only be read here',
    next: 'Close it where else it is open, or remove the folder’s write protection.',
  },
  'project/locked': {
    title: 'The story is open somewhere else',
    next: 'Close it there, then try again.',
  },
  'project/closed': { title: 'The story was closed', next: 'Open it again from the start screen.' },
  'project/vanished': {
    title: 'The story’s folder has disappeared',
    next: 'Your words stay in this window. Bring the folder or its disk back, then try again.',
  },

  'story/invalid-command': {
    title: 'That is not possible any more',
    next: 'The story has changed in the meantime. Look at it again and repeat the step if you still want it.',
  },
  'story/conflict': {
    title: 'The scene was changed elsewhere too',
    next: 'Both versions are kept. Choose what the scene shall say.',
  },
  'story/would-empty': {
    title: 'This would have emptied a scene',
    next: 'The file was left as it is. If you want the scene empty, delete its text and save again.',
  },

  'disk/full': {
    title: 'The disk is full',
    next: 'Your words stay in this window. Make some room; saving goes on by itself.',
  },
  'disk/denied': {
    title: 'The folder cannot be written to',
    next: 'Give your account the right to write there, then try again.',
  },
  'disk/failed': {
    title: 'The disk reported an error',
    next: 'Your words stay in this window. Check the disk and its connection, then try again.',
  },
  'disk/not-found': {
    title: 'There is no such file or folder',
    next: 'Check the path; it is a path on the computer that runs the studio.',
  },
  'disk/exists': {
    title: 'There is a file of that name already',
    next: 'It was left as it is. Choose another name, or say that it may be replaced.',
  },

  'image/unsupported-type': {
    title: 'This kind of file is not supported',
    next: 'Use JPEG, PNG, WebP, GIF or AVIF.',
  },
  'image/damaged': {
    title: 'The picture is damaged or incomplete',
    next: 'Save or download it again, then add it.',
  },
  'image/too-large': {
    title: 'The picture is too large',
    next: 'Make it smaller in a picture editor, then add it.',
  },
  'image/empty': { title: 'The file is empty', next: 'Save or download the picture again, then add it.' },
  'image/not-found': {
    title: 'The picture is not there',
    next: 'Look whether it was moved out of the story’s folder, or add it again.',
  },
  'image/timeout': {
    title: 'The picture took too long to read',
    next: 'Try again, or save it in another format first.',
  },

  'snapshot/not-found': { title: 'The snapshot is gone', next: 'Choose another one from the list.' },
  'book/empty': {
    title: 'There is nothing to print yet',
    next: 'Write at least one scene, or choose other scenes.',
  },
  'book/folder-in-use': {
    title: 'There is something else in that folder',
    next: 'Choose another folder. Nothing was overwritten.',
  },

  'model/unknown': { title: 'This model is not known', next: 'Choose another one on the Models page.' },
  'model/not-installed': {
    title: 'The model is not installed',
    next: 'Install it on the Models page, then ask again.',
  },
  'model/unsupported-call': {
    title: 'The model cannot do that',
    next: 'Choose a model that can; the Models page says what each is good for.',
  },
  'model/damaged': {
    title: 'The model’s files are damaged',
    next: 'Install it again on the Models page; if it counts as installed there, remove it first.',
  },
  'model/load-failed': {
    title: 'The model could not be loaded',
    next: 'Try again. If it keeps failing, install the model again.',
  },
  'model/out-of-memory': {
    title: 'There is not enough memory for the model',
    next: 'Unload another model or close other programs, then try again.',
  },
  'model/in-use': {
    title: 'The model is busy',
    next: 'Wait until it has finished, or stop what it is doing.',
  },
  'download/failed': {
    title: 'The download broke off',
    next: 'Check the connection and install again; what is there already is used.',
  },
  'download/denied': {
    title: 'The model hub refuses this download',
    next: 'Its licence may have to be accepted on the hub’s page first, or it needs your access token: set it in the settings.',
  },
  'download/not-found': {
    title: 'The model hub no longer has these files',
    next: 'Choose another version of the model, or another hub in the settings.',
  },
  'download/in-progress': {
    title: 'Another Storyloom is fetching this model already',
    next: 'Let it finish there, then choose to install it here: nothing is fetched twice.',
  },
  'download/unexpected-host': {
    title: 'The download led to a server that is not known for it',
    next: 'Nothing was fetched from there. If you use a mirror, check its address in the settings.',
  },
  'download/proxy-denied': {
    title: 'The proxy of your network refuses the connection',
    next: 'It wants a name and a password. Set HTTPS_PROXY with both and start Storyloom again.',
  },
  'download/wrong-hash': {
    title: 'The download was not what it should be',
    next: 'It was thrown away. Try again later.',
  },

  'engine/crashed': {
    title: 'The models’ process ended unexpectedly',
    next: 'It starts again by itself. Your story is not affected; ask again in a moment.',
  },
  'engine/stopped': {
    title: 'The models are stopped',
    next: 'They ended several times in a row. Start them again from the status line.',
  },
  'engine/timeout': {
    title: 'The model did not answer in time',
    next: 'Try again, with a shorter passage if you can.',
  },
  'engine/out-of-memory': {
    title: 'The models took more memory than there is for them',
    next: 'Their process was ended before the computer ran short, and starts again. Load a smaller variant, close other programs, or allow models more memory in the settings.',
  },
  'engine/quarantined': {
    title: 'This has ended the models’ process twice',
    next: 'It is not tried again. Take another model or another passage, or start the models again from the status line.',
  },
  'imaging/crashed': {
    title: 'The picture process ended unexpectedly',
    next: 'It starts again by itself. Add the picture once more.',
  },
  'imaging/stopped': {
    title: 'Picture processing is stopped',
    next: 'It ended several times in a row. Start it again from the status line.',
  },

  'task/no-route': {
    title: 'No installed model can do this',
    next: 'Install one that can on the Models page.',
  },
  'task/ai-disabled': {
    title: 'Models are switched off in this story',
    next: 'Switch them on in the story’s settings.',
  },
  'task/cancelled': { title: 'Stopped', next: 'Start again whenever you like.' },
  'task/empty-answer': {
    title: 'The model’s answer was of no use',
    next: 'Try again, ask a larger model, or write it yourself.',
  },
  'plan/none': { title: 'No whole story was begun here', next: 'Begin one with a premise.' },
  'task/queue-full': { title: 'Too much is waiting already', next: 'Wait for a moment, then try again.' },
  'task/nothing-to-rank': {
    title: 'There is nothing to compare with',
    next: 'Add pictures, or give them captions, descriptions or tags.',
  },

  'jobs/full': {
    title: 'Too many jobs are waiting already',
    next: 'Let some of them finish, or cancel those you no longer need, then start this one.',
  },
  'jobs/not-found': {
    title: 'This job is no longer there',
    next: 'It was removed. Start it anew if you need it.',
  },
  'jobs/nothing-to-do': {
    title: 'There is nothing left to do',
    next: 'Everything that needed this has it already.',
  },
} as const satisfies Record<ErrorCode, ErrorTexts>;

/** Words for the plain facts that travel with an error. */
export const facts = {
  file: 'File: {{value}}',
  folder: 'Folder: {{value}}',
  path: 'Path: {{value}}',
  name: 'Name: {{value}}',
  format: 'Kind: {{value}}',
  model: 'Model: {{value}}',
  models: 'Could do it: {{value}}',
  limit: 'Limit: {{value}}',
  size: 'Size: {{value}}',
  needed: 'Needed: {{value}}',
  free: 'Free: {{value}}',
  reason: 'Reason: {{value}}',
} as const;

export const errorUi = {
  details: 'Technical details',
  openModels: 'Open the Models page',
  dismiss: 'Dismiss',
} as const;
