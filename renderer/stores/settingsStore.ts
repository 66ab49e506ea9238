import { create } from 'zustand';
import { AppError } from '#shared/errors/AppError.ts';
import { defaultSettings, type Settings } from '#shared/settings.ts';
import { client } from '../api/client.ts';
import { tellError } from './notices.ts';

/** The writer's settings as the host last told them. */
export const useSettings = create<Settings>(() => defaultSettings);

export const takeSettings = (settings: Settings): void => useSettings.setState(settings, true);

/** Changes settings at once and sends them to the host; the old ones come back where that fails. */
export async function changeSettings(patch: Partial<Settings>): Promise<void> {
  const before = useSettings.getState();
  useSettings.setState(patch);
  try {
    takeSettings(await client.app.updateSettings(patch));
  } catch (thrown) {
    takeSettings(before);
    tellError(AppError.from(thrown));
  }
}
