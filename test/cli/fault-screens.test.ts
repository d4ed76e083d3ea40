import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import { type Call, optionsOf } from '#cli/call';
import { simulatedFor } from '#cli/simulated-for';
import { givenSite } from '#cli/site';
import { terminalOn } from '#cli/terminal';
import { walk } from '#cli/walk';
import type { Node } from '#profile/schema';
import { defaultInventory } from '#simulation/host/default-inventory';
import { novasphere, root, scratch } from './novasphere.ts';

const file = join(root, 'profiles/lab-vm.yaml');

/** A terminal of its kind, and what was written on it. */
function seat({ output = 'text', isTTY = false } = {}) {
  const written = { out: '', err: '' };
  const sink = (key: 'out' | 'err') =>
    Object.assign(new EventEmitter(), { isTTY, columns: 80, write: (text: string) => (written[key] += text) });
  const environment = { LANG: 'C.UTF-8', TERM: 'xterm-256color', NOVASPHERE_STATE: join(scratch(), 'state') };
  const stdin = Object.assign(new PassThrough().end(), { isTTY: false });
  const terminal = terminalOn(
    { stdin, stdout: sink('out'), stderr: sink('err'), environment },
    { output, color: false },
  );
  const call: Call = {
    words: [file],
    options: optionsOf({}),
    terminal,
    interruption: () => new AbortController().signal,
  };
  return { call, terminal, written };
}

/** The walk of `apply` through preflight, on a machine whose data disk and network card are missing. */
async function walked(about?: Parameters<typeof seat>[0]) {
  const { call, terminal, written } = seat(about);
  const given = await givenSite(file, terminal);
  const site = { ...given, profile: { ...given.profile, run: { ...given.profile.run, mirrorConsoles: [] } } };
  const inventory = { ...defaultInventory(site.profile.nodes[0] as Node, site.profile), nics: [] };
  const world = simulatedFor(site, { inventory });
  const { exitCode } = await walk(site, world, call, {
    command: 'apply',
    choose: (units) => units.filter(({ phase }) => phase.id === 'preflight'),
    signal: new AbortController().signal,
  });
  world.close();
  return { exitCode, ...written };
}

const screen = `
✖ Check the machine
  no network card fits {mac: 52:54:00:00:00:01}
  where    nodes[0].network.management.match, host lab-vm, step
           preflight/machine
  seen     this machine shows no network card at all
  try      novasphere match PROFILE
             every device of this machine, and why it is not picked
           put the mac or pci of the right one into match, or plug it in
`;
const count = (text: string, part: string) => text.split(part).length - 1;
const remedy = 'put the mac or pci of the right one into match, or plug it in';

describe('a fault of a run that changes this machine', () => {
  it('is one line of the plain view, and one whole screen at the end', async () => {
    const { exitCode, out, err } = await walked();

    expect(exitCode).toBe(1);
    expect(err).toBe(screen);
    expect(count(out + err, remedy)).toBe(1);
    expect(count(out, 'no network card fits')).toBe(1);
  });

  it('is one whole screen below what listr2 drew', async () => {
    // listr2 draws on the streams of the process, whatever a terminal says.
    let drawn = '';
    const draw = (text: string | Uint8Array) => {
      drawn += String(text);
      return true;
    };
    const streams = [process.stdout, process.stderr].map((stream) =>
      vi.spyOn(stream, 'write').mockImplementation(draw),
    );
    const { exitCode, out, err } = await walked({ isTTY: true });
    for (const stream of streams) stream.mockRestore();

    expect(exitCode).toBe(1);
    expect(err).toBe(screen);
    expect(drawn).toContain('no network card fits');
    expect(count(drawn + out + err, remedy)).toBe(1);
  });

  it('is one event for scripts, and one whole screen for people', async () => {
    const { exitCode, out, err } = await walked({ output: 'json' });

    const events = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const failed = events.filter((one) => one.event === 'failed');
    expect(exitCode).toBe(1);
    expect(failed).toHaveLength(1);
    expect(failed[0]).toMatchObject({ version: 1, step: 'preflight/machine', fault: { code: 'MATCH-NONE' } });
    expect(events.at(-1)).toMatchObject({ event: 'run-ended', outcome: 'failed', exitCode: 1 });
    expect(err).toBe(screen);
  });
});

describe('a fault of a rehearsal', () => {
  const words = ['rehearse', 'profiles/single-node.yaml', '--mishap', 'wrong-cable'];
  it.for(['text', 'json'])('is told once with --output %s', async (output) => {
    const { exitCode, out, err } = await novasphere([...words, '--output', output]);

    const people = output === 'json' ? err : out + err;
    expect(exitCode).toBe(1);
    expect(people.match(/^✖ Check the machine$/gm)).toHaveLength(1);
    if (output === 'json') expect(out.split('\n').filter((line) => line.includes('"event":"failed"'))).toHaveLength(1);
  });
});

describe('a fault before a run', () => {
  it.for(['text', 'json'])('is told once with --output %s', async (output) => {
    const { exitCode, out, err } = await novasphere(['rehearse', 'profiles/none.yaml', '--output', output]);

    expect(exitCode).toBe(3);
    expect(err.match(/^✖ /gm)).toHaveLength(1);
    expect(out === '' ? undefined : JSON.parse(out)).toEqual(
      output === 'text'
        ? undefined
        : { version: 1, event: 'fault', exitCode: 3, fault: expect.objectContaining({ code: 'PROFILE-UNREADABLE' }) },
    );
  });
});
