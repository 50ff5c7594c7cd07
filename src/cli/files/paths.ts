/** Paths as the user writes them: a file given relative stays relative, and so do the files it leads to. */
import { isAbsolute, relative, resolve } from 'node:path';
import { URI } from 'langium';

export class Paths {
  private readonly given = new Map<string, string>();
  private absolute = false;

  constructor(private readonly cwd: string) {}

  /** The address of a path from the command line; remembers how it was written. */
  uri(path: string): URI {
    const uri = URI.file(resolve(this.cwd, path));
    if (!this.given.has(uri.toString())) this.given.set(uri.toString(), path);
    this.absolute ||= isAbsolute(path);
    return uri;
  }

  /** As given; of other files relative to the folder of the command, unless absolute paths were given. */
  shown(address: string): string {
    const given = this.given.get(address);
    if (given !== undefined) return given;
    const uri = URI.parse(address);
    if (uri.scheme !== 'file') return address;
    return this.absolute ? uri.fsPath : relative(this.cwd, uri.fsPath);
  }

  /** A message that names files: the same words wherever the folder of the command lies. */
  said(message: string): string {
    return this.absolute ? message : message.replaceAll(`${URI.file(this.cwd).path}/`, '');
  }
}
