/** Routes one by one, slow and plain: what the engine's loads are held to. Shares no code with it. */

export interface NaiveLink {
  a: number;
  b: number;
  /** Class of the link. */
  at: number;
}

export interface NaiveDemand {
  source: number;
  target: number;
  bytes: number;
}

/** A route as directed links: [index of the cable, 0 from a to b, 1 back]. */
type Route = [number, 0 | 1][];

/** Bytes on every cable, both ways, from routes that share each demand evenly. */
export function loadRoutes(
  links: readonly NaiveLink[],
  demands: readonly NaiveDemand[],
  routes: (source: number, target: number) => Route[],
): [number, number][] {
  const load = links.map((): [number, number] => [0, 0]);
  for (const { source, target, bytes } of demands) {
    const all = routes(source, target);
    for (const route of all) for (const [cable, way] of route) load[cable]![way] += bytes / all.length;
  }
  return load;
}

/** Busiest direction, busiest cable and all bytes, by class. */
export function busiest(links: readonly NaiveLink[], load: readonly [number, number][], classes: number) {
  return Array.from({ length: classes }, (_, at) => {
    const own = load.filter((_, index) => links[index]!.at === at);
    return {
      at,
      bytes: Math.max(0, ...own.flat()),
      both: Math.max(0, ...own.map(([there, back]) => there + back)),
      total: own.flat().reduce((sum, each) => sum + each, 0),
    };
  });
}

/** Every shortest route, cables side by side counted as routes of their own. @param through vertices that forward */
export function shortestRoutes(
  links: readonly NaiveLink[],
  through: (vertex: number) => boolean,
  source: number,
  target: number,
): Route[] {
  const extend = (vertex: number, route: Route, seen: ReadonlySet<number>): [number, Route][] =>
    links.flatMap(({ a, b }, cable): [number, Route][] => {
      if (a === vertex && !seen.has(b)) return [[b, [...route, [cable, 0]]]];
      if (b === vertex && !seen.has(a)) return [[a, [...route, [cable, 1]]]];
      return [];
    });
  let front: [number, Route][] = [[source, []]];
  const seen = new Set([source]);
  while (front.length > 0) {
    const found = front.filter(([vertex]) => vertex === target);
    if (found.length > 0) return found.map(([, route]) => route);
    const next = front
      .filter(([vertex]) => vertex === source || through(vertex))
      .flatMap(([vertex, route]) => extend(vertex, route, seen));
    for (const [vertex] of next) seen.add(vertex);
    front = next;
  }
  throw new Error(`${target} is not reached from ${source}`);
}

/** The route over these vertices, each linked to the next. */
export function routeOver(links: readonly NaiveLink[], vertices: readonly number[]): Route {
  const route: Route = [];
  vertices.slice(1).forEach((to, index) => {
    const from = vertices[index]!;
    if (from === to) return;
    const cable = links.findIndex(({ a, b }) => (a === from && b === to) || (a === to && b === from));
    if (cable < 0) throw new Error(`no link from ${from} to ${to}`);
    route.push([cable, links[cable]!.a === from ? 0 : 1]);
  });
  return route;
}

/** max over vertex sets X that lack some member of |members in X| / links out of X, trying all X; members come first. */
export function gatherByAllCuts(links: readonly NaiveLink[], members: number, vertices: number): number {
  let most = 0;
  for (let set = 1; set < 2 ** vertices; set++) {
    const holds = (vertex: number): number => (set >> vertex) & 1;
    let inside = 0;
    for (let member = 0; member < members; member++) inside += holds(member);
    if (inside === members) continue;
    const leaving = links.filter(({ a, b }) => holds(a) !== holds(b)).length;
    if (inside > 0) most = Math.max(most, inside / leaving);
  }
  return most;
}
