/** How devices name themselves, brought to one form so that they can be compared. */
import type { DiskMatch } from './schema.ts';

/** `0x5002538F…`, `naa.5002538f…` and `5002538f…` are one name. */
export function normalWwn(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/^wwn-/, '')
    .replace(/^(naa|eui|nvme|uuid|t10)\./, '')
    .replace(/^0x/, '');
}

/** Firmware pads serial numbers with spaces. */
export function normalSerial(text: string): string {
  return text.trim();
}

/** With or without its folder. */
export function normalById(text: string): string {
  return text.trim().replace(/^\/dev\/disk\/by-id\//, '');
}

/** Whether two selectors name one disk for sure. */
export function sameIdentity(a: DiskMatch, b: DiskMatch): boolean {
  return (
    isSame(a.serial, b.serial, normalSerial) || isSame(a.wwn, b.wwn, normalWwn) || isSame(a.byId, b.byId, normalById)
  );
}

function isSame(a: string | undefined, b: string | undefined, normal: (text: string) => string): boolean {
  return a !== undefined && b !== undefined && normal(a) === normal(b);
}
