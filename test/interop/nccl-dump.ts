/** Topologies of the shape that NCCL and RCCL dump, made up. */

const busId = (n: number) => `0000:${n.toString(16).padStart(2, '0')}:00.0`;

const gpu = (n: number, attributes: string, inside: string) =>
  `    <pci busid="${busId(16 + n)}" class="0x030200" link_speed="32.0 GT/s PCIe" link_width="16">
      <gpu dev="${n}" ${attributes} rank="${n}" gdr="1">${inside}</gpu>
    </pci>\n`;

const system = (body: string) =>
  `<!-- a dump -->\n<system version="1">\n  <cpu numaid="0" arch="x86_64" vendor="GenuineIntel" familyid="6" modelid="143">\n${body}  </cpu>\n</system>\n`;

/** 8 GPUs under one NVSwitch system of 4 switches, 18 links each (NVLink 4). */
export const nvswitch = (gpus = 8) =>
  system(
    [...Array(gpus).keys()]
      .map(n =>
        gpu(
          n,
          'sm="90"',
          [5, 4, 4, 5]
            .map((count, i) => `<nvlink target="${busId(64 + i)}" count="${count}" tclass="0x068000"/>`)
            .join(''),
        ),
      )
      .join('') +
      `    <pci busid="${busId(96)}" class="0x020700" link_speed="32.0 GT/s PCIe" link_width="16"><nic><net name="mlx5_0" dev="0" speed="400000"/></nic></pci>\n`,
  );

/** Every two GPUs have an xGMI link. */
export const fullMesh = (gpus: number, gcn: string) =>
  system(
    [...Array(gpus).keys()]
      .map(n =>
        gpu(
          n,
          `sm="304" gcn="${gcn}"`,
          [...Array(gpus).keys()]
            .filter(other => other !== n)
            .map(other => `<xgmi target="${busId(16 + other)}" count="1" tclass="0x120000"/>`)
            .join(''),
        ),
      )
      .join(''),
  );

/** Links [one, other, count] between GPUs, stated at both ends as NCCL does. */
export const nvlinks = (gpus: number, links: readonly (readonly [number, number, number])[], sm = 70) =>
  system(
    [...Array(gpus).keys()]
      .map(n =>
        gpu(
          n,
          `sm="${sm}"`,
          links
            .filter(([a, b]) => a === n || b === n)
            .map(
              ([a, b, count]) =>
                `<nvlink target="${busId(16 + (a === n ? b : a))}" count="${count}" tclass="0x030200"/>`,
            )
            .join(''),
        ),
      )
      .join(''),
  );

/** The hybrid cube mesh of a DGX-1V: two quads, doubled links inside, each GPU linked to its counterpart. */
export const HYBRID_CUBE_MESH: readonly (readonly [number, number, number])[] = [
  ...[0, 4].flatMap(
    q =>
      [
        [q, q + 1, 1],
        [q, q + 2, 1],
        [q, q + 3, 2],
        [q + 1, q + 2, 2],
        [q + 1, q + 3, 1],
        [q + 2, q + 3, 2],
      ] as const,
  ),
  [0, 4, 2],
  [1, 5, 2],
  [2, 6, 1],
  [3, 7, 1],
];

/** Two sockets, on each a PCI switch with GPUs behind bridges and a NIC. */
export const pcieTree = (perSocket = 2) =>
  `<system version="2">${[0, 1]
    .map(
      socket => `<cpu numaid="${socket}" arch="x86_64" vendor="GenuineIntel" familyid="6" modelid="85">
  <pci busid="${busId(128 + 16 * socket)}" class="0x060400" link_speed="8 GT/s" link_width="16">
${[...Array(perSocket).keys()]
  .map(
    n => `    <pci busid="${busId(129 + 16 * socket + 2 * n)}" class="0x060400" link_speed="8 GT/s" link_width="8">
      <pci busid="${busId(130 + 16 * socket + 2 * n)}" class="0x038000" link_speed="16 GT/s" link_width="16"><gpu dev="${socket * perSocket + n}" sm="64" gcn="906" rank="${socket * perSocket + n}" gdr="1"/></pci>
    </pci>`,
  )
  .join('\n')}
    <pci busid="${busId(142 + 16 * socket)}" class="0x020000" link_speed="8 GT/s" link_width="16"><nic><net name="eth${socket}" speed="100000"/></nic></pci>
  </pci>
</cpu>`,
    )
    .join('\n')}</system>`;
