export type { Json } from '#kube/json';
