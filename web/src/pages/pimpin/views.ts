/** What opens from the list. Loaded after the first picture, so that the picture is not kept waiting for it. */
export { default as actions } from "../../../../src/hadir/words/actions.json";
export { default as reasons } from "../../../../src/hadir/words/reasons.json";
export { default as orders } from "../../../../src/hadir/words/orders.json";
export { default as Opened } from "./Opened.svelte";
export { fetchTemplates } from "./templates.ts";
export { ring } from "../../faces/ring.ts";
