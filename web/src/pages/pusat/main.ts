import type { Catalogue } from "../../core/words.ts";
import { start } from "../../ui/start.ts";
import Page from "./Page.svelte";

const words = import.meta.glob<Catalogue>("../../../../src/hadir/words/{core,actions,triage,talk,privacy_staff,reasons,timeline,staff,alarms,pusat,merging,pusat_reports,merging,abuse,dispatch,orders}.json", { eager: true, import: "default" });
void start(Page, ...Object.values(words));
