/** Keys of `fabric` and `level`. */
import { defaultFloor } from '../../engine/fabric/floors.ts';
import type { Medium } from '../../engine/fabric/media.ts';
import { formatTime } from '../../engine/units/format.ts';
import {
  bandwidth,
  call,
  choice,
  either,
  energyPerBit,
  file,
  integer,
  length,
  list,
  option,
  price,
  pricePerBandwidth,
  quantity,
  share,
  text,
  time,
} from './kinds.ts';
import { mediumWords } from './media.ts';
import { TOPOLOGIES } from './topology.ts';
import type { KeySpec, Option, ValueType } from './types.ts';

const row = (
  key: string,
  type: ValueType,
  def: string,
  doc: string,
  more: Partial<KeySpec> = {},
): KeySpec => ({
  block: 'level',
  key,
  type,
  default: def,
  doc,
  priced: true,
  ...more,
});

export const MEDIA = choice(
  'medium',
  medium('copper', 'Passive copper cable or backplane.'),
  medium('aec', 'Active electrical cable with retimers.'),
  medium('aoc', 'Active optical cable.'),
  medium('optics', 'Pluggable optics with a signal processor.'),
  medium('lpo', 'Linear pluggable optics, without a signal processor.'),
  medium('cpo', 'Optics packaged with the switch.'),
  medium('ocs', 'Optical circuit switch between pluggable optics.'),
);

/** With what the table of media knows about it, each figure with its confidence. */
function medium(name: Medium, doc: string): Option {
  return option(name, `${doc} ${mediumWords(name)}`);
}

export const FABRIC_KEYS: readonly KeySpec[] = [
  {
    block: 'fabric',
    key: 'source',
    type: text,
    default: 'none',
    doc: 'Where the description comes from: a paper, a data sheet, a measurement.',
    priced: true,
  },
];

export const LEVEL_KEYS: readonly KeySpec[] = [
  row(
    'topology',
    { kind: 'choice', what: 'topology', options: TOPOLOGIES },
    'switch()',
    'How the children are joined.',
  ),
  row(
    'bandwidth',
    bandwidth,
    'from `link`, `bidirectional` or `uplink`; one of the four is required',
    'Line rate per chip and direction into this level.',
  ),
  row(
    'link',
    either(bandwidth, list(bandwidth)),
    '`bandwidth` over the number of links',
    'Line rate per link and direction; a list gives one per dimension of a torus. On routers it is the rate of one port.',
  ),
  row(
    'link.local',
    bandwidth,
    '`link`',
    'Rate per direction of a link inside a group of a dragonfly, or on a board of a HammingMesh.',
  ),
  row(
    'link.global',
    bandwidth,
    '`link`',
    'Rate per direction of a link between two groups of a dragonfly, or from a board to the switch of its line.',
  ),
  row(
    'bidirectional',
    bandwidth,
    'not stated',
    "The vendor's doubled number, both directions of a chip together: half of it is `bandwidth`.",
  ),
  row(
    'uplink',
    bandwidth,
    '`bandwidth` of all chips of a child over `oversubscription`',
    'Line rate per child unit and direction, shared by all of its chips.',
  ),
  row(
    'ports',
    integer(1, 1e6),
    'one per chip; on links between children as many as the topology has',
    'Ports of one child; with `link`, `bandwidth` is their product over its chips.',
  ),
  row(
    'efficiency',
    share,
    "the chip's `efficiency.scale_up` or `efficiency.scale_out`, else by its `generation`, else 100 %",
    'Share of the line rate that collectives reach here.',
  ),
  row(
    'latency',
    time,
    "by the chip's `generation`; else 0.6us for a scale-up level, 4us for a scale-out level",
    'One way through the level for one step, hardware only.',
  ),
  row(
    'floor',
    time,
    `${formatTime(defaultFloor({ kind: 'gpu' }, 'scale_up'))} on scale-up and ${formatTime(defaultFloor({ kind: 'gpu' }, 'scale_out'))} on scale-out levels of GPUs (with a \`generation\`, what its library takes before the first step), ${formatTime(defaultFloor({ kind: 'tpu' }, 'scale_up'))} between TPUs`,
    'Least time of any collective here: launch and host.',
  ),
  row(
    'tier',
    choice(
      'tier',
      option('scale_up', 'Tightly coupled: tensor and expert parallelism are at home here.'),
      option('scale_out', 'The network between scale-up domains.'),
    ),
    'scale_up for the first level and direct topologies built on it, else scale_out',
    'Which network the level belongs to; a slow crossing is traffic on a scale-out level.',
  ),
  row('media', MEDIA, 'not stated', 'What the links are made of: sets their reach and their energy.'),
  row(
    'media.local',
    MEDIA,
    '`media`',
    'Medium of the links that join the children to each other or to their first switch.',
  ),
  row('media.global', MEDIA, '`media`', 'Medium of the links above the first switch.'),
  row(
    'lane',
    quantity('bandwidth', ['Gb/s'], 1e18),
    'a quarter of the line rate per chip on a scale-out level, from 25Gb/s to 200Gb/s; else 100Gb/s',
    'Rate of one lane; with `media` it sets the reach.',
  ),
  row('length', length, 'not stated', 'Longest cable of the level; beyond the reach it is an error.'),
  row('reach', length, 'by media and lane', 'How far the medium reaches.'),
  row(
    'energy',
    energyPerBit,
    'by media and lane',
    'Energy per bit at one end of a link; a link has two ends.',
  ),
  row(
    'price',
    either(pricePerBandwidth, price),
    'not stated',
    'Price to buy: of one unit of the level (`2000usd`), or per line rate of every chip into it (`1usd/Gbps`); shown with the level, no part of `cost`, which is rent.',
  ),
  row(
    'routing',
    choice(
      'routing',
      option(
        'minimal',
        'Shortest routes: dimension by dimension on grids, local-global-local on dragonflies, split evenly over the uplinks of a tree.',
      ),
      option(
        'ecmp',
        'All shortest routes by their number; on trees flows are hashed onto uplinks, and some share one.',
      ),
      option('dor', 'Dimension by dimension, in the sequence of the dimensions.'),
      option(
        'valiant',
        'Over a random intermediate: twice the traffic, but no pattern is worse than another.',
      ),
      option('adaptive', 'The better of `minimal` and `valiant`; on trees packets are sprayed.'),
    ),
    'minimal',
    'How traffic chooses among paths.',
  ),
  row(
    'reconfigure',
    time,
    'none: circuits are set before the job and stay',
    'Time until new circuits of an optical switch carry traffic.',
  ),
  row('spare', integer(0, 1e9), '0', 'Children of every unit that stay idle.'),
  row(
    'calibrate',
    file,
    'none',
    'A log of nccl-tests or rccl-tests over this level: sets `efficiency`, `floor` and, where it is not stated, `latency`.',
  ),
  row(
    'failed',
    list(
      call(
        option('link', 'The link between two vertices: neighbours of a torus, ends of a link of a graph.', {
          args: [
            { name: 'a', type: integer(0, 1e9), positional: true, required: true, doc: 'One end.' },
            { name: 'b', type: integer(0, 1e9), positional: true, required: true, doc: 'Other end.' },
          ],
        }),
        option(
          'chip',
          'One child, a chip where the level is made of chips: it neither computes nor forwards.',
          {
            args: [
              {
                name: 'index',
                type: integer(0, 1e9),
                positional: true,
                required: true,
                doc: 'Its number, from 0.',
              },
            ],
          },
        ),
      ),
    ),
    'nothing',
    'What is broken, in every unit of the level alike. Children that are broken count among the `spare` ones.',
  ),
  row('source', text, 'none', 'Where the numbers come from.'),
];
