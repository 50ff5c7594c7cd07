/** Reads a Hugging Face `config.json`. What it does not understand it says; it never guesses a size. */
import type { ModelSpec } from '../engine/model/spec.ts';
import { readBias, readExtras, readHeads, readQkNorm, readWindow } from './huggingface/attention.ts';
import { readExperts } from './huggingface/experts.ts';
import { type Family, familyOf, modelTypes } from './huggingface/families.ts';
import { type Problem, Reader } from './huggingface/reader.ts';
import { refuseOtherLayers, warnOfUnknownKeys } from './huggingface/unsupported.ts';
import { type JsonObject, type JsonValue, parseJson } from './json.ts';

export interface HuggingFaceImport {
  /** Missing where a problem is an error. */
  model?: ModelSpec;
  problems: Problem[];
}

/**
 * The model that the text of a `config.json` describes, named `name`. Never throws: unreadable JSON (with line and
 * column), missing keys (all at once), wrong types and layers that are not modelled come back as problems.
 */
export function importHuggingFace(text: string, name: string): HuggingFaceImport {
  const parsed = parseJson(text);
  if (!parsed.ok) {
    const { message, line, column } = parsed.problem;
    return failed(`Not valid JSON at ${line}:${column}: ${message}`);
  }
  const outer = parsed.value;
  if (!(outer instanceof Map))
    return failed('The file holds no JSON object, so it is no model configuration');
  const nested = ['text_config', 'language_config', 'llm_config'].find(key => outer.get(key) instanceof Map);
  const config = nested ? (outer.get(nested) as JsonObject) : outer;
  const reader = new Reader(config, outer);
  const doubled = parsed.duplicates.map(key => key.slice(0, 40));
  if (doubled.length > 0)
    reader.warn(`Stated more than once, the last value counts: ${doubled.join(', ')}`, doubled);

  const family = readFamily(reader, outer);
  const refused = refuseOtherLayers(reader);
  if (!family || refused) return { problems: reader.problems };
  const model = readModel(reader, family, name);
  reader.reportMissing();
  warnOfUnknownKeys(reader);
  warnOfTowers(reader, outer, nested);
  const broken = reader.problems.some(problem => problem.severity === 'error');
  return broken ? { problems: reader.problems } : { model, problems: reader.problems };
}

function failed(message: string): HuggingFaceImport {
  return { problems: [{ severity: 'error', message, keys: [] }] };
}

function readFamily(reader: Reader, outer: JsonObject): Family | undefined {
  if (outer.get('is_encoder_decoder') === true) {
    reader.error('The model has an encoder and a decoder, which is not modelled', ['is_encoder_decoder']);
    return undefined;
  }
  const type = reader.rawAnywhere('model_type');
  const architectures = reader.rawAnywhere('architectures');
  const named = type ?? (Array.isArray(architectures) ? architectures[0] : undefined);
  const keys = type === undefined && architectures !== undefined ? ['architectures'] : ['model_type'];
  if (typeof named !== 'string') {
    const what = named === undefined ? 'The file lacks "model_type"' : `"${keys[0]}" holds no name`;
    reader.error(`${what}, which says what kind of model it is`, keys);
    return undefined;
  }
  const family = familyOf(named);
  if (!family)
    reader.error(
      `"${named.slice(0, 60)}" is a kind of model that is not read. Write the model inline, or use one of: ${modelTypes.join(', ')}`,
      keys,
    );
  return family;
}

function readModel(reader: Reader, family: Family, name: string): ModelSpec {
  const layers = reader.layers('num_hidden_layers', 'n_layer');
  const hidden = reader.size('hidden_size', 'n_embd');
  const heads = readHeads(reader, family, hidden);
  const { moe, ffn, extra } = readExperts(reader, family, layers, hidden);
  const slidingWindow = readWindow(reader, family, layers);
  return {
    name,
    layers,
    hidden,
    ffn,
    ...heads,
    vocab: reader.size('vocab_size'),
    gated: family.gated,
    parallelBlock: false,
    tiedEmbeddings: readTied(reader, family),
    norm: family.norm,
    normsPerLayer: family.normsPerLayer,
    qkNormParameters: readQkNorm(reader, family, heads),
    bias: readBias(reader, family),
    learnedPositions: family.norm === 'layernorm' ? reader.size('n_positions', 'n_ctx') : 0,
    ...(slidingWindow ? { slidingWindow } : {}),
    ...(moe ? { moe } : {}),
    mtpLayers: readMtp(reader),
    ...(family.experts === 'gpt_oss' && { attentionSinks: true }),
    extraParametersPerLayer: extra + readExtras(reader, hidden, heads),
  };
}

function readTied(reader: Reader, family: Family): boolean {
  const outside = reader.has('tie_word_embeddings') ? undefined : reader.rawAnywhere('tie_word_embeddings');
  return typeof outside === 'boolean' ? outside : reader.flag('tie_word_embeddings', family.tied);
}

/** Multi-token-prediction layers; MiniMax states modules and layers of each, and a switch. */
function readMtp(reader: Reader): number {
  const modules = reader.countOr('num_mtp_modules', 0);
  const layers = reader.countOr('mtp_transformer_layers', 1);
  if (modules > 0) return reader.flag('use_mtp', true) ? modules * layers : 0;
  reader.read.add('use_mtp');
  return reader.countOr('num_nextn_predict_layers', 0);
}

/** What stands beside a nested text model is not counted. */
function warnOfTowers(reader: Reader, outer: JsonObject, nested: string | undefined): void {
  if (nested === undefined) return;
  const towers = ['vision_config', 'audio_config', 'vision_tower_config'].filter(key => {
    const value: JsonValue | undefined = outer.get(key);
    return value instanceof Map;
  });
  if (towers.length > 0)
    reader.warn('Only the text model is counted, without its vision or audio tower', towers);
}
