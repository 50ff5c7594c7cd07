/** Topologies of a level. */
import { bandwidth, bool, either, integer, later, list, number, option } from './kinds.ts';
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
const dims = arg('dims', { kind: 'dims' }, 'Size along each dimension.', {
  positional: true,
  required: true,
});

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
  later('ring', 'Every child has two neighbours.'),
  later('line', 'A ring without its last link.'),
  later('torus', 'A grid with links around its ends.', {
    args: [dims, arg('wrap', list(bool), 'Whether each dimension closes.', { default: 'true' })],
    needsArguments: true,
  }),
  later('mesh', 'A grid without links around its ends.', { args: [dims], needsArguments: true }),
  later('rail', 'Rank i of every node on switch i.', {
    args: [
      arg('leaf', integer(1, 1e6), 'Nodes under one rail switch.'),
      arg('spine', bool, 'Whether rails meet above.', { default: 'true' }),
      oversubscription,
    ],
  }),
  later('dragonfly', 'Groups of routers, every two groups linked.', {
    args: [
      arg('groups', integer(1, 1e6), 'Groups.'),
      arg('routers', integer(1, 1e6), 'Routers of a group.'),
      arg('hosts', integer(1, 1e6), 'Children of a router.'),
      arg('global_links', integer(1, 1e6), 'Links of a router to other groups.'),
    ],
  }),
  later('hyperx', 'A grid of switches, fully connected along each dimension.', {
    args: [dims, arg('hosts', integer(1, 1e6), 'Children of a switch.')],
    needsArguments: true,
  }),
  later('hamming_mesh', 'Boards that are meshes, joined by switches along rows and columns.', {
    args: [dims, arg('boards', { kind: 'dims' }, 'Boards along each dimension.')],
    needsArguments: true,
  }),
  later('ocs', 'Cubes joined into a torus by optical circuit switches; the shape counts chips.', {
    args: [
      arg('shape', { kind: 'dims' }, 'Chips along each dimension.', { required: true, positional: true }),
      arg('twist', bool, 'Twisted torus.', { default: 'false' }),
    ],
    needsArguments: true,
  }),
  later('graph', 'Any graph of links, or an imported one.', {
    args: [
      arg(
        'links',
        list(list(either(integer(0, 1e6), bandwidth))),
        'Pairs of children, with an own rate if need be.',
      ),
      arg('file', { kind: 'string', what: 'file' }, 'A topology file.', { positional: true }),
    ],
    needsArguments: true,
  }),
];

/** Built from links between children, without switches: they continue the scale-up domain below them. */
export const DIRECT_TOPOLOGIES: ReadonlySet<string> = new Set(['torus', 'mesh', 'ocs']);
