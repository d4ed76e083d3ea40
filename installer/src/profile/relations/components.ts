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
    others: [['nodes']],
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

function needs({ profile, isWritten }: Look): readonly Need[] {
  const { longhorn, kubevirt, cdi, operator } = profile.components;
  const { storage } = profile.verify;
  const off = (name: string): Path => ['components', name, 'enabled'];
  const list: Need[] = [];
  if (storage && !longhorn.enabled)
    list.push({
      path: ['verify', 'storage'],
      because: off('longhorn'),
      message: 'the proof of storage needs longhorn, which is switched off',
      right: 'write verify: {storage: false}, or leave longhorn on',
    });
  if (storage && !cdi.enabled)
    list.push({
      path: ['verify', 'storage'],
      because: off('cdi'),
      message: 'the proof of storage needs cdi for the disk of its VM, and cdi is switched off',
      right: 'write verify: {storage: false}, or leave cdi on',
    });
  if (kubevirt.enabled) return list;
  if (operator.enabled)
    list.push({
      path: ['components', 'operator', 'enabled'],
      because: off('kubevirt'),
      message: 'the operator makes virtual machines with kubevirt, which is switched off',
      right: 'write operator: {enabled: false} as well, or leave kubevirt on',
    });
  if (isWritten(['verify', 'vm']))
    list.push({
      path: ['verify', 'vm'],
      because: off('kubevirt'),
      message: 'no sample VM can boot with kubevirt switched off',
      right: 'leave verify.vm out, or leave kubevirt on',
    });
  return list;
}
