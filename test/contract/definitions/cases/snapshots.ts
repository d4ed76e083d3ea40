import type { Case, Change } from './case.ts';

const snapshot = { wukongName: 'plant-hmi' };

export const accepted: readonly Case[] = [
  ['a Wukong alone', snapshot],
  ['everything', { ...snapshot, deletionPolicy: 'Retain', failureDeadline: '1h30m' }],
  ['a deadline of 1.5m', { ...snapshot, failureDeadline: '1.5m' }],
];

export const refused: readonly Case[] = [
  ['no Wukong', {}],
  ['an empty name', { wukongName: '' }],
  ['a name of 58 characters', { wukongName: 'a'.repeat(58) }],
  ['another policy', { ...snapshot, deletionPolicy: 'Keep' }],
  ['a deadline without a unit', { ...snapshot, failureDeadline: '300' }],
  ['no time at all', { ...snapshot, failureDeadline: '0m0s' }],
];

export const refusedChanges: readonly Change[] = [
  ['another Wukong', snapshot, { wukongName: 'other' }],
  ['another policy', snapshot, { deletionPolicy: 'Retain' }],
  ['another deadline', { ...snapshot, failureDeadline: '5m' }, { failureDeadline: '10m' }],
];
