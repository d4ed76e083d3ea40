import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

interface Pair {
  readonly near: Socket;
  readonly far: Socket;
}

/** A network line to a port of loopback that can be cut, and whose connections can fall silent without being closed. */
export class Line {
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  readonly #silent = new WeakSet<Pair>();
  #isCut = false;

  private constructor(to: number) {
    this.#server = createServer((near) => this.#lead(near, to));
  }

  static async to(port: number): Promise<Line> {
    const line = new Line(port);
    await new Promise<void>((resolve, reject) => {
      line.#server.once('error', reject);
      line.#server.listen(0, '127.0.0.1', resolve);
    });
    return line;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Breaks every connection, and each that is tried from now on. */
  cut(): void {
    this.#isCut = true;
    for (const pair of this.#pairs) this.#end(pair);
  }

  mend(): void {
    this.#isCut = false;
  }

  /**
   * What is open now carries nothing any more, and nobody is told, not even of the end of the other side: half-open
   * sockets. New connections work.
   */
  silence(): void {
    for (const pair of this.#pairs) {
      this.#silent.add(pair);
      pair.near.unpipe(pair.far).pause();
      pair.far.unpipe(pair.near).pause();
    }
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #lead(near: Socket, to: number): void {
    if (this.#isCut) return void near.destroy();
    const pair = { near, far: connect(to, '127.0.0.1') };
    this.#pairs.add(pair);
    const end = () => this.#end(pair);
    const farEnd = () => {
      if (!this.#silent.has(pair)) end();
    };
    near.on('error', end).on('close', end).pipe(pair.far);
    pair.far.on('error', farEnd).on('close', farEnd).pipe(near);
  }

  #end(pair: Pair): void {
    this.#pairs.delete(pair);
    pair.near.destroy();
    pair.far.destroy();
  }
}
