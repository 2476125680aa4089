// Work for a report that a limit asks work of: nearly always there is none to do, and nothing waits for it.
// It begins when somebody begins to write, in a thread of its own, and is sent with the form if it is done by then.
const form = document.getElementById("lapor");
let begun = "";

function field() {
  const known = form.elements.namedItem("effort");
  if (known) return known;
  const made = Object.assign(document.createElement("input"), { type: "hidden", name: "effort" });
  form.append(made);
  return made;
}

async function begin() {
  const id = form.elements.namedItem("command_id").value;
  if (!id || id === begun) return;
  begun = id;
  const area = form.elements.namedItem("area")?.value ?? "";
  const query = new URLSearchParams({ command_id: id, area: /^[?-]?$/.test(area) ? "" : area });
  try {
    const { effort } = await (await fetch(`/api/v1/effort?${query}`)).json();
    if (!effort) return;
    const worker = new Worker(form.dataset.worker);
    worker.onmessage = ({ data }) => {
      field().value = data;
      worker.terminate();
    };
    worker.postMessage(effort);
  } catch {
    begun = ""; // no signal, or no thread: the report is kept all the same
  }
}

if (form && window.Worker) {
  form.addEventListener("input", begin);
  form.addEventListener("change", begin);
}
