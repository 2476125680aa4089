import actions from "../../../../src/hadir/words/actions.json";
import core from "../../../../src/hadir/words/core.json";
import staff from "../../../../src/hadir/words/staff.json";
import mine from "../../../../src/hadir/words/admin.json";
import triage from "../../../../src/hadir/words/triage.json";
import log from "../../../../src/hadir/words/privacy_log.json";
import { start } from "../../ui/start.ts";
import "./panels.css";
import Page from "./Page.svelte";

void start(Page, core, actions, staff, mine, triage, log);
