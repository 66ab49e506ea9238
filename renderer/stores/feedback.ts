import { AppError } from '#shared/errors/AppError.ts';
import type { Vote } from '#shared/models/feedback.ts';
import { client } from '../api/client.ts';
import { tellError } from './notices.ts';

/** Tells the studio what the writer thinks of answers. */
export function vote(...votes: readonly Omit<Vote, 'at'>[]): void {
  if (votes.length === 0) return;
  client.feedback.vote({ votes: [...votes] }).catch((thrown: unknown) => tellError(AppError.from(thrown)));
}
