/**
 * What NCCL and RCCL take a link for, bytes per second and direction. These are rates that collectives reach, not line rates.
 * NCCL: `src/graph/topo.h` and `topo.cc` (069a3d4f); RCCL: `src/graph/topo.h`.
 */

/** One NVLink, by compute capability of the GPU. */
export function nvlinkRate(sm: number): number {
  const rows: readonly [number, number][] = [
    [100, 40.1e9],
    [90, 20.6e9],
    [87, 20e9],
    [86, 12e9],
    [70, 20e9],
    [60, 18e9],
  ];
  return rows.find(([from]) => sm >= from)?.[1] ?? 20e9;
}

/** One xGMI link, by architecture of the GPU: `910`, `gfx942`. */
export function xgmiRate(gcn: string): number {
  const name = gcn.replace(/^gfx/, '');
  // RCCL used to write 910 for gfx90a and 940 for the whole MI300 family.
  if (/^9[45]/.test(name)) return 48e9;
  if (name === '90a' || name === '910') return 36e9;
  return 24e9;
}

/** Gb/s per lane that NCCL counts, by the GT/s of the link; what it does not know it takes for the third generation. */
const PCIE_LANE: Readonly<Record<string, number>> = {
  '2.5': 1.5,
  '5': 3,
  '8': 6,
  '16': 12,
  '32': 24,
  '64': 48,
};

/** A PCIe link as dumped: "16.0 GT/s PCIe" and "16"; without a width x16. */
export function pcieRate(speed: string, width: string): number {
  const generation = String(Number.parseFloat(speed));
  const lanes = Number.parseInt(width, 10);
  return ((PCIE_LANE[generation] ?? PCIE_LANE['8']!) * 1e9 * (lanes > 0 ? lanes : 16)) / 8;
}

/** Between two sockets of a machine, by the family and model that the CPU reports. */
export function socketRate(cpu: { arch: string; vendor: string; family: number; model: number }): number {
  const { arch, vendor, family, model } = cpu;
  if (arch.startsWith('ppc')) return 32e9;
  if (arch.startsWith('arm') || arch.startsWith('aarch')) return 6e9;
  if (vendor === 'AuthenticAMD') return family >= 0xbf ? 32e9 : family >= 0xaf ? 24e9 : 16e9;
  if (family !== 6) return 6e9;
  if (model >= 0xcf) return 40e9;
  if (model >= 0x8f) return 22e9;
  return model >= 0x55 ? 10e9 : 6e9;
}
