import type { Body } from './call.ts';

/** The body of every command, loaded when it is called: nothing that a command needs may slow down another. */
export const bodies: Readonly<Record<string, () => Promise<Body>>> = {
  init: () => import('./init.ts').then((module) => module.init),
  validate: () => import('./validate.ts').then((module) => module.validate),
  schema: () => import('./schema.ts').then((module) => module.schema),
  inventory: () => import('./inventory.ts').then((module) => module.inventory),
  match: () => import('./match.ts').then((module) => module.match),
  plan: () => import('./plan.ts').then((module) => module.plan),
  rehearse: () => import('./rehearse.ts').then((module) => module.rehearse),
  apply: () => import('./apply.ts').then((module) => module.apply),
  upgrade: () => import('./upgrade.ts').then((module) => module.upgrade),
  reset: () => import('./reset.ts').then((module) => module.reset),
  verify: () => import('./verify.ts').then((module) => module.verify),
  status: () => import('./status.ts').then((module) => module.status),
  explain: () => import('./explain.ts').then((module) => module.explain),
  report: () => import('./report.ts').then((module) => module.report),
  'bundle resolve': () => import('./bundle/resolve.ts').then((module) => module.bundleResolve),
  'bundle fetch': () => import('./bundle/fetch.ts').then((module) => module.bundleFetch),
  'bundle verify': () => import('./bundle/verify.ts').then((module) => module.bundleVerify),
  'bundle prove': () => import('./bundle/prove.ts').then((module) => module.bundleProve),
  'bundle sign': () => import('./bundle/sign.ts').then((module) => module.bundleSign),
  'bundle keys': () => import('./bundle/keys.ts').then((module) => module.bundleKeys),
  'bundle list': () => import('./bundle/list.ts').then((module) => module.bundleList),
  completion: () => import('./completion.ts').then((module) => module.completion),
  'measure-fsync': () => import('./measure-fsync.ts').then((module) => module.measureFsync),
};
