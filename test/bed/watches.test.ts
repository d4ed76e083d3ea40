import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { KubeClient } from '#kube/client';
import type { KubeObject } from '#kube/object';
import type { Transport } from '#kube/transport';
import { type ClosableTransport, undiciTransport } from '#kube/undici-transport';
import { ControlPlane } from '../testbed/control-plane.ts';
import { type Copy, observation, reflector } from '../testbed/copies.ts';
import { Line } from '../testbed/line.ts';
import { SkippingClock } from '../testbed/skipping-clock.ts';

/** Longer than a watch may be silent. */
const quietSpan = 250_000;

let plane: ControlPlane;
let direct: KubeClient;
beforeAll(async () => {
  plane = await ControlPlane.start();
  const sleep = (milliseconds: number) => new SkippingClock().sleep(milliseconds);
  direct = new KubeClient({ transport: plane.transport('admin'), fieldManager: 'watches', sleep, span: 30_000 });
});
afterAll(() => plane.close());

/** The transport, with the codes of the watches that the server refused noted down. */
function noting(transport: Transport, refused: Set<number>): Transport {
  return {
    request: (request) => transport.request(request),
    async *watch(...asked) {
      for await (const event of transport.watch(...asked)) {
        if (event.type === 'ERROR') refused.add(event.object.code);
        yield event;
      }
    },
  };
}

// An installer lists again after every broken stream; an operator first tries to go on where it was, and meets the 410.
describe.each([
  ['an observation of the installer', observation, []],
  ['a reflector of the operator', reflector, [410]],
] as const)('%s over a real connection', (_name, open, meets) => {
  let namespace: string;
  let line: Line;
  let transport: ClosableTransport;
  let clock: SkippingClock;
  let copy: Copy;
  let refused: Set<number>;

  beforeEach(async () => {
    const metadata = { generateName: 'watches-' } as unknown as KubeObject['metadata'];
    const made = await direct.create({ apiVersion: 'v1', kind: 'Namespace', metadata });
    namespace = made.metadata.name;
    for (const name of ['a', 'b']) await write(name, 'first');
    const { port } = new URL(plane.server);
    line = await Line.to(Number(port));
    const access = plane.access('novasphere-installer');
    const current = async () => ({ ...(await access.current()), server: `https://127.0.0.1:${line.port}` });
    transport = undiciTransport({ current }, { deadline: 3000 });
    clock = new SkippingClock();
    refused = new Set();
    copy = open(noting(transport, refused), clock, namespace);
    await shows(['a first', 'b first']);
  });
  afterEach(async () => {
    copy.close();
    await transport.close();
    await line.close();
  });

  const object = (name: string, said: string): KubeObject => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace, labels: { kept: 'yes' } },
    data: { said },
  });
  const write = (name: string, said: string) => direct.apply(object(name, said));
  const remove = (name: string) => direct.delete({ ...object(name, ''), name, namespace });

  /** Reads, and waits to be woken, until the copy is right. */
  async function shows(wanted: readonly string[]): Promise<readonly KubeObject[]> {
    for (;;) {
      const woken = copy.changed();
      const found = await copy.read().catch(() => []);
      const said = found.map(({ metadata, data }) => `${metadata.name} ${data.said}`);
      if (JSON.stringify(said.toSorted()) === JSON.stringify(wanted)) {
        woken.catch(() => undefined);
        return found;
      }
      await woken;
    }
  }

  it('goes on after the API server was killed', async () => {
    await plane.stopApiServer();
    await plane.startApiServer();
    await write('a', 'second');
    await remove('b');

    await shows(['a second']);
  });

  it('goes on with a new token after a restart that made the old one worthless', async () => {
    await plane.stopApiServer();
    await plane.changeTokens();
    await plane.startApiServer();
    await write('a', 'second');

    await shows(['a second', 'b first']);
  });

  it('notices that the API server hangs, and goes on when it does not hang any more', async () => {
    const thaw = plane.freezeApiServer();
    const troubled = copy.troubled();
    clock.skip(quietSpan);
    await troubled;
    thaw();
    await write('b', 'second');

    await shows(['a first', 'b second']);
  });

  it('leaves a connection that has fallen silent, and learns what it missed', async () => {
    line.silence();
    await write('a', 'second');
    await remove('b');
    clock.skip(quietSpan);

    await shows(['a second']);
  });

  it('reads everything anew when the server has forgotten where it was, and knows the new from the old', async () => {
    const before = await copy.read();
    line.silence();
    await write('a', 'second');
    await remove('b');
    const { metadata } = await write('b', 'first');
    await write('c', 'first');
    await plane.compact();
    await plane.stopApiServer();
    await plane.startApiServer();
    line.cut();
    line.mend();

    const found = await shows(['a second', 'b first', 'c first']);

    const uid = (objects: readonly KubeObject[]) => objects.find((one) => one.metadata.name === 'b')?.metadata.uid;
    expect(uid(found)).toBe(metadata.uid);
    expect(uid(found)).not.toBe(uid(before));
    expect([...refused]).toEqual(meets);
  });

  it('goes on where it was after a line that was cut for a while', async () => {
    line.cut();
    await remove('a');
    await write('a', 'again');
    line.mend();

    await shows(['a again', 'b first']);
  });
});
