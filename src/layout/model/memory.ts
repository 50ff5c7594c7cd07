/** What fills a chip, stage by stage. */
import type { Estimate } from '../../engine/estimate/result.ts';
import { parseQuantity } from '../../engine/units/index.ts';
import type { PanelClaim, PanelMemory } from './types.ts';

export function panelMemory(estimate: Estimate, claims: readonly PanelClaim[]): PanelMemory {
  const { memory } = estimate;
  const claim = memoryClaim(claims);
  return {
    capacity: memory.capacity,
    peakStage: memory.peakStage,
    stages: memory.stages.map(({ stage, layers, inFlight, parts, total }) => ({
      stage,
      layers,
      inFlight,
      parts: parts.map(({ name, bytes }) => ({ name, bytes })),
      total,
    })),
    ...(claim ? { claim } : {}),
  };
}

/** The limit of a claim as plain as `peak_memory < 76GiB`; others draw no line. */
function memoryClaim(claims: readonly PanelClaim[]): PanelMemory['claim'] {
  for (const { text, holds } of claims) {
    const limit = /^\s*peak_memory\s*<=?\s*([^<>=]+)$/.exec(text)?.[1]?.trim();
    const quantity = limit === undefined ? undefined : parseQuantity(limit);
    if (quantity?.ok) return { bytes: quantity.value, ...(holds === undefined ? {} : { holds }) };
  }
  return undefined;
}
