import { faultScreen } from '#report/fault-screen';
import type { Played } from './stage.ts';

/** What a person reads at the fault that a run ended with, without what differs from run to run. */
export function faultTold({ faults, outcome, entries }: Played): string {
  const [fault] = faults;
  if (fault === undefined) return `no fault, ${outcome}\n${waits(entries).join('\n')}\n`;
  const { code, message, because, where, evidence, remedy } = fault.record();
  const plain = {
    because: because.map(steady),
    where: where.map(steady),
    evidence: evidence.map(steady),
    remedy: remedy.map(steady),
  };
  const undone = entries.flatMap((entry) => (entry.event === 'undone' ? [`taken back: ${entry.because}\n`] : []));
  return `${code}\n${faultScreen({ code, message: steady(message), ...plain })}${undone.join('')}`;
}

/** The last things that were waited for: whoever expected a fault wants to know what came instead. */
function waits(entries: Played['entries']): readonly string[] {
  return entries.flatMap((entry) => (entry.event === 'waiting' ? [`${entry.gate}: ${entry.because}`] : [])).slice(-12);
}

/** Names of pods, addresses, counts and times come from chance and from how long things took. */
function steady(text: string): string {
  return text
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '…')
    .replaceAll(/[0-9a-f]{64}/g, '…')
    .replaceAll(/-[a-z0-9]{8,10}-[a-z0-9]{5}\b/g, '-xxxxxxxx-xxxxx')
    .replaceAll(
      /\b(kube-multus-ds|virt-handler|longhorn-[a-z-]+|nmstate-handler|engine-image-ei-\w+)-[a-z0-9]{5}\b/g,
      '$1-xxxxx',
    )
    .replaceAll(/\b(virt-launcher-[a-z-]+-vm)-[a-z0-9]{5}\b/g, '$1-xxxxx')
    .replaceAll(/\b10\.4[23]\.\d+\.\d+\b/g, '10.4x.x.x')
    .replaceAll(/\b\d\d:\d\d UTC/g, 'hh:mm UTC')
    .replaceAll(/[\d-]{10}T\d\d:\d\d:\d\d(\.\d+)?Z/g, '2026-…T…Z')
    .replaceAll(/restarted (once|\d+ times)/g, 'restarted … times')
    .replaceAll(/was started \d+ times/g, 'was started … times')
    .replaceAll(/back-off \d\S*/g, 'back-off …')
    .replaceAll(/(?<=since )\d+ (ms|s|min|h)( \d+ (s|min))?/g, '…')
    .replaceAll(/\b\d+ (ms|s|min|h)( \d+ (s|min))?(?= ago)/g, '…')
    .replaceAll(/waited [\dhmin ]+s?(?= for )/g, 'waited …');
}
