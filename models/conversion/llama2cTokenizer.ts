import { AppError } from '#shared/errors/AppError.ts';

/** A piece of llama2.c's `tokenizer.bin`; its id is its place. A higher score merges earlier. */
interface Piece {
  readonly text: string;
  readonly score: number;
}

const bosId = 1;
const eosId = 2;
const firstByteId = 3;
const byteCount = 256;

/**
 * Turns llama2.c's `tokenizer.bin` (SentencePiece BPE pieces with scores) into Hugging Face's `tokenizer.json`: the same
 * vocabulary, merges ordered by score, bytes for what the vocabulary lacks. Errors: model/damaged.
 */
export function tokenizerJson(bytes: Uint8Array, vocabSize: number): object {
  const pieces = readPieces(bytes, vocabSize);
  const vocab = new Map<string, number>();
  for (const [id, { text }] of pieces.entries()) {
    const name = nameOf(id, text);
    if (!vocab.has(name)) vocab.set(name, id);
  }
  const special = (id: number, content: string) => ({
    id,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  });
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [special(0, '<unk>'), special(bosId, '<s>'), special(eosId, '</s>')],
    normalizer: {
      type: 'Sequence',
      normalizers: [
        { type: 'Prepend', prepend: '▁' },
        { type: 'Replace', pattern: { String: ' ' }, content: '▁' },
      ],
    },
    pre_tokenizer: null,
    post_processor: {
      type: 'TemplateProcessing',
      single: [{ SpecialToken: { id: '<s>', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
      pair: [
        { SpecialToken: { id: '<s>', type_id: 0 } },
        { Sequence: { id: 'A', type_id: 0 } },
        { Sequence: { id: 'B', type_id: 1 } },
      ],
      special_tokens: { '<s>': { id: '<s>', ids: [bosId], tokens: ['<s>'] } },
    },
    decoder: {
      type: 'Sequence',
      decoders: [
        { type: 'Replace', pattern: { String: '▁' }, content: ' ' },
        { type: 'ByteFallback' },
        { type: 'Fuse' },
        { type: 'Strip', content: ' ', start: 1, stop: 0 },
      ],
    },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: '<unk>',
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: true,
      byte_fallback: true,
      ignore_merges: false,
      vocab: Object.fromEntries(vocab),
      merges: mergesOf(pieces, vocab),
    },
  };
}

function readPieces(bytes: Uint8Array, vocabSize: number): Piece[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const decoder = new TextDecoder('utf-8');
  const pieces: Piece[] = [];
  let offset = 4;
  for (let id = 0; id < vocabSize; id++) {
    if (offset + 8 > bytes.byteLength) throw damaged();
    const score = view.getFloat32(offset, true);
    const length = view.getInt32(offset + 4, true);
    offset += 8;
    if (length < 0 || offset + length > bytes.byteLength) throw damaged();
    pieces.push({ text: decoder.decode(bytes.subarray(offset, offset + length)), score });
    offset += length;
  }
  return pieces;
}

function nameOf(id: number, text: string): string {
  if (id === 0) return '<unk>';
  if (id === bosId) return '<s>';
  if (id === eosId) return '</s>';
  if (id < firstByteId + byteCount) {
    return `<0x${(id - firstByteId).toString(16).toUpperCase().padStart(2, '0')}>`;
  }
  return text.replaceAll(' ', '▁');
}

/** Every way to split a piece into two others, best piece first: what SentencePiece does at run time, as a table. */
function mergesOf(pieces: readonly Piece[], vocab: ReadonlyMap<string, number>): string[][] {
  const merges: { left: string; right: string; score: number; order: number }[] = [];
  for (const [name, id] of vocab) {
    if (id < firstByteId + byteCount) continue;
    const letters = Array.from(name);
    for (let cut = 1; cut < letters.length; cut++) {
      const left = letters.slice(0, cut).join('');
      const right = letters.slice(cut).join('');
      const leftId = vocab.get(left);
      if (leftId === undefined || !vocab.has(right)) continue;
      merges.push({ left, right, score: pieces[id]?.score ?? 0, order: leftId });
    }
  }
  merges.sort((a, b) => b.score - a.score || a.order - b.order);
  return merges.map(({ left, right }) => [left, right]);
}

const damaged = (): AppError => new AppError('model/damaged', 'The tokenizer is cut short');
