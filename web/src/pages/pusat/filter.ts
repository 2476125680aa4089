/** The queue's filter lives in the URL: a link shows a colleague what I see, and a reload keeps it. */
import type { Filter } from "../../core/queue.ts";

export function fromUrl(search: string): Filter {
  const query = new URLSearchParams(search);
  const urgency = Number(query.get("urgensi"));
  return {
    text: query.get("q") ?? "",
    area: query.get("wilayah") ?? "",
    category: query.get("kategori") ?? "",
    urgency: urgency >= 1 && urgency <= 4 ? urgency : 0,
  };
}

/** Keeps what else stands in the URL; an empty filter leaves nothing behind. */
export function toUrl(search: string, filter: Filter): string {
  const query = new URLSearchParams(search);
  const set = (name: string, value: string) => (value ? query.set(name, value) : query.delete(name));
  set("q", filter.text?.trim() ?? "");
  set("wilayah", filter.area ?? "");
  set("kategori", filter.category ?? "");
  set("urgensi", filter.urgency ? String(filter.urgency) : "");
  const text = query.toString();
  return text ? `?${text}` : "";
}

export const active = (filter: Filter): boolean => toUrl("", filter) !== "";
