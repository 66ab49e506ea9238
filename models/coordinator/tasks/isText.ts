import type { WriteEvent } from '#shared/models/task.ts';

/** Whether the writer has begun to read: no other model may take over then. */
export const isText = ({ type }: WriteEvent): boolean => type === 'text';
