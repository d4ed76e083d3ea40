import type { RegistryAccess } from '#bundle/images/registry-access';
import type { Answer } from '#ports/host';
import type { Blob } from './registry-images.ts';

/** Registries whose answers are told: in the order of asking, or what there is under a reference. */
export function saidBySkopeo(answers: readonly Partial<Answer>[] | Readonly<Record<string, Blob>>) {
  const commands: string[] = [];
  const pauses: number[] = [];
  const access: RegistryAccess = {
    run: async (command) => {
      commands.push(command.join(' '));
      const answer = isList(answers) ? answers[commands.length - 1] : found(answers, command.at(-1) ?? '');
      return { exitCode: 0, stdout: '', stderr: '', ...answer };
    },
    clock: { now: () => 0, elapsed: () => 0, sleep: async (milliseconds) => void pauses.push(milliseconds) },
    mirrors: { mirroredImage: (reference) => ({ reference, plainHttp: false }) },
  };
  return { access, commands, pauses };
}

function isList(answers: unknown): answers is readonly Partial<Answer>[] {
  return Array.isArray(answers);
}

function found(blobs: Readonly<Record<string, Blob>>, url: string): Partial<Answer> {
  const blob = blobs[url.slice('docker://'.length)];
  if (blob === undefined) return { exitCode: 1, stderr: 'manifest unknown' };
  return { stdout: blob.bytes.toString() };
}
