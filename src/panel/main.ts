/** Entry of the webview. */
import { type Host, Panel } from './app.ts';
import { mountFrame } from './frame/frame.ts';
import './panel.css';
import { hostMessage } from './protocol.ts';

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

const api = acquireVsCodeApi();
const host: Host = {
  post: message => api.postMessage(message),
  getState: () => api.getState(),
  setState: state => api.setState(state),
};

const root = document.getElementById('panel');
if (root) {
  const panel = new Panel(host);
  mountFrame(root, panel);
  window.addEventListener('message', event => {
    const message = hostMessage(event.data);
    if (message) panel.receive(message);
  });
  // The theme changes by new custom properties and body classes, not by a new page.
  const watcher = new MutationObserver(() => panel.rethemed());
  watcher.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
  watcher.observe(document.body, { attributes: true, attributeFilter: ['class'] });
  panel.ready();
}
