import { expect, test } from 'vitest';
import { panelHtml } from '../../src/panel/html.ts';

const page = panelHtml({
  cspSource: 'https://host',
  nonce: 'abc123',
  scriptUri: 'https://host/panel.js?a=1&b=2',
  styleUri: 'https://host/panel.css',
});

test('the page may load its script and style, start a worker of its own, and reach nothing', () => {
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)![1]!;
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'nonce-abc123'");
  expect(policy).toContain('worker-src blob:');
  expect(policy).not.toMatch(/unsafe-|connect-src|https:(?!\/\/host)/);
});

test('no script or style stands in the page itself', () => {
  expect(page).not.toMatch(/<style|style=| on\w+="|<script(?![^>]*src=)/);
  expect(page).toContain('src="https://host/panel.js?a=1&amp;b=2"');
});
