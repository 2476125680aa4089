/** Where a page stands, in its address: the phone's back button closes a sheet instead of leaving the page. */
export interface Spot {
  at: string;
  id: string;
}

const HOME: Spot = { at: "", id: "" };

export function parse(hash: string): Spot {
  const [at = "", id = ""] = hash.replace(/^#\/?/, "").split("/");
  return at ? { at, id: decodeURIComponent(id) } : HOME;
}

export function hashOf(at: string, id: string): string {
  return at ? `#/${at}${id ? `/${encodeURIComponent(id)}` : ""}` : "";
}

export class Route {
  spot = $state.raw<Spot>(HOME);
  /** The filter: in the URL, so that it can be sent to a colleague. */
  #filter = $state.raw(new URLSearchParams(location.search));

  #steps = 0;

  constructor() {
    this.spot = parse(location.hash);
    addEventListener("popstate", () => {
      this.#steps = Math.max(0, this.#steps - 1);
      this.spot = parse(location.hash);
    });
  }

  /** Whence it came, or the list when the page was opened here. */
  up = (): void => (this.#steps > 0 ? history.back() : this.replace(""));

  go = (at: string, id = ""): void => {
    this.#steps += 1;
    history.pushState(null, "", this.#address(hashOf(at, id)));
    this.spot = { at, id };
  };

  /** A form that is done: the back button must not lead into it again. */
  replace = (at: string, id = ""): void => {
    history.replaceState(null, "", this.#address(hashOf(at, id)));
    this.spot = { at, id };
  };

  set(name: string, value: string): void {
    const next = new URLSearchParams(this.#filter);
    if (value) next.set(name, value);
    else next.delete(name);
    this.#filter = next;
    history.replaceState(null, "", this.#address(location.hash));
  }

  get(name: string): string {
    return this.#filter.get(name) ?? "";
  }

  #address(hash: string): string {
    const search = this.#filter.toString();
    return location.pathname + (search ? `?${search}` : "") + hash;
  }
}
