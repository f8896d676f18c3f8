import { installedModels, type LocatedModel, listedModels } from '../model/files.ts';

interface Pair {
  earlier: string;
  later: string;
}

/** Which models replace which, by the manifests of the roots; see `supersedes` in `model/manifest.ts`. */
export class Succession {
  readonly #pairs: readonly Pair[];
  readonly #installed: readonly LocatedModel[];

  private constructor(pairs: readonly Pair[], installed: readonly LocatedModel[]) {
    this.#pairs = pairs;
    this.#installed = installed;
  }

  /** @throws LookalikeError MANIFEST_INVALID */
  static async read(roots: string[]): Promise<Succession> {
    const [listed, installed] = await Promise.all([listedModels(roots), installedModels(roots)]);
    const pairs = listed.flatMap((entry) =>
      entry.kind === 'embedder' && entry.supersedes !== undefined
        ? [{ earlier: entry.supersedes, later: entry.id }]
        : [],
    );
    return new Succession(pairs, installed);
  }

  /** The installed model that replaces this one; null when there is none. */
  successorOf(id: string): { id: string; name: string } | null {
    const pair = this.#pairs.find(({ earlier }) => earlier === id);
    const model = this.#installed.find(({ entry }) => entry.id === pair?.later);
    return model ? { id: model.entry.id, name: model.entry.name } : null;
  }

  /** The models whose packs are accepted where this one is in use: the one that it replaces, and the one that replaces it. */
  kinOf(id: string): string[] {
    return this.#pairs.flatMap(({ earlier, later }) =>
      earlier === id ? [later] : later === id ? [earlier] : [],
    );
  }
}
