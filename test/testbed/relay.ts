import { connect, createServer, type Server } from 'node:net';

/** Where a relay listens or leads to: a port of loopback, or a socket in the file system, which every network sees. */
export type Place = { readonly host: '127.0.0.1'; readonly port: number } | { readonly path: string };

/** Leads every connection on to another place, byte by byte. */
export async function relay(from: Place, to: Place): Promise<Server> {
  const server = createServer((near) => {
    const far = connect(to);
    const end = () => {
      near.destroy();
      far.destroy();
    };
    near.on('error', end).on('close', end).pipe(far);
    far.on('error', end).on('close', end).pipe(near);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(from, resolve);
  });
  return server;
}
