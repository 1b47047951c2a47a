// Keeps an open phone or inbox up to date. Everything works without it; a reload then shows what is new.
const page = document.querySelector("[data-events]");

// Times are written in UTC; people read their own.
const clock = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const localise = (root) => {
  for (const time of root.querySelectorAll("time[data-clock]")) {
    time.textContent = clock.format(new Date(time.dateTime));
  }
};

// New entries are added in their places and state words exchanged, so that a screen reader hears
// what is new and nothing twice.
const merge = (list, fresh) => {
  const entries = [...fresh.children];
  const known = new Set(entries.map((entry) => entry.id));
  for (const entry of [...list.children]) if (!known.has(entry.id)) entry.remove();
  let after = null;
  for (const entry of entries.reverse()) {
    const old = document.getElementById(entry.id);
    if (old) {
      const [was, is] = [old, entry].map((one) => one.querySelector("[data-state]"));
      if (was && is && was.textContent !== is.textContent) was.textContent = is.textContent;
    } else {
      list.insertBefore(entry, after);
    }
    after = old ?? entry;
  }
};

// An app that had nothing is shown anew, and its conversation asked for from now on; one that has
// nothing still is left as it is, because somebody may be writing there.
const renew = (fresh, part) => {
  const old = document.getElementById(fresh.id);
  if (!old || fresh.classList.contains("is-empty")) return;
  const [list, lines] = [old, fresh].map((app) => app.querySelector("[data-list]"));
  if (old.classList.contains("is-empty") || !list) {
    old.replaceWith(fresh);
    page.dataset.part = part;
  } else {
    merge(list, lines);
  }
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
    const answer = await fetch(page.dataset.part);
    if (answer.ok) {
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      localise(fresh);
      const { part } = fresh.querySelector("[data-events]").dataset;
      for (const app of [...fresh.querySelectorAll("[data-app]")]) renew(app, part);
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
if (page) {
  const source = new EventSource(page.dataset.events);
  source.addEventListener("change", refresh);
  // What happened while the stream was away.
  source.addEventListener("open", refresh);
}
