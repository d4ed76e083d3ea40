import { createHash } from 'node:crypto';
import type { BlobStore, Digested, PartUnderWay } from '#bundle/store/blob-store';
import { changedFault } from '#bundle/store/changed-fault';
import { writeFault } from '#bundle/store/store-fault';
import { Fault } from '#engine/fault';
import type { Clock } from '#ports/clock';
import { fetchText, type TextOptions } from './fetch-text.ts';
import type { Mirrors } from './mirrors.ts';
import { type Patience, patiently } from './patience.ts';
import { type Environment, type Timing, type Ways, waysOf } from './proxies.ts';
import { Receiver, Unwritable } from './receiver.ts';
import { setbackFault, tellable } from './setback.ts';
import { type Received, transfer } from './transfer.ts';
import type { Watch } from './watch.ts';

/** What is to be downloaded; `name` is what the user knows it by: a path in the bundle, a package. */
export interface Source {
  readonly name: string;
  readonly url: string;
}

export interface Wanted extends Source {
  /** Hex. */
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
}

export interface DownloaderOptions {
  readonly store: BlobStore;
  readonly clock: Clock;
  readonly mirrors: Mirrors;
  /** HTTPS_PROXY, HTTP_PROXY, NO_PROXY are read. */
  readonly environment: Environment;
  readonly timing?: Timing;
  /** Tries in a row that bring nothing; default 6. */
  readonly tries?: number;
  readonly random?: () => number;
}

const usualTiming: Timing = { connect: 15_000, headers: 60_000, stall: 60_000 };

/** Downloads files into a store. Whatever goes wrong is a Fault that names the file; what has come is kept. */
export function downloader(options: DownloaderOptions): Downloader {
  return new Downloader(options);
}

class Downloader {
  readonly #store: BlobStore;
  readonly #mirrors: Mirrors;
  readonly #ways: Ways;
  readonly #patience: Patience;

  constructor({ store, clock, mirrors, environment, timing = usualTiming, tries = 6, ...rest }: DownloaderOptions) {
    this.#store = store;
    this.#mirrors = mirrors;
    this.#ways = waysOf(environment, timing);
    this.#patience = { clock, tries, random: rest.random ?? Math.random };
  }

  /** A file that is known. Nothing is sent when the store has it. */
  async fetch(wanted: Wanted, watch: Watch = {}): Promise<void> {
    const { sha256, size } = wanted;
    if (await this.#store.has(sha256, size)) {
      watch.tell?.({ kind: 'has', bytes: size, kept: true });
      return;
    }
    await this.#into({ key: sha256, ofThisBoot: false }, wanted, async (under) => {
      const receiver = await this.#receiver(under, watch);
      const spoilt = await this.#difference(wanted, receiver, watch);
      if (spoilt === undefined) return wanted;
      // What was begun by somebody else, or spoilt on its way, gets one more chance, from its first byte on.
      await receiver.clear();
      const changed = await this.#difference(wanted, receiver, watch);
      if (changed === undefined) return wanted;
      await receiver.clear();
      throw changed;
    });
  }

  /** A file of which nobody knows yet what it is: brings it into the store, and tells. */
  async resolve(source: Source, watch: Watch = {}): Promise<Digested> {
    const key = `url-${createHash('sha256').update(source.url).digest('hex')}`;
    return this.#into({ key, ofThisBoot: true }, source, async (under) => {
      const receiver = await this.#receiver(under, watch);
      await this.#whole(source, undefined, receiver, watch);
      return receiver.digest();
    });
  }

  /** A small text, such as a list of checksums. */
  text(source: Source, options: TextOptions = {}): Promise<string> {
    const url = this.#mirrors.mirroredUrl(source.url);
    return fetchText({ ways: this.#ways, patience: this.#patience, name: source.name, url }, options);
  }

  /** Closes the connections. */
  close(): Promise<void> {
    return this.#ways.close();
  }

  async #into(
    { key, ofThisBoot }: { readonly key: string; readonly ofThisBoot: boolean },
    source: Source & { readonly size?: number },
    fill: (under: PartUnderWay) => Promise<Digested>,
  ): Promise<Digested> {
    let under: PartUnderWay | undefined;
    try {
      under = await this.#store.take(key, { ofThisBoot });
      const digested = await fill(under);
      await this.#store.publish(under, digested.sha256);
      return digested;
    } catch (error) {
      if (under !== undefined) await this.#store.leave(under).catch(() => undefined);
      throw await this.#told(error, source, under);
    }
  }

  async #receiver({ part }: PartUnderWay, { tell }: Watch): Promise<Receiver> {
    const receiver = await Receiver.behind(part, (bytes) => tell?.({ kind: 'has', bytes }));
    if (receiver.size > 0) tell?.({ kind: 'has', bytes: receiver.size, kept: true });
    return receiver;
  }

  /** Brings it to its end, and compares; undefined when it is what was wanted. */
  async #difference(wanted: Wanted, receiver: Receiver, watch: Watch): Promise<Fault | undefined> {
    const { sha256, size } = wanted;
    const { isTooLong, isWebPage } = await this.#whole(wanted, size, receiver, watch);
    const found = isTooLong ? { size: size + 1 } : receiver.digest();
    if ('sha256' in found && found.sha256 === sha256 && found.size === size) return undefined;
    const hint = isWebPage ? 'a web page came instead, such as a login or the portal of a network sends' : undefined;
    const place = `URL ${tellable(new URL(this.#mirrors.mirroredUrl(wanted.url)))}`;
    return changedFault({ ...wanted, place }, { ...found, hint });
  }

  async #whole(source: Source, size: number | undefined, receiver: Receiver, watch: Watch): Promise<Received> {
    const { signal, tell } = watch;
    const url = this.#mirrors.mirroredUrl(source.url);
    const one = { ways: this.#ways, url, size, receiver, signal, now: () => this.#patience.clock.now() };
    const result = await patiently(this.#patience, {
      attempt: () => transfer(one),
      progress: () => receiver.size,
      waiting: (because, milliseconds) => tell?.({ kind: 'waiting', because, milliseconds }),
      signal,
    });
    if ('value' in result) return result.value;
    throw setbackFault(result.setback, { name: source.name, url, ...result });
  }

  async #told(error: unknown, { name, size }: Source & { readonly size?: number }, under?: PartUnderWay) {
    const isSystems = error instanceof Error && 'syscall' in error;
    if (error instanceof Fault || !(error instanceof Unwritable || isSystems)) return error;
    const needed = size === undefined ? undefined : size - (under?.part.size ?? 0);
    return writeFault(error instanceof Unwritable ? error.cause : error, { name, path: this.#store.directory, needed });
  }
}

export type { Downloader };
