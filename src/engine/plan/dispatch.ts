/**
 * Node-limited, node-deduplicated expert dispatch (DeepSeek-V3, 2412.19437; DeepEP): a token's copies for several experts of
 * one node cross the slow network once and are copied to their experts inside the node.
 */

/** Factors on the bytes that a plain all-to-all would put on the two networks. */
export interface TrafficScale {
  scaleOut: number;
  scaleUp: number;
}

export interface Dispatch {
  /** Nodes that the expert group spans, ranks of the group in each, experts, experts per token. */
  nodes: number;
  ranksPerNode: number;
  experts: number;
  topk: number;
  /** Nodes a token may be sent to. */
  maxNodes: number;
}

/**
 * Expected number of remote nodes that a token is sent to, when `maxNodes` nodes are drawn uniformly and then `topk` of their experts,
 * and the token's own node is any of them. DeepSeek-V3 on 8 nodes of 32 experts, at most 4 nodes: 3.18 instead of 7.
 */
export function remoteNodes({ nodes, experts, topk, maxNodes }: Dispatch): number {
  const perNode = experts / nodes;
  const allowed = Math.min(maxNodes, nodes);
  // Chance that none of the k experts lies in a given one of the allowed nodes: C((M-1)n, k) / C(Mn, k).
  let missed = 1;
  // Fewer experts on the allowed nodes than a token wants: it goes to all of them.
  for (let drawn = 0; drawn < Math.min(topk, allowed * perNode); drawn++) {
    missed *= Math.max(0, (allowed - 1) * perNode - drawn) / (allowed * perNode - drawn);
  }
  return (allowed * (1 - missed) * (nodes - 1)) / nodes;
}

export function dispatchScale(dispatch: Dispatch): TrafficScale {
  const { nodes, ranksPerNode, topk } = dispatch;
  if (nodes < 2) return { scaleOut: 1, scaleUp: 1 };
  const plainRemote = (topk * (nodes - 1)) / nodes;
  return {
    scaleOut: Math.min(1, remoteNodes(dispatch) / plainRemote),
    // Every copy now makes its last hop inside a node: (g-1)/g of all bytes instead of (g-1)/n.
    scaleUp: ranksPerNode > 1 ? nodes : 1,
  };
}
