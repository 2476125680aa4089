/**
 * Where this phone is, while the page is on the screen, and telling the server so. A page gets no position with the
 * screen off: that is why everything shows how old a position is.
 */
import type { Point } from "./geo.ts";

export interface Fix extends Point {
  accuracy_m: number;
  /** ms of this phone's clock */
  at: number;
}
export type HereState = "asking" | "off" | "on" | "denied" | "missing";

/** The server wants no more than one in ten seconds. */
const TELL_MS = 10_000;

interface Battery {
  level: number;
}

export class Here {
  fix = $state.raw<Fix | null>(null);
  state = $state<HereState>("off");
  battery = $state<number | null>(null);
  readonly #unit: string;
  #watch: number | null = null;
  #told = 0;

  constructor(unit: string) {
    this.#unit = unit;
  }

  /** Begins by itself where this was allowed before; otherwise it waits for a press. */
  async begin(): Promise<void> {
    if (!("geolocation" in navigator)) return void (this.state = "missing");
    void this.#readBattery();
    document.addEventListener("visibilitychange", () => (document.hidden ? this.#stop() : this.state === "on" && this.start()));
    const permission = await navigator.permissions?.query({ name: "geolocation" }).catch(() => null);
    if (permission?.state === "granted") this.start();
    if (permission?.state === "denied") this.state = "denied";
  }

  start = (): void => {
    if (this.#watch !== null) return;
    if (this.state !== "on") this.state = "asking";
    const options = { enableHighAccuracy: true, maximumAge: 5_000, timeout: 60_000 };
    this.#watch = navigator.geolocation.watchPosition((p) => this.#moved(p), (e) => this.#lost(e), options);
  };

  #stop(): void {
    if (this.#watch !== null) navigator.geolocation.clearWatch(this.#watch);
    this.#watch = null;
  }

  #moved({ coords, timestamp }: GeolocationPosition): void {
    this.state = "on";
    this.fix = { lat: coords.latitude, lon: coords.longitude, accuracy_m: coords.accuracy, at: timestamp };
    if (Date.now() - this.#told < TELL_MS) return;
    this.#told = Date.now();
    void this.#tell(this.fix);
  }

  #lost(error: GeolocationPositionError): void {
    if (error.code !== error.PERMISSION_DENIED) return;
    this.#stop();
    this.state = "denied";
  }

  /** A reading, not a fact: one that is lost is replaced by the next. */
  async #tell(fix: Fix): Promise<void> {
    const { lat, lon, accuracy_m, at } = fix;
    const body = { lat, lon, accuracy_m, device_at: new Date(at).toISOString(), ...(this.battery === null ? {} : { battery: this.battery }) };
    const init = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
    await fetch(`/api/v1/units/${encodeURIComponent(this.#unit)}/position`, init).catch(() => null);
  }

  async #readBattery(): Promise<void> {
    const ask = (navigator as { getBattery?: () => Promise<Battery & EventTarget> }).getBattery;
    const battery = await ask?.call(navigator).catch(() => null);
    if (!battery) return;
    const read = () => (this.battery = Math.round(battery.level * 100));
    read();
    battery.addEventListener("levelchange", read);
  }
}
