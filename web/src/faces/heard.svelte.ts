/** Recordings that were listened to in this page, to their end: a spoken read-back is answered only after that. */
import { SvelteSet } from "svelte/reactivity";

export const heard = new SvelteSet<string>();
