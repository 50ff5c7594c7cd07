/** Roles that an axis can have. */
import type { Role } from '../../engine/plan/spec.ts';

export interface RoleSpec {
  name: Role;
  doc: string;
  /** Its own ranks see different data, so they multiply the batch. */
  data: boolean;
}

export const ROLES: readonly RoleSpec[] = [
  { name: 'tp', doc: 'Tensor parallel: matrices split; two collectives per block.', data: false },
  { name: 'cp', doc: 'Context parallel: the sequence split; keys and values travel.', data: false },
  {
    name: 'sp',
    doc: 'Ulysses context parallel: the sequence split outside attention, heads inside.',
    data: false,
  },
  { name: 'pp', doc: 'Pipeline parallel: layers split into stages.', data: false },
  { name: 'dp', doc: 'Data parallel: replicas, with `dp.zero` sharded state.', data: true },
  { name: 'fsdp', doc: 'Fully sharded data parallel; with `dp` it is HSDP.', data: true },
  { name: 'ep', doc: 'Expert parallel: experts split; tokens travel. Usually `from dp`.', data: false },
  { name: 'etp', doc: 'Expert tensor parallel: one expert split.', data: false },
];

export const ROLE_NAMES: ReadonlySet<string> = new Set(ROLES.map(r => r.name));

/** The role an axis has by its name alone. */
export const roleOf = (name: string): Role => (ROLE_NAMES.has(name) ? (name as Role) : 'other');
