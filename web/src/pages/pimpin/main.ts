import core from "../../../../src/hadir/words/core.json";
import staff from "../../../../src/hadir/words/staff.json";
import mine from "../../../../src/hadir/words/pimpin.json";
import { readBoot } from "../../core/boot.ts";
import { outlines } from "../../faces/outlines.ts";
import { start } from "../../ui/start.ts";
import Page from "./Page.svelte";

// Asked for now, together with the board: the first picture needs both, and a slow line makes every turn dear.
void outlines(readBoot(document).city.areas_url);
void start(Page, core, staff, mine);
