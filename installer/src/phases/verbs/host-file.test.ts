import { describe, expect, it } from 'vitest';
import type { Act } from '#engine/step';
import { fileWith } from './host-file.ts';
import { stepOf } from './host-part.ts';
import { PaperMachine } from './paper-machine.ts';

const act = { changes: [], signal: new AbortController().signal, waitFor: async () => [] } satisfies Act;
const path = '/etc/sysctl.d/90-novasphere.conf';
const about = { id: 'host/x', title: 'Write a file' };

describe('fileWith', () => {
  it('writes a file that is not there, and finds nothing to do afterwards', async () => {
    const machine = new PaperMachine();
    const step = stepOf(about, fileWith(path, 'a = 1\n'));

    const before = await step.probe(machine.stage());
    await step.apply(machine.stage(), act);
    const after = await step.probe(machine.stage());

    expect(before).toEqual({ state: 'drifted', changes: [{ what: path, from: 'absent', to: '1 line' }] });
    expect(after).toEqual({ state: 'converged' });
    expect(machine.log).toEqual([`write ${path}`]);
  });

  it('tells the lines that come and go instead of the whole file', async () => {
    const machine = new PaperMachine().put(path, '# old\na = 1\nb = 2\nc = 3\n');
    const step = stepOf(about, fileWith(path, 'a = 1\nb = 20\nd = 4\ne = 5\nf = 6\n'));

    expect(await step.probe(machine.stage())).toMatchObject({
      changes: [{ from: '− b = 2, − c = 3', to: '+ b = 20, + d = 4, + e = 5, + 1 more' }],
    });
  });

  it('never tells a line of a secret file', async () => {
    const machine = new PaperMachine().put(path, 'password: old\n', 0o600);
    const step = stepOf(about, fileWith(path, 'password: new\n', { mode: 0o600, secret: true }));

    expect(await step.probe(machine.stage())).toMatchObject({
      changes: [{ what: path, from: '‹secret›', to: '‹secret›' }],
    });
  });

  it('corrects a mode that lets others read', async () => {
    const machine = new PaperMachine().put(path, 'a = 1\n', 0o644);
    const step = stepOf(about, fileWith(path, 'a = 1\n', { mode: 0o600 }));

    expect(await step.probe(machine.stage())).toMatchObject({ changes: [{ from: 'mode 644', to: 'mode 600' }] });
  });

  it('takes away what a power cut has left beside a file that shall not be there', async () => {
    const beside = '/etc/sysctl.d/.90-novasphere.conf.novasphere-new';
    const machine = new PaperMachine().put(beside, 'a =');
    const step = stepOf(about, fileWith(path, undefined));

    expect(await step.probe(machine.stage())).toEqual({
      state: 'drifted',
      changes: [{ what: beside, from: 'left by a power cut', to: 'absent' }],
    });
  });

  it('removes a file that shall not be there', async () => {
    const machine = new PaperMachine().put(path, 'a = 1\n');
    const step = stepOf(about, fileWith(path, undefined));

    await step.apply(machine.stage(), act);

    expect(machine.log).toEqual([`remove ${path}`]);
    expect(await step.probe(machine.stage())).toEqual({ state: 'converged' });
  });

  it('runs the command again when the power went between the file and the command', async () => {
    const machine = new PaperMachine();
    let power = false;
    machine.does('update-grub', () => {
      if (!power) throw new Error('the power is gone');
    });
    const step = stepOf(about, fileWith(path, 'a = 1\n', { after: [['update-grub']], restarts: 'machine' }));
    await expect(step.apply(machine.stage(), act)).rejects.toThrow('the power is gone');
    power = true;

    const found = await step.probe(machine.stage());
    await step.apply(machine.stage(), act);

    expect(found).toMatchObject({
      changes: [{ what: path, from: 'written, but not yet in effect', to: 'in effect', restarts: 'machine' }],
    });
    expect(await step.probe(machine.stage())).toEqual({ state: 'converged' });
  });
});
