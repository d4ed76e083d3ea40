import { createServer, type Server } from 'node:https';
import { PodLogs } from '#simulation/api-server/pod-logs';
import type { Logs } from '#simulation/bench';
import type { Authority } from './authority.ts';

/** The part of a kubelet that the API server calls: it reads what containers have printed. */
export class KubeletServer implements Logs {
  readonly #logs = new PodLogs();
  readonly #servers: Server[] = [];

  append(container: string, text: string): void {
    this.#logs.append(container, text);
  }

  clear(container: string): void {
    this.#logs.clear(container);
  }

  /** Answers at the addresses of nodes. */
  async listen(addresses: readonly string[], authority: Authority): Promise<void> {
    for (const address of addresses) {
      const tls = await authority.issue(`IP:${address}`);
      const server = createServer(tls, (request, response) => {
        const { pathname, searchParams } = new URL(request.url ?? '/', 'https://kubelet');
        const [, container] = /^\/containerLogs\/(.+)$/.exec(pathname) ?? [];
        const lines = searchParams.get('tailLines') ?? undefined;
        const text = this.#logs.read(container ?? '', lines === undefined ? undefined : Number(lines));
        response.writeHead(container === undefined ? 404 : 200, { 'content-type': 'text/plain' }).end(text ?? '');
      });
      this.#servers.push(server);
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(10_250, address, resolve);
      });
    }
  }

  close(): void {
    for (const server of this.#servers) {
      server.closeAllConnections();
      server.close();
    }
  }
}
