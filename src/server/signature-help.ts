/** `textDocument/signatureHelp`: the arguments of the call at the cursor. */
import type { Position, SignatureHelp } from 'vscode-languageserver-protocol';
import type { ShardplanSharedServices } from '../language/module.ts';
import {
  type Argument,
  COLLECTIVE_OPS,
  describeType,
  findKey,
  findMetric,
  type MetricSpec,
} from '../language/schema/index.ts';
import { optionsNamed } from './completion/values.ts';
import { surroundings } from './place/context.ts';
import { type Scan, scan } from './place/scan.ts';
import type { View } from './view.ts';

interface Signature {
  doc: string;
  arguments: { label: string; doc: string; name: string }[];
}

export function signatureHelp(
  view: View,
  position: Position,
  shared: ShardplanSharedServices,
): SignatureHelp | null {
  const at = scan(view.text.getText(), view.text.offsetAt(position));
  const { call } = at;
  if (!call || at.inside === 'comment') return null;
  const signature = signatureOf(at, view, shared);
  if (!signature) return null;
  const parameters = signature.arguments.map(a => ({
    label: a.label,
    documentation: { kind: 'markdown' as const, value: a.doc },
  }));
  const named = signature.arguments.findIndex(a => a.name === call.argumentName);
  return {
    signatures: [
      {
        label: `${call.name}(${parameters.map(p => p.label).join(', ')})`,
        documentation: { kind: 'markdown', value: signature.doc },
        parameters,
      },
    ],
    activeSignature: 0,
    activeParameter: named >= 0 ? named : Math.min(call.argument, Math.max(0, parameters.length - 1)),
  };
}

function signatureOf(at: Scan, view: View, shared: ShardplanSharedServices): Signature | undefined {
  const { name } = at.call!;
  if (/^\s*(assert|expect)\b/.test(at.statement)) {
    const metric = findMetric(name);
    return metric && ofMetric(metric);
  }
  if (/^\s*collective\b/.test(at.statement)) {
    const op = COLLECTIVE_OPS.find(o => o.name === name);
    return op && { doc: op.doc, arguments: (op.args ?? []).map(ofArgument) };
  }
  const key = /^\s*([\w.]+)\s*:/.exec(at.statement)?.[1];
  if (key === undefined || at.block === 'top' || at.block === 'mesh') return undefined;
  const around = surroundings(view, at, shared.workspace.LangiumDocuments);
  const spec = findKey(at.block, key, around.keys)?.spec;
  const option = spec && optionsNamed(spec.type, name)[0];
  return option?.args && { doc: option.doc, arguments: option.args.map(ofArgument) };
}

const ofArgument = (arg: Argument): Signature['arguments'][number] => ({
  name: arg.name,
  label: arg.positional ? arg.name : `${arg.name}:`,
  doc: `${arg.doc} Takes ${describeType(arg.type)}.${arg.default ? ` Default: ${arg.default}.` : ''}`,
});

const ARGUMENT_DOC = {
  axis: 'An axis of the mesh.',
  level: 'A level of the fabric.',
  attention: '`causal` (the default) or `full`.',
} as const;

const ofMetric = (metric: MetricSpec): Signature => ({
  doc: metric.doc,
  arguments: metric.args.map(arg => ({
    name: arg,
    label: arg === 'attention' ? 'attention:' : arg,
    doc: ARGUMENT_DOC[arg],
  })),
});
