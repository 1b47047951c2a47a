// Keeps an open phone up to date. Everything works without it; a reload then shows what is new.
const list = document.querySelector("[data-events]");

// Times are written in UTC; people read their own.
const clock = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
const localise = (root) => {
  for (const time of root.querySelectorAll("time[data-clock]")) {
    time.textContent = clock.format(new Date(time.dateTime));
  }
};

// New entries are added and state words exchanged in place, so that a screen reader hears what is
// new and nothing twice.
const merge = (fresh) => {
  const known = new Set();
  for (const entry of [...fresh.children]) {
    known.add(entry.id);
    const old = document.getElementById(entry.id);
    if (!old) {
      list.append(entry);
      continue;
    }
    const [was, is] = [old, entry].map((one) => one.querySelector("[data-state]"));
    if (was && is && was.textContent !== is.textContent) was.textContent = is.textContent;
  }
  for (const entry of [...list.children]) if (!known.has(entry.id)) entry.remove();
};

let busy = false;
let again = false;
const refresh = async () => {
  if (busy) {
    again = true;
    return;
  }
  busy = true;
  try {
    const answer = await fetch(list.dataset.part);
    if (answer.ok) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      localise(page);
      merge(page.querySelector("[data-events]"));
    }
  } catch {
    // The sandbox is away; its event stream comes back by itself and asks again.
  }
  busy = false;
  if (again) {
    again = false;
    refresh();
  }
};

localise(document);
if (list) {
  const source = new EventSource(list.dataset.events);
  source.addEventListener("change", refresh);
  // What happened while the stream was away.
  source.addEventListener("open", refresh);
}
