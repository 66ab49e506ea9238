import { useEffect } from 'react';
import { create } from 'zustand';
import { client } from '../api/client.ts';

const useToken = create<{ isThere: boolean }>(() => ({ isThere: false }));

/** Whether a token for the model hub is kept; asked anew whenever somebody begins to look. */
export function useHasToken(): boolean {
  useEffect(() => {
    client.app.hubToken().then(
      (known) => useToken.setState(known),
      () => undefined,
    );
  }, []);
  return useToken(({ isThere }) => isThere);
}

/** Hands a token over to be kept, or `null` to remove the kept one. This window forgets it at once. Errors: input/invalid, disk/*. */
export async function keepToken(token: string | null): Promise<void> {
  await client.app.setHubToken({ token });
  useToken.setState({ isThere: token !== null });
}
