/**
 * Where this phone is, while the page is on the screen, and telling the server so. A page gets no position with the
 * screen off: duty mode keeps it on, and everything shows how old a position is.
 *
 * Told in batches: what is gathered goes together, what could not go is kept (in this page) and goes later, with its own
 * time; the server takes it as history. A reading is no command: it is not in the outbox, and a lost one is replaced.
 */
import { BATCH_MS, kept, worth } from "../offline/pace.ts";
import type { Told } from "../offline/pace.ts";
import type { Point } from "./geo.ts";

export interface Fix extends Point {
  accuracy_m: number;
  /** ms of this phone's clock */
  at: number;
}
export type HereState = "asking" | "off" | "on" | "denied" | "missing";

const DUTY_KEY = "hadir.duty";

interface Battery {
  level: number;
}
interface Connection {
  effectiveType?: string;
}

export class Here {
  fix = $state.raw<Fix | null>(null);
  state = $state<HereState>("off");
  battery = $state<number | null>(null);
  /** Positions that wait for the line. */
  held = $state(0);
  /** ms: since when he is on duty; null: he is not. */
  duty = $state<number | null>(null);
  /** The screen is kept on; false on phones that cannot. */
  awake = $state(false);
  readonly #unit: string;
  #watch: number | null = null;
  #last: Fix | null = null;
  #waiting: Told[] = [];
  #sending = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #lock: WakeLockSentinel | null = null;

  constructor(unit: string) {
    this.#unit = unit;
  }

  /** Begins by itself where this was allowed before; otherwise it waits for a press. */
  async begin(): Promise<void> {
    if (!("geolocation" in navigator)) return void (this.state = "missing");
    void this.#readBattery();
    document.addEventListener("visibilitychange", () => this.#seen());
    addEventListener("online", () => void this.#send());
    const since = Number(localStorage.getItem(DUTY_KEY));
    if (since > 0) return this.startDuty(since);
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

  /** «Mulai tugas jaga»: the screen stays on, so that the position does. Goes on after the page was closed. */
  startDuty = (since = Date.now()): void => {
    this.duty = since;
    localStorage.setItem(DUTY_KEY, String(since));
    this.start();
    void this.#stayAwake();
  };

  endDuty = (): void => {
    this.duty = null;
    localStorage.removeItem(DUTY_KEY);
    void this.#lock?.release();
    void this.#send();
  };

  /** The browser takes the lock away with every look elsewhere. */
  async #stayAwake(): Promise<void> {
    const lock = await navigator.wakeLock?.request("screen").catch(() => null);
    this.#lock = lock ?? null;
    this.awake = this.#lock !== null;
    this.#lock?.addEventListener("release", () => (this.awake = false));
  }

  #seen(): void {
    if (document.hidden) return this.#hide();
    if (this.state === "on") this.start();
    if (this.duty !== null) void this.#stayAwake();
  }
  #hide(): void {
    void this.#send();
    this.#stop();
  }

  #stop(): void {
    if (this.#watch !== null) navigator.geolocation.clearWatch(this.#watch);
    this.#watch = null;
  }

  #moved({ coords, timestamp }: GeolocationPosition): void {
    this.state = "on";
    const fix = { lat: coords.latitude, lon: coords.longitude, accuracy_m: coords.accuracy, at: timestamp };
    this.fix = fix;
    if (!worth(this.#last, fix)) return;
    const first = this.#last === null;
    this.#last = fix;
    this.#keep([...this.#waiting, this.#told(fix)]);
    if (first) void this.#send();
    else this.#timer ??= setTimeout(() => void this.#send(), BATCH_MS);
  }

  #told({ lat, lon, accuracy_m, at }: Fix): Told {
    const signal = (navigator as { connection?: Connection }).connection?.effectiveType;
    const battery = this.battery === null ? {} : { battery: this.battery };
    return { lat, lon, accuracy_m, device_at: new Date(at).toISOString(), ...battery, ...(signal ? { signal } : {}) };
  }

  #keep(told: Told[]): void {
    this.#waiting = kept(told);
  }

  #lost(error: GeolocationPositionError): void {
    if (error.code !== error.PERMISSION_DENIED) return;
    this.#stop();
    this.state = "denied";
  }

  async #send(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#sending || this.#waiting.length === 0) return;
    this.#sending = true;
    const batch = this.#waiting;
    const body = JSON.stringify({ sent_at: new Date().toISOString(), positions: batch });
    const init = { method: "POST", headers: { "content-type": "application/json", "x-hadir-account": this.#unit }, body, keepalive: body.length < 60_000 };
    const answer = await fetch(`/api/v1/units/${encodeURIComponent(this.#unit)}/positions`, init).catch(() => null);
    // A refusal will be one tomorrow too; only what nobody answered is kept.
    const gone = answer !== null && answer.status < 500 && answer.status !== 429 && answer.status !== 401;
    const told = new Set(batch);
    if (gone) this.#keep(this.#waiting.filter((t) => !told.has(t)));
    this.held = gone ? 0 : this.#waiting.length;
    this.#sending = false;
    if (this.#waiting.length) this.#timer ??= setTimeout(() => void this.#send(), BATCH_MS);
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
