/** What a page tells the service worker. `page`: the document of `shell`, as it came. */
export type Told = { t: "keep"; face: string; shell: string; lang: string; page: string } | { t: "forget" };
