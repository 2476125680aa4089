/** What a page tells the service worker. */
export type Told = { t: "keep"; face: string; shell: string; lang: string } | { t: "forget" };
