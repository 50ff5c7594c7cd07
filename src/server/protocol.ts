/**
 * What the server and its client say to each other beside the language-server protocol: names and shapes only, so that the
 * client's bundle takes nothing else of the server. Every value is plain JSON.
 */

/** Names on the wire. Client to server unless the comment says otherwise. */
export const METHOD = {
  /** Request {@link PlanParams} -> {@link PanelAnswer} or null. */
  panel: 'meshwright/panel',
  /** Request {@link PlanParams} -> {@link TimelineAnswer} or null. */
  timeline: 'meshwright/timeline',
  /** Request {@link UriParams} -> {@link Status} or null. */
  status: 'meshwright/status',
  /** Request {@link PlanParams} -> {@link TextAnswer} or null: the whole step derived, as markdown. */
  derivation: 'meshwright/derivation',
  /** Request {@link UriParams} -> {@link TextAnswer} or null: a file of the standard library. */
  libraryText: 'meshwright/libraryText',
  /** Notification {@link ActivePlanParams}: where the cursor stands. */
  activePlan: 'meshwright/activePlan',
  /** Notification, server to client, {@link ChangedParams}: a document has new numbers. */
  changed: 'meshwright/changed',
  /** Request, server to client, {@link UriParams} -> {@link TextAnswer} or null where there is no such file. */
  readFile: 'meshwright/readFile',
  /** Request, server to client, {@link UriParams} -> {@link DirectoryEntry} list. */
  readDirectory: 'meshwright/readDirectory',
} as const;

/** `initializationOptions` of this server. Everything may be left out. */
export interface InitializationOptions {
  /** Read files through requests to the client (browser worker, virtual workspaces) instead of from the disk. */
  readThroughClient?: boolean;
  /** The client has the commands `meshwright.openTopology` and `meshwright.showDerivation`; lenses point to them. */
  commands?: boolean;
  /** The client serves the scheme `meshwright-lib` (VS Code); others get no links into it. */
  libraryScheme?: boolean;
}

export interface UriParams {
  uri: string;
}

export interface PlanParams extends UriParams {
  /** Name of a plan of the document; the active one where it is left out. */
  plan?: string;
}

export interface TextAnswer {
  text: string;
}

export interface DirectoryEntry {
  name: string;
  type: 'file' | 'directory';
}

export interface PanelAnswer {
  /** Changes exactly when what the panel would show changes. */
  hash: string;
  plan: string;
  /** Names of all plans of the document, in the sequence of the text. */
  plans: string[];
  /** `PanelModel` of src/panel/protocol.ts. */
  model: unknown;
}

export interface TimelineAnswer {
  /** `PanelTimeline` of src/panel/protocol.ts; null where there is no step that can be played. */
  timeline: unknown;
}

export interface ChangedParams extends UriParams {
  hash: string;
  /** Version of the text that the numbers belong to. */
  version: number;
}

export interface ActivePlanParams extends UriParams {
  /** Zero-based line of the cursor; the server finds the plan. */
  line: number;
}

/** What the status bar says. */
export interface Status {
  /** Active plan, or undefined when the document has none. */
  plan?: string;
  /** `pretrain 6.64 s · compute binds`. */
  text: string;
  /** Markdown. */
  tooltip: string;
  claims: { holding: number; failing: number; open: number };
  /** Errors among the findings. */
  errors: number;
  state: 'priced' | 'stale' | 'refused' | 'empty';
}

/** Commands that lenses and hovers name; the client registers them with these arguments: `(uri, plan)`. */
export const COMMAND = {
  openTopology: 'meshwright.openTopology',
  showDerivation: 'meshwright.showDerivation',
} as const;
