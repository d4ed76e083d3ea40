import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** What goes wrong with one answer. */
export type RegistryFault =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }
  /** The connection is cut after so many bytes of the body. */
  | { readonly cutAfter: number }
  /** One bit of the body is another. */
  | { readonly flipBit: true }
  /** Between any two pieces of 16 KiB. */
  | { readonly slowBy: number };

interface Rule {
  readonly path: RegExp;
  readonly fault: RegistryFault;
  /** How often it goes wrong before it goes well. */
  times: number;
}

/** Stands in front of a registry: hands everything on, counts it, and does harm to what it is told. */
export class FaultyRegistry {
  /** `GET /v2/docker.io/a/b/blobs/sha256:…`, in the order of asking. */
  readonly asked: string[] = [];
  readonly #rules: Rule[] = [];
  readonly #behind: string;
  readonly #server = createServer((request, response) => {
    this.#answer(request, response).catch(() => response.destroy());
  });

  private constructor(behind: string) {
    this.#behind = behind;
  }

  static async before(host: string): Promise<FaultyRegistry> {
    const proxy = new FaultyRegistry(host);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Paths that fit go wrong, so many times; a later rule is asked first. */
  harm(path: RegExp, fault: RegistryFault, times = Number.POSITIVE_INFINITY): void {
    this.#rules.unshift({ path, fault, times });
  }

  heal(): void {
    this.#rules.length = 0;
    this.asked.length = 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '/';
    this.asked.push(`${request.method} ${path}`);
    const rule = this.#rules.find((one) => one.times > 0 && one.path.test(path));
    if (rule !== undefined) rule.times--;
    if (rule !== undefined && 'status' in rule.fault) {
      const { status, headers = {}, body = '' } = rule.fault;
      return void response.writeHead(status, headers).end(body);
    }
    await this.#handOn(request, response, rule?.fault);
  }

  async #handOn(request: IncomingMessage, response: ServerResponse, fault?: RegistryFault): Promise<void> {
    const headers = { ...(request.headers as Record<string, string>), host: this.#behind };
    const method = request.method ?? 'GET';
    const answer = await fetch(`http://${this.#behind}${request.url}`, { method, headers, redirect: 'manual' });
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    const body = Buffer.from(await answer.arrayBuffer());
    if (fault === undefined || method === 'HEAD') return void response.end(method === 'HEAD' ? undefined : body);
    if ('cutAfter' in fault) {
      response.write(body.subarray(0, fault.cutAfter), () => response.destroy());
      return;
    }
    if ('flipBit' in fault) return void response.end(flipped(body));
    if ('slowBy' in fault) await trickle(body, response, fault.slowBy);
  }
}

async function trickle(body: Buffer, response: ServerResponse, slowBy: number): Promise<void> {
  for (let at = 0; at < body.length && !response.destroyed; at += 16_384) {
    response.write(body.subarray(at, at + 16_384));
    await pause(slowBy);
  }
  response.end();
}

function flipped(body: Buffer): Buffer {
  const copy = Buffer.from(body);
  const middle = copy.length >> 1;
  copy.writeUInt8(copy.readUInt8(middle) ^ 1, middle);
  return copy;
}
