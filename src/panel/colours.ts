/**
 * Colours that the extension contributes, as data: package.json `contributes.colors` is made from this list and a test
 * holds the two together. The panel reads them as `--vscode-meshwright-…`.
 */

export interface ContributedColour {
  id: string;
  description: string;
  defaults: { dark: string; light: string; highContrast: string; highContrastLight: string };
}

const colour = (id: string, description: string, dark: string, light: string): ContributedColour => ({
  id: `meshwright.${id}`,
  description,
  defaults: { dark, light, highContrast: dark, highContrastLight: light },
});

/** Where the ramps have their colours, 0..1, by ground. */
export const LOAD_STOPS = [0, 0.3, 0.6, 0.85, 1] as const;
export const COORDINATE_STOPS = { dark: [0, 0.3, 0.62, 1], light: [0, 0.38, 0.7, 1] } as const;

/** Axes with a colour of their own; `fsdp` takes that of `dp`, `sp` of `cp`, `etp` of `tp`, others that of `other`. */
export const COLOURS: readonly ContributedColour[] = [
  colour('axis.tp', 'Tensor parallelism in the topology panel.', '#a6d6f7', '#2f6eb8'),
  colour('axis.cp', 'Context parallelism in the topology panel.', '#54d2a5', '#18a977'),
  colour('axis.pp', 'Pipeline parallelism in the topology panel.', '#b37ff4', '#4310aa'),
  colour('axis.dp', 'Data parallelism, sharded or not, in the topology panel.', '#e970b5', '#9a215a'),
  colour('axis.ep', 'Expert parallelism in the topology panel.', '#c9ba72', '#887f1b'),
  colour('axis.other', 'Axes without a role of their own in the topology panel.', '#8d99a6', '#66727f'),
  colour('compute', 'Compute in the step bar of the topology panel.', '#66727f', '#93a0ad'),
  colour('backward', 'Backward passes and optimizer in the topology panel.', '#46505b', '#b9c3cc'),
  colour('load.0', 'Links without load in the topology panel.', '#414a53', '#c9d0d7'),
  colour('load.30', 'Links at 30 % of their rate in the topology panel.', '#8a6230', '#efbf73'),
  colour('load.60', 'Links at 60 % of their rate in the topology panel.', '#cf7d1c', '#e0851c'),
  colour('load.85', 'Links at 85 % of their rate in the topology panel.', '#f3a43b', '#b04c0d'),
  colour('load.100', 'Links at their full rate in the topology panel.', '#ffd788', '#741d05'),
  colour('coordinate.0', 'First rank of an axis in the topology panel.', '#33407a', '#bfe6cf'),
  colour('coordinate.1', 'Ranks near the first third of an axis.', '#2d6da3', '#54b8ad'),
  colour('coordinate.2', 'Ranks near the second third of an axis.', '#2fa6a8', '#2a7ea6'),
  colour('coordinate.3', 'Last rank of an axis in the topology panel.', '#a9e0c0', '#2f3f86'),
  colour('switch', 'Switches in the topology panel.', '#3a4149', '#dfe4e9'),
  colour('memory.weights', 'Weights in the memory view.', '#4d78ab', '#5b7fac'),
  colour('memory.gradients', 'Gradients in the memory view.', '#7fa3c9', '#92b1d1'),
  colour('memory.optimizer', 'Optimizer state in the memory view.', '#5fa8a0', '#6fb3a8'),
  colour('memory.activations', 'Activations in the memory view.', '#c79a4b', '#dab36a'),
  colour('memory.logits', 'Logits in the memory view.', '#8a5f22', '#9c6b2a'),
  colour('memory.buffers', 'Communication buffers in the memory view.', '#8d99a6', '#a3aeb8'),
];
