/** Topologies of a level. */
import { bandwidth, bool, either, integer, list, number, option } from './kinds.ts';
import type { Argument, Option } from './types.ts';

const arg = (name: string, type: Argument['type'], doc: string, more: Partial<Argument> = {}): Argument => ({
  name,
  type,
  doc,
  ...more,
});

const ratio = number(0.001, 1e6, true);
const oversubscription = arg(
  'oversubscription',
  either(ratio, list(ratio)),
  'Summed bandwidth of the children over what leaves the tier; one number belongs to the top tier, a list is per tier, innermost first.',
  { default: '1' },
);
const reduce = arg('reduce', bool, 'Switches add up in the network (NVLS, SHARP).', { default: 'false' });
const grid = arg('dims', { kind: 'dims' }, 'Children along each dimension; their product is the count.', {
  positional: true,
  required: true,
});
const twist = arg(
  'twist',
  bool,
  'Twisted torus of K x K x 2K or K x 2K x 2K, K at least 4: links around the short dimensions shift the long ones by K.',
  { default: 'false' },
);

export const TOPOLOGIES: readonly Option[] = [
  option('switch', 'One non-blocking switch: every child reaches every other at its full bandwidth.', {
    args: [
      reduce,
      arg('oversubscription', ratio, 'Summed bandwidth of the children over what each may send.', {
        default: '1',
      }),
    ],
  }),
  option(
    'fully_connected',
    'A link between every two children (MI300X, Gaudi 3): small groups use few links.',
  ),
  option('fat_tree', 'Tiers of switches (Clos), with a ratio between what comes in and what goes up.', {
    args: [
      arg('tiers', integer(1, 8), 'Tiers of switches between the children.', { default: '1' }),
      arg('leaf', integer(1, 1e6), 'Children under one leaf switch.', {
        default: '32: half of a 64-port switch',
      }),
      oversubscription,
      arg('planes', integer(1, 1024), 'Independent networks side by side; a chip has a port in each.', {
        default: '1',
      }),
      reduce,
    ],
  }),
  option('ring', 'Every child is linked to the one before and the one after it, the last to the first.'),
  option('line', 'A ring without its last link.'),
  option(
    'torus',
    'A grid of children with links to both neighbours along every dimension, around its ends too.',
    {
      args: [
        grid,
        arg(
          'wrap',
          either(bool, list(bool)),
          'Whether each dimension closes; one word holds for all. A dimension of two places has one link either way.',
          { default: 'true' },
        ),
        twist,
      ],
      needsArguments: true,
    },
  ),
  option('mesh', 'A grid of children without links around its ends.', { args: [grid], needsArguments: true }),
  option(
    'rail',
    'Rank i of every node on switch i ("rail-optimised"): one switch per rail and `leaf` nodes.',
    {
      args: [
        arg('leaf', integer(1, 1e6), 'Nodes under one rail switch.', { default: 'all of them' }),
        arg(
          'spine',
          bool,
          'Whether switches above join the rails; `false`: rail-only, what changes rails does so inside a node.',
          { default: 'true' },
        ),
        arg('oversubscription', ratio, 'Of the rail switches: what comes in over what goes up.', {
          default: '1',
        }),
      ],
    },
  ),
  option('dragonfly', 'Groups of routers: those of a group fully connected, every two groups linked.', {
    args: [
      arg('groups', integer(1, 1e6), 'Groups.', { default: 'as many as the ports of the children fill' }),
      arg('routers', integer(1, 1e6), 'Routers of a group.', {
        default: 'what the children leave for `groups` and `hosts`, else twice `hosts`',
      }),
      arg('hosts', integer(1, 1e6), 'Ports for children on each router.', {
        default: 'half of `routers`, or what `groups` and `routers` leave',
      }),
      arg('global_links', integer(1, 1e6), 'Links of a router to other groups.', {
        default: '`hosts`, or more where the groups need it',
      }),
    ],
  }),
  option('hyperx', 'A grid of switches, fully connected along each dimension.', {
    args: [
      arg('dims', { kind: 'dims' }, 'Switches along each dimension.', { positional: true, required: true }),
      arg('hosts', integer(1, 1e6), 'Ports for children on each switch.', {
        default: 'the ports of the children over the switches',
      }),
    ],
    needsArguments: true,
  }),
  option(
    'hamming_mesh',
    'Boards that are meshes; rows and columns of all boards meet in switches at both ends of every board line.',
    {
      args: [
        arg('dims', { kind: 'dims' }, 'Children of a board along each dimension.', {
          positional: true,
          required: true,
        }),
        arg('boards', { kind: 'dims' }, 'Boards along each dimension.', { required: true }),
      ],
      needsArguments: true,
    },
  ),
  option('ocs', 'Cubes of the level below joined into one torus by optical circuit switches.', {
    args: [
      arg('shape', { kind: 'dims' }, 'Chips along each dimension: whole cubes of the level below.', {
        required: true,
        positional: true,
      }),
      twist,
    ],
    needsArguments: true,
  }),
  option(
    'graph',
    'Any links. Children are numbered from 0 to their count - 1; higher numbers are switches.',
    {
      args: [
        arg(
          'links',
          list(list(either(integer(0, 1e6), bandwidth))),
          'Pairs of vertices, each with a rate per direction of its own if need be: `[[0, 1], [0, 2, 50GB/s]]`.',
        ),
        arg(
          'file',
          { kind: 'string', what: 'file' },
          'The topology that NCCL dumps (`NCCL_TOPO_DUMP_FILE`).',
          {
            positional: true,
          },
        ),
      ],
      needsArguments: true,
    },
  ),
];

/** Built from links between children, without switches: they continue the scale-up domain below them. */
export const DIRECT_TOPOLOGIES: ReadonlySet<string> = new Set(['torus', 'mesh', 'ocs']);
