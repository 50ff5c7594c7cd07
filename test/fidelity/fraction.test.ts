/** Shares of injection bandwidth that others computed (linear programs, exact counts), and texts that name the graphs. */
import { describe, expect, it } from 'vitest';
import { bisection, fractionOf } from './fraction.ts';
import { wiringOf } from './wiring.ts';

const share = (text: string, n?: number) => fractionOf(wiringOf(text, n)!, 'all_to_all')!;

describe('all-to-all', () => {
  it.each<[string, number | undefined, number]>([
    ['ring 8', 8, 7 / 16],
    ['ring 5', 5, 4 / 6],
    ['line 8', 8, 7 / 32],
    ['2D torus 8x8', 64, 63 / (4 * 64)],
    ['2D torus 4x8', 32, 31 / (4 * 32)],
    ['2D torus 32x32', 1024, 1023 / (4 * 4096)],
    ['3D torus 4x4x4', 64, 63 / (6 * 32)],
    ['3D torus 8x8x8', 512, 511 / (6 * 512)],
    ['2D mesh 4x4', 16, 15 / (4 * 16)],
    ['2D HyperX 4x4', 16, 15 / (6 * 4)],
    ['HyperX 8x8', 64, 63 / (14 * 8)],
    ['HyperX 4x8', 32, 31 / (10 * 8)],
    ['full mesh 8', 8, 1],
    ['dragonfly p=2, a=4, h=2', 72, 1],
    ['dragonfly (4,8,4)', 1056, 1],
    ['fat tree 2:1, 8 leaves of 8', 64, 0.5625],
    ['fat tree 4:1, 4 leaves of 4', 16, 0.3125],
    ['nonblocking fat tree', 1024, 1],
    ['Hx2Mesh, 4x4 boards', 64, 63 / (4 * 48)],
    ['hypercube', 16, 15 / (4 * 8)],
  ])('%s of %s: %f', (text, n, expected) => expect(share(text, n)).toBeCloseTo(expected, 9));

  // Exact computation, rounded to four digits in the rows that publish it.
  it.each([
    ['3D torus 4x4x8 twisted (x,y wrap shifts z by 4)', 0.2886],
    ['3D torus 4x8x8 twisted (x wrap shifts y,z by 4)', 0.231],
    ['Hx2Mesh (~256 accelerators)', 0.2846],
    ['Hx2Mesh (~1024 accelerators)', 0.2664],
  ])('%s: %f', (text, expected) =>
    expect(share(text, Number(/~(\d+)/.exec(text)?.[1] ?? Number.NaN) || undefined)).toBeCloseTo(expected, 3),
  );

  it('a twist gains 1.745 on 4x4x8', () =>
    expect(share('3D torus 4x4x8 twisted') / share('3D torus 4x4x8')).toBeCloseTo(1.745, 3));
});

describe('gathers use every port, as long as there are any', () => {
  it.each([
    ['2D torus 8x8', 1],
    ['2D mesh 4x4', 0.5],
    ['line 8', 0.5],
  ])('%s: %f', (text, expected) =>
    expect(fractionOf(wiringOf(text, undefined)!, 'all_gather')).toBe(expected),
  );
});

it('the bisection of Google’s pods, as published', () => {
  const grid = (text: string) => wiringOf(text, undefined) as Parameters<typeof bisection>[0];
  expect(bisection(grid('2D torus 16x16'), 50e9)).toBe(1.6e12);
  expect(bisection(grid('2D torus 16x16'), 100e9)).toBe(3.2e12);
  expect(bisection(grid('3D torus 16x16x16'), 45e9)).toBeCloseTo(23.04e12, 0);
});

it('a text that names no graph', () => expect(wiringOf('something new', 8)).toBeUndefined());
