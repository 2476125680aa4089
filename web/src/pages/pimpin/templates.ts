import { untilLoaded } from "../../core/again.ts";
import type { Boot } from "../../core/boot.ts";
import type { App } from "../../ui/app.svelte.ts";

/** What orders are made of, templates and likely actions: the leader's first picture does without them. */
export async function fetchTemplates(app: App): Promise<void> {
  const city = await untilLoaded(async () => {
    const answer = await fetch(`/api/v1/city?lang=${app.me.lang}`);
    if (!answer.ok) throw new Error(`${answer.status}`);
    return (await answer.json()) as Required<Boot["city"]>;
  });
  for (const category of city.categories) app.names.categories.set(category.code, category);
  app.templates = city.templates;
}
