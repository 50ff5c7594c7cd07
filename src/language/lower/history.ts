/** The last good version of every declaration, by document and name, for the time while it is damaged. */

export class History {
  private readonly documents = new Map<string, Map<string, unknown>>();

  get<T>(uri: string, kind: string, name: string): T | undefined {
    return this.documents.get(uri)?.get(`${kind} ${name}`) as T | undefined;
  }

  set(uri: string, kind: string, name: string, value: unknown): void {
    let document = this.documents.get(uri);
    if (!document) {
      document = new Map();
      this.documents.set(uri, document);
    }
    document.set(`${kind} ${name}`, value);
  }

  /** Forgets names that a whole, undamaged text no longer has. */
  keepOnly(uri: string, names: ReadonlySet<string>): void {
    const document = this.documents.get(uri);
    for (const key of document?.keys() ?? []) if (!names.has(key)) document!.delete(key);
  }

  drop(uri: string): void {
    this.documents.delete(uri);
  }
}

/**
 * Equal inputs are one object, so that what is remembered per object (routes, prices of a fabric) survives an edit that
 * does not touch it. Holds the last few hundred.
 */
export class Interner {
  private readonly objects = new Map<string, unknown>();

  intern<T extends object>(value: T): T {
    const key = JSON.stringify(value);
    const known = this.objects.get(key);
    if (known) return known as T;
    if (this.objects.size > 500) this.objects.delete(this.objects.keys().next().value!);
    this.objects.set(key, value);
    return value;
  }
}
