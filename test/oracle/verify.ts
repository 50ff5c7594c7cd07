/** Does an algorithm compute its collective? Every copy of every part knows which ranks' data are in it. */
import type { CollectiveOp } from '../../src/engine/plan/spec.ts';
import type { Played } from './collectives.ts';

/** have[rank][part]: ranks whose contribution is in this copy; undefined where there is none. */
type Copies = (Set<number> | undefined)[][];

/** @returns what is wrong, or undefined. */
export function fault(played: Played, n: number, op: CollectiveOp): string | undefined {
  if (op === 'all_to_all') return faultOfExchange(played, n);
  const have = start(played.parts, n, op);
  for (const [number, round] of played.rounds.entries()) {
    // Everything leaves before anything arrives.
    const letters = round.map(message => ({
      ...message,
      contents: message.parts.map(part => have[message.from]![part]),
    }));
    for (const { from, to, parts, add, contents } of letters) {
      for (const [index, part] of parts.entries()) {
        const sent = contents[index];
        if (!sent) return `round ${number}: rank ${from} sends part ${part} that it does not have`;
        const there = have[to]![part];
        if (!add) have[to]![part] = new Set(sent);
        else {
          if (!there) return `round ${number}: nothing to add part ${part} to at rank ${to}`;
          if ([...sent].some(rank => there.has(rank)))
            return `round ${number}: rank ${to} counts part ${part} twice`;
          have[to]![part] = new Set([...there, ...sent]);
        }
      }
    }
  }
  return lack(have, played.parts, n, op);
}

/** Part p of a gather, and of each channel of a ring, belongs to rank p modulo n. */
function start(parts: number, n: number, op: CollectiveOp): Copies {
  return Array.from({ length: n }, (_, rank) =>
    Array.from({ length: parts }, (_, part) => {
      if (op === 'all_gather') return part % n === rank ? new Set([rank]) : undefined;
      if (op === 'broadcast' || op === 'send_recv')
        return rank === 0 || op === 'send_recv' ? new Set([rank]) : undefined;
      return new Set([rank]);
    }),
  );
}

function lack(have: Copies, parts: number, n: number, op: CollectiveOp): string | undefined {
  for (let rank = 0; rank < n; rank++) {
    for (let part = 0; part < parts; part++) {
      const copy = have[rank]![part];
      const wanted = {
        all_reduce: () => copy?.size === n,
        reduce_scatter: () => part % n !== rank || copy?.size === n,
        all_gather: () => copy?.has(part % n),
        broadcast: () => copy?.has(0),
        send_recv: () => copy?.has(Math.max(0, rank - 1)),
        all_to_all: () => true,
      }[op]();
      if (!wanted) return `rank ${rank} ends without part ${part}`;
    }
  }
  return undefined;
}

function faultOfExchange({ rounds }: Played, n: number): string | undefined {
  const arrived = new Set<string>();
  for (const { from, to, parts } of rounds.flat())
    for (const part of parts) {
      if (part !== to) return `rank ${from} sends rank ${to} what is for rank ${part}`;
      if (arrived.has(`${from} ${to}`)) return `rank ${from} sends to rank ${to} twice`;
      arrived.add(`${from} ${to}`);
    }
  return arrived.size === n * (n - 1) ? undefined : 'a pair is missing';
}
