/** A photo goes up before what it proves; the server answers its id, the digest of what it received. */
export type Uploaded = { ok: true; id: string } | { ok: false; detail: string };

export async function upload(file: Blob): Promise<Uploaded> {
  const init = { method: "POST", headers: { "content-type": file.type || "image/jpeg", accept: "application/json" }, body: file };
  const answer = await fetch("/api/v1/photos", init).catch(() => null);
  const body = (await answer?.json().catch(() => null)) as { photo_id?: string; detail?: string } | null;
  return answer?.ok && body?.photo_id ? { ok: true, id: body.photo_id } : { ok: false, detail: body?.detail ?? "" };
}
