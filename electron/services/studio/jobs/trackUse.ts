const isStream = (value: unknown): value is AsyncGenerator<unknown, unknown, void> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value;

/** Whether somebody waits for a service right now. */
export interface Use<Service> {
  /** The service given, watched. */
  readonly service: Service;
  readonly isBusy: boolean;
  /** Calls `listener` whenever nobody waits any more. */
  onFree(listener: () => void): void;
}

/** Watches the calls of a service, streams included, so that what nobody waits for can stand back while they last. */
export function trackUse<Service extends object>(service: Service): Use<Service> {
  let running = 0;
  const listeners: (() => void)[] = [];
  const end = () => {
    running -= 1;
    if (running === 0) for (const listener of listeners) listener();
  };
  async function* followed(stream: AsyncGenerator<unknown, unknown, void>) {
    running += 1;
    try {
      return yield* stream;
    } finally {
      end();
    }
  }
  const follow = (output: unknown): unknown => {
    if (isStream(output)) return followed(output);
    if (!(output instanceof Promise)) return output;
    running += 1;
    return output.finally(end);
  };
  return {
    service: new Proxy(service, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return (...input: unknown[]) => follow(Reflect.apply(member, target, input));
      },
    }),
    get isBusy() {
      return running > 0;
    },
    onFree: (listener) => void listeners.push(listener),
  };
}
