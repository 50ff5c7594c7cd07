/** A quote as scripts read it: SI units, nothing rounded, the same names as in an estimate. */
import { limitJson, routeJson, runnerUpJson } from '../json/estimate.ts';
import type { Quote } from './quote.ts';

export function collectiveJson({ request, price, groups, algbw, busbw, crossing }: Quote) {
  return {
    op: price.op,
    fabric: request.fabric.name,
    mesh: request.mesh ?? null,
    axis: request.axis,
    ranks: price.ranks,
    groups,
    chips: request.chips,
    bytes: price.bytes,
    time_s: price.time,
    ...routeJson(price),
    runner_up: runnerUpJson(price),
    steps: price.steps,
    latency_s: price.latency,
    algbw_bytes_per_s: algbw ?? null,
    busbw_bytes_per_s: busbw ?? null,
    ...limitJson(price),
    of_limit: price.time > 0 ? price.limit / price.time : null,
    both_directions_s: price.bothDirections ?? null,
    crossing: crossing
      ? {
          level: crossing.link.level,
          link: crossing.link.link,
          bytes_per_chip: crossing.bytesPerChip,
          rate_bytes_per_s: crossing.rate,
        }
      : null,
    links: price.links.map(({ level, link, bytes, capacity, efficiency, flows, load }) => ({
      level,
      link,
      bytes,
      capacity_bytes_per_s: capacity,
      efficiency,
      flows,
      load,
    })),
  };
}
