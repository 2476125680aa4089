import actions from "../../../../src/hadir/words/actions.json";
import core from "../../../../src/hadir/words/core.json";
import staff from "../../../../src/hadir/words/staff.json";
import orders from "../../../../src/hadir/words/orders.json";
import timeline from "../../../../src/hadir/words/timeline.json";
import mine from "../../../../src/hadir/words/opd.json";
import { start } from "../../ui/start.ts";
import Page from "./Page.svelte";

void start(Page, core, actions, staff, orders, timeline, mine);
