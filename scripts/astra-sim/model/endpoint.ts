/** What an algorithm sees of the rank it runs on, while one chunk is in one of its phases. */
export interface Endpoint {
  /** Position of the rank in its line. */
  position: number;
  npus: number;
  /** -1 where the queue runs the other way round. */
  turn: 1 | -1;
  /**
   * Calls back after the endpoint delay, and, where the message is to be added to what is there, after reading both and
   * writing the sum: three times whole nanoseconds.
   */
  handle(bytes: number, reduce: boolean, done: () => void): void;
  /** @param key what sender and receiver both call this message; @param offset to the receiver, 1 … npus - 1 */
  send(offset: number, key: string, bytes: number): void;
  receive(key: string, bytes: number, arrived: () => void): void;
  /** The phase is over. */
  exit(): void;
}

export interface Algorithm {
  start(): void;
}
