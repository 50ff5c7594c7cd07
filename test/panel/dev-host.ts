/**
 * A host without VS Code, for developing the panel in a plain browser: `?sample=405b&theme=dark`. Messages of the panel
 * are kept in `window.sent`; `window.host` sends the host's.
 */
import { emptyModel } from '../../src/layout/model/build.ts';
import type { HostMessage, PanelMessage, PanelModel } from '../../src/panel/protocol.ts';
import { samples } from './samples.ts';
import { THEMES, type ThemeName } from './themes.ts';

const query = new URLSearchParams(location.search);
const theme = (query.get('theme') ?? 'dark') as ThemeName;
const { kind, variables } = THEMES[theme];
document.body.className = kind;
for (const [name, value] of Object.entries(variables))
  document.documentElement.style.setProperty(`--vscode-${name}`, value);

const sample = query.get('sample') ?? '405b';
const model: PanelModel =
  sample === 'empty' ? emptyModel('file:///plan.shard') : (samples[sample] ?? samples['405b']!)();
const sent: PanelMessage[] = [];
let state: unknown = JSON.parse(sessionStorage.getItem('state') ?? 'null') ?? undefined;

const host = (message: HostMessage): void => window.postMessage(message, '*');

function receive(message: PanelMessage): void {
  sent.push(message);
  if (message.type === 'ready') host({ type: 'changed', hash: sample, version: 1 });
  if (message.type === 'pull') host({ type: 'model', hash: sample, model });
}

Object.assign(window, {
  sent,
  host,
  model,
  samples,
  acquireVsCodeApi: () => ({
    postMessage: receive,
    getState: () => state,
    setState: (next: unknown) => {
      state = next;
      sessionStorage.setItem('state', JSON.stringify(next));
    },
  }),
});
