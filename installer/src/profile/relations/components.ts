/** Components and what they need of each other. */
import type { Look } from '../look.ts';
import type { Path } from '../mistake.ts';

export function replicasFit(look: Look): void {
  const { nodes, components } = look.profile;
  const { replicas, enabled } = components.longhorn;
  if (!enabled || replicas === undefined || replicas <= nodes.length) return;
  const message = `${replicas} replicas need ${replicas} nodes, and there ${nodes.length === 1 ? 'is 1' : `are ${nodes.length}`}: no volume would ever be healthy`;
  look.say(['components', 'longhorn', 'replicas'], {
    message,
    right: `write replicas: ${nodes.length}`,
  });
}

interface Need {
  readonly path: Path;
  readonly message: string;
  /** The switch that is off. */
  readonly because: Path;
  readonly right: string;
}

export function componentsFit(look: Look): void {
  for (const { path, message, because, right } of needs(look)) {
    const target = look.isWritten(path) ? path : because;
    look.say(target, { message: `${message} (${look.line(because)})`, right, others: [path, because] });
  }
}

function needs(look: Look): readonly Need[] {
  return [...storageNeeds(look), ...kubevirtNeeds(look)];
}

const off = (name: string): Path => ['components', name, 'enabled'];

function storageNeeds({ profile }: Look): readonly Need[] {
  if (!profile.verify.storage) return [];
  return (['longhorn', 'cdi'] as const)
    .filter((name) => !profile.components[name].enabled)
    .map((name) => ({
      path: ['verify', 'storage'],
      because: off(name),
      message: `the proof of storage needs ${name}, which is switched off`,
      right: `write verify: {storage: false}, or leave ${name} on`,
    }));
}

function kubevirtNeeds({ profile, isWritten }: Look): readonly Need[] {
  const because = off('kubevirt');
  if (profile.components.kubevirt.enabled) return [];
  const operator = {
    path: ['components', 'operator', 'enabled'],
    because,
    message: 'the operator makes virtual machines with kubevirt, which is switched off',
    right: 'write operator: {enabled: false} as well, or leave kubevirt on',
  };
  const sample = {
    path: ['verify', 'vm'],
    because,
    message: 'no sample VM can boot with kubevirt switched off',
    right: 'leave verify.vm out, or leave kubevirt on',
  };
  return [...(profile.components.operator.enabled ? [operator] : []), ...(isWritten(sample.path) ? [sample] : [])];
}
