import { describe, expect, it } from 'vitest';
import { importState } from './import-state.ts';
import { dataVolumeOf } from './test-storage.ts';

const state = (status: unknown) => importState({ name: 'root' }, 'docker://a/b:1', dataVolumeOf(status));
const running = (message: string, status = 'False') => ({ conditions: [{ type: 'Running', status, message }] });

describe('a DataVolume', () => {
  it.for<[string, boolean, string | undefined]>([
    ['Pending', false, 'Provisioning'],
    ['PVCBound', false, 'Provisioning'],
    ['ImportScheduled', false, 'Importing'],
    ['ImportInProgress', false, 'Importing'],
    ['CloneScheduled', false, 'Importing'],
    ['CloneInProgress', false, 'Importing'],
    ['CSICloneInProgress', false, 'Importing'],
    ['SnapshotForSmartCloneInProgress', false, 'Importing'],
    ['CloneFromSnapshotSourceInProgress', false, 'Importing'],
    ['SmartClonePVCInProgress', false, 'Importing'],
    ['NamespaceTransferInProgress', false, 'Importing'],
    ['ExpansionInProgress', false, 'Provisioning'],
    ['PrepClaimInProgress', false, 'Provisioning'],
    ['RebindInProgress', false, 'Provisioning'],
    ['UploadScheduled', false, 'Provisioning'],
    ['UploadReady', false, 'Provisioning'],
    ['Paused', false, 'Provisioning'],
    ['Unknown', false, 'Provisioning'],
    ['Failed', false, 'ImportFailed'],
    ['WaitForFirstConsumer', true, 'WaitingForConsumer'],
    ['PendingPopulation', true, 'WaitingForConsumer'],
    ['Succeeded', true, undefined],
  ])('that is %s lets a machine be made: %s', ([phase, passes, reason]) => {
    expect(state({ phase })).toMatchObject({ passes });
    expect(state({ phase }).finding?.reason).toBe(reason);
  });

  it('that has no status yet is waited for', () => {
    expect(state(undefined)).toEqual({
      passes: false,
      finding: { reason: 'Provisioning', message: 'the disk `root` waits to be filled from docker://a/b:1' },
    });
  });

  it('that waits says why, in CDI’s words', () => {
    expect(state({ phase: 'Pending', ...running('no accessMode specified') }).finding?.message).toBe(
      'the disk `root` waits to be filled from docker://a/b:1: no accessMode specified',
    );
  });

  it('whose claim cannot be made says why, and nothing of one that waits for its volume', () => {
    const bound = (reason: string, message: string) =>
      state({ phase: 'Pending', conditions: [{ type: 'Bound', status: 'False', reason, message }] }).finding?.message;

    expect(bound('ErrClaimNotValid', 'no accessMode specified in StorageProfile slow')).toBe(
      'the disk `root` waits to be filled from docker://a/b:1: no accessMode specified in StorageProfile slow',
    );
    expect(bound('Pending', 'PVC press-root Pending')).toBe('the disk `root` waits to be filled from docker://a/b:1');
  });

  it('that was tried three times is still being filled, and after that has failed', () => {
    const said = running('Unable to process data: 404 Not Found');

    expect(state({ phase: 'ImportInProgress', restartCount: 3, ...said }).finding).toEqual({
      reason: 'Importing',
      message:
        'the disk `root` is being filled from docker://a/b:1, and held up: Unable to process data: 404 Not Found',
    });
    expect(state({ phase: 'ImportInProgress', restartCount: 4, ...said }).finding).toEqual({
      reason: 'ImportFailed',
      message: 'the disk `root` cannot be filled from docker://a/b:1: Unable to process data: 404 Not Found',
    });
  });

  it('that is being tried once more has failed all the same', () => {
    const again = state({ phase: 'ImportInProgress', restartCount: 5, ...running('', 'True') });

    expect(again.finding?.message).toBe(
      'the disk `root` cannot be filled from docker://a/b:1: it was tried several times, and is being tried again',
    );
  });

  it('does not tell secrets', () => {
    const said = running('HTTP request errored: Head "https://me:pw@a/b?sig=secret": no such host');

    expect(state({ phase: 'Failed', ...said }).finding?.message).toBe(
      'the disk `root` cannot be filled from docker://a/b:1: HTTP request errored: Head "https://a/b": no such host',
    );
  });
});
