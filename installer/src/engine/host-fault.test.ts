import { describe, expect, it } from 'vitest';
import { commandFault, fileFault, quote } from './host-fault.ts';

describe('commandFault', () => {
  it('tells the last lines of what a command said, without secrets', () => {
    const said = ['', ...Array.from({ length: 12 }, (_, at) => `line ${at}  `), 'token: abc', ''].join('\n');

    const fault = commandFault('plant-7-a', ['k3s', 'server'], { kind: 'exit', exitCode: 2 }, said);

    expect(fault.message).toBe('“k3s server” failed with exit code 2');
    expect(fault.where).toEqual(['host plant-7-a']);
    expect(fault.evidence).toHaveLength(10);
    expect(fault.evidence.slice(-2)).toEqual(['line 11', 'token: ‹secret›']);
    expect(fault.remedy).toEqual(['k3s server          by hand on plant-7-a, to see all that it says']);
  });

  it.each([
    [
      { kind: 'absent' } as const,
      '“foo” cannot run: there is no such program',
      'install the package on plant-7-a that brings foo',
    ],
    [
      { kind: 'timeout', milliseconds: 600_000 } as const,
      '“foo” had not ended after 10 min and was stopped',
      'foo          by hand on plant-7-a, to see all that it says',
    ],
    [
      { kind: 'signal', signal: 'SIGKILL' } as const,
      '“foo” was ended by SIGKILL',
      'foo          by hand on plant-7-a, to see all that it says',
    ],
  ])('tells an end of kind %j', (ending, message, remedy) => {
    const fault = commandFault('plant-7-a', ['foo'], ending);

    expect([fault.message, ...fault.remedy]).toEqual([message, remedy]);
  });
});

describe('a full disk', () => {
  it('is recognised in what a command says', () => {
    const said = "E: You don't have enough free space in /var/cache/apt/archives/.";

    const fault = commandFault('plant-7-a', ['apt-get', 'install', 'jq'], { kind: 'exit', exitCode: 100 }, said);

    expect(fault.record()).toEqual({
      code: 'HOST-DISK-FULL',
      message: '“apt-get install jq” failed with exit code 100: the disk is full',
      because: [],
      where: ['host plant-7-a'],
      evidence: [said],
      remedy: [
        'df -h',
        'du -xhd1 /var | sort -h | tail          what takes the room',
        'free some space there, then run the same command again',
      ],
    });
  });

  it.each([
    [{ under: '/etc', size: 2 ** 30, free: 0 }, 'the filesystem under /etc has 1 GiB, of which 0 B are free'],
    [
      { under: '/etc', size: 2 ** 30, free: 2 ** 20, hasInodes: false },
      'the filesystem under /etc has 1 GiB and 1 MiB free, but no more files fit on it: it is out of inodes',
    ],
  ])('tells how full %j is', (space, sentence) => {
    const about = { host: 'plant-7-a', doing: 'write', path: '/etc/x', code: 'ENOSPC', said: '' };

    const fault = fileFault({ ...about, size: 57, space });

    expect(fault.message).toBe('cannot write /etc/x (57 B): the disk is full');
    expect(fault.evidence).toEqual([sentence]);
  });
});

describe('fileFault', () => {
  it.each([
    ['ENOSPC', 'HOST-DISK-FULL', 'cannot write /etc/x: the disk is full'],
    ['EDQUOT', 'HOST-DISK-FULL', 'cannot write /etc/x: the disk is full'],
    ['EACCES', 'HOST-PERMISSION', 'cannot write /etc/x: this needs administrator rights'],
    ['EPERM', 'HOST-PERMISSION', 'cannot write /etc/x: this needs administrator rights'],
    ['EROFS', 'HOST-PERMISSION', 'cannot write /etc/x: the file system is read-only'],
    ['EISDIR', 'HOST-FILE', 'cannot write /etc/x'],
    [undefined, 'HOST-FILE', 'cannot write /etc/x'],
  ])('makes of %s a %s', (code, faultCode, message) => {
    const fault = fileFault({ host: 'plant-7-a', doing: 'write', path: '/etc/x', code, said: 'as the system said it' });

    expect([fault.code, fault.message, fault.cause]).toEqual([faultCode, message, 'as the system said it']);
    expect(fault.where).toEqual(['host plant-7-a', 'file /etc/x']);
  });
});

describe('quote', () => {
  it('writes words as a shell needs them', () => {
    expect(quote(['a-b', 'two words', "it's", '$HOME', ''])).toBe("a-b 'two words' 'it'\\''s' '$HOME' ''");
  });
});
