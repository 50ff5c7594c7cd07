/** The page that the host puts into the webview. It holds no text of any document and no inline script or style. */

export interface PanelPage {
  /** `webview.cspSource`. */
  cspSource: string;
  /** Fresh from a cryptographic generator for every page. */
  nonce: string;
  /** Addresses of dist/panel.js and dist/panel.css as the webview may load them. */
  scriptUri: string;
  styleUri: string;
}

/**
 * Nothing may be loaded but this script, this style and a worker that the script makes from its own text; nothing may be
 * sent anywhere.
 */
export function panelHtml({ cspSource, nonce, scriptUri, styleUri }: PanelPage): string {
  const policy = [
    `default-src 'none'`,
    `style-src ${cspSource}`,
    `script-src 'nonce-${nonce}'`,
    `img-src ${cspSource} data: blob:`,
    `font-src ${cspSource}`,
    'worker-src blob:',
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${attribute(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1.0">
<link rel="stylesheet" href="${attribute(styleUri)}">
<title>Topology</title>
</head>
<body>
<main id="panel"></main>
<script nonce="${attribute(nonce)}" src="${attribute(scriptUri)}"></script>
</body>
</html>`;
}

const attribute = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
