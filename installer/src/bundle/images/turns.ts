/** Lets one at a time work on each of many things: two images that share a layer do not fetch it twice. */
export class Turns {
  readonly #taken = new Map<string, Promise<void>>();

  /** Names are asked for again after each wait: what somebody else has brought meanwhile is no longer waited for. */
  async work<Result>(names: () => Promise<readonly string[]>, task: () => Promise<Result>): Promise<Result> {
    let wanted = await names();
    for (let busy = this.#busy(wanted); busy.length > 0; busy = this.#busy(wanted)) {
      await Promise.all(busy);
      wanted = await names();
    }
    // All at once or none: nobody ever holds one thing and waits for another.
    const { promise, resolve } = Promise.withResolvers<void>();
    for (const name of wanted) this.#taken.set(name, promise);
    try {
      return await task();
    } finally {
      for (const name of wanted) this.#taken.delete(name);
      resolve();
    }
  }

  #busy(names: readonly string[]): readonly Promise<void>[] {
    return names.flatMap((name) => this.#taken.get(name) ?? []);
  }
}
