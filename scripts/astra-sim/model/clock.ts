/** Events in order of time; those of one moment in the order in which they were planned. */
export class Clock {
  now = 0;
  private readonly moments = new Map<number, (() => void)[]>();
  /** Binary heap of the keys of `moments`. */
  private readonly heap: number[] = [];

  after(delay: number, event: () => void): void {
    const time = this.now + delay;
    const known = this.moments.get(time);
    if (known) known.push(event);
    else {
      this.moments.set(time, [event]);
      this.push(time);
    }
  }

  /** Until nothing is left. */
  run(): void {
    for (let time = this.pop(); time !== undefined; time = this.pop()) {
      this.now = time;
      const events = this.moments.get(time)!;
      // Events may plan others for the same moment: the list grows while it is gone through.
      for (let at = 0; at < events.length; at++) events[at]!();
      this.moments.delete(time);
    }
  }

  private push(time: number): void {
    const { heap } = this;
    let at = heap.push(time) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (heap[parent]! <= time) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = time;
  }

  private pop(): number | undefined {
    const { heap } = this;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && heap[child + 1]! < heap[child]!) child++;
      if (heap[child]! >= last) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return first;
  }
}
