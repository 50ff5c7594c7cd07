/** Topologies of levels: shapes, ports, links, what is broken. */
import type { CodeSpec } from '../codes.ts';

const CHIP = 'chip c { peak.bf16: 1PFLOP/s  hbm.capacity: 80GiB  hbm.bandwidth: 3TB/s }\n';
const fabric = (...levels: string[]) => `${CHIP}fabric f {\n${levels.map(l => `  level ${l}\n`).join('')}}\n`;
const cube = 'cube of 64 c { topology: torus(4x4x4)  link: 50GB/s }';

export const TOPOLOGY_CODES = {
  'topology-shape': {
    title: 'Sizes along the dimensions that do not fit the level',
    severity: 'error',
    meaning:
      'The sizes of a torus, mesh or board multiply to another number than the level has children; or a list (`wrap`, `link`) has not one entry for each dimension.',
    fix: 'Take the shape that is offered, or change the count.',
    wrong: { in: 'level', text: 'topology: torus(3x2)  link: 50GB/s' },
    right: { in: 'level', text: 'topology: torus(4x2)  link: 50GB/s' },
  },
  'topology-twist': {
    title: 'A twist of a shape that has none',
    severity: 'error',
    meaning:
      'Only K x K x 2K and K x 2K x 2K, K at least 4 and all dimensions closed, become more even by a twist; other shapes lose their symmetry.',
    fix: 'Take the shape that is offered, or drop `twist`.',
    wrong: {
      in: 'file',
      text: fabric(cube, 'pod of 4 cube { topology: ocs(shape: 4x4x16, twist: true)  link: 50GB/s }'),
    },
    right: {
      in: 'file',
      text: fabric(cube, 'pod of 4 cube { topology: ocs(shape: 4x8x8, twist: true)  link: 50GB/s }'),
    },
  },
  'topology-ocs': {
    title: 'A shape that is not made of the cubes below',
    severity: 'error',
    meaning:
      'An `ocs` joins whole cubes of chips. Its shape counts chips: a multiple of the cube along each dimension, and as many chips as the level has.',
    fix: 'Take the shape that is offered; let the level below be a torus of chips.',
    wrong: { in: 'file', text: fabric(cube, 'pod of 8 cube { topology: ocs(shape: 8x8x6)  link: 50GB/s }') },
    right: { in: 'file', text: fabric(cube, 'pod of 8 cube { topology: ocs(shape: 8x8x8)  link: 50GB/s }') },
  },
  'topology-ports': {
    title: 'Routers without a port for every child, or without a link to every group',
    severity: 'error',
    meaning:
      'A child has one port per chip unless `ports` says otherwise. Routers may have more ports than the children need, not fewer, and the routers of a dragonfly group together need a link to every other group.',
    fix: 'Raise `groups`, `routers`, `hosts` or `global_links`, or leave them out: they are derived from the count.',
    wrong: { in: 'level', text: 'topology: dragonfly(groups: 2, routers: 2, hosts: 1)  bandwidth: 25GB/s' },
    right: { in: 'level', text: 'topology: dragonfly(groups: 2, routers: 2, hosts: 2)  bandwidth: 25GB/s' },
  },
  'topology-disconnected': {
    title: 'Children that cannot reach each other',
    severity: 'error',
    meaning: 'No way leads over the links from one child to another, so no collective can run over both.',
    fix: 'Add the missing link.',
    wrong: {
      in: 'file',
      text: fabric('node of 4 c { topology: graph(links: [[0, 1], [2, 3]])  link: 50GB/s }'),
    },
    right: {
      in: 'file',
      text: fabric('node of 4 c { topology: graph(links: [[0, 1], [1, 2], [2, 3]])  link: 50GB/s }'),
    },
  },
  'graph-link': {
    title: 'A link of a graph that cannot be',
    severity: 'error',
    meaning:
      'A link joins two different vertices, once, with an own rate if need be. Children are numbered from 0; switches follow without a gap.',
    fix: 'Correct the numbers; give parallel links one entry with their summed rate.',
    wrong: {
      in: 'file',
      text: fabric('node of 3 c { topology: graph(links: [[0, 1], [1, 2], [2, 2]])  link: 50GB/s }'),
    },
    right: {
      in: 'file',
      text: fabric('node of 3 c { topology: graph(links: [[0, 1], [1, 2], [0, 2]])  link: 50GB/s }'),
    },
  },
  'graph-switch': {
    title: 'A switch with fewer than two links',
    severity: 'warning',
    meaning:
      'Numbers from the count of children on are switches. Nothing passes through one with a single link.',
    fix: 'Correct the number, or link the switch to what it joins.',
    wrong: {
      in: 'file',
      text: fabric('node of 2 c { topology: graph(links: [[0, 1], [1, 2]])  link: 50GB/s }'),
    },
    right: {
      in: 'file',
      text: fabric('node of 2 c { topology: graph(links: [[0, 2], [1, 2]])  link: 50GB/s }'),
    },
  },
  'graph-file': {
    title: 'A topology file that cannot be used',
    severity: 'error',
    meaning:
      'The file is missing, too large, no topology as NCCL and RCCL dump it, or has another number of GPUs than the level has children. As a warning: parts of it that are left out.',
    fix: 'Run any NCCL program with `NCCL_TOPO_DUMP_FILE=topo.xml` on the machine, and set the count to its GPUs; or write the links out.',
    wrong: { in: 'level', text: 'topology: graph("nowhere.xml")' },
    right: { in: 'level', text: 'topology: ring  link: 50GB/s' },
  },
  'failed-unknown': {
    title: 'Something broken that the level does not have',
    severity: 'error',
    meaning:
      '`link(a, b)` names two vertices that the topology links, `chip(i)` a child. Switches and fat trees have no links between children.',
    fix: 'Correct the numbers. On a switch lower `bandwidth` or `uplink` instead, or write the links as a graph.',
    wrong: { in: 'level', text: 'topology: ring  link: 50GB/s  failed: [link(0, 4)]' },
    right: { in: 'level', text: 'topology: ring  link: 50GB/s  failed: [link(0, 7)]' },
  },
  'failed-disconnects': {
    title: 'Failures that cut the level apart',
    severity: 'error',
    meaning: 'Without what is broken, some children cannot reach the others.',
    fix: 'List the children that are cut off as broken, too.',
    wrong: { in: 'level', text: 'topology: line  link: 50GB/s  failed: [link(6, 7)]' },
    right: { in: 'level', text: 'topology: line  link: 50GB/s  failed: [chip(7)]' },
  },
  'wrap-two-places': {
    title: 'A dimension of two places that is said to close',
    severity: 'info',
    meaning: 'Both neighbours are the same child: one link is counted, as most machines have it.',
    fix: 'Nothing is wrong. Where a machine has two links there, double the rate of that dimension in `link`.',
    wrong: { in: 'level', text: 'topology: torus(4x2, wrap: [true, true])  link: 50GB/s' },
    right: { in: 'level', text: 'topology: torus(4x2, wrap: [true, false])  link: 50GB/s' },
  },
} satisfies Record<string, CodeSpec>;
