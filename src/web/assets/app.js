// What the pages do in the browser beyond HTML: keys, relative times, and one live stream a browser. Every page works without.
(() => {
  const LOCK = "companyos-live";
  const channel = "BroadcastChannel" in window ? new BroadcastChannel(LOCK) : null;
  const indicator = () => document.querySelector("[data-live]");

  // The triage queue: j and k move, y and n answer the question that has the focus, or the first one.
  const questionFor = (key) => {
    const all = [...document.querySelectorAll("[data-queue] [data-item]")];
    if (all.length === 0 || goes || !["j", "k", "y", "n"].includes(key)) return null;
    const at = all.indexOf(document.activeElement?.closest("[data-item]") ?? null);
    if (key === "j") return () => all[Math.min(all.length - 1, at + 1)].focus();
    if (key === "k") return () => all[Math.max(0, at - 1)].focus();
    return () => all[Math.max(0, at)].querySelector(`[data-answer="${key}"]`)?.click();
  };

  // Keys: `/` finds, `?` shows the keys, `g` and a letter goes to a page.
  let goes = false;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target instanceof Element && event.target.closest("input, select, textarea, [contenteditable]")) return;
    const keys = document.querySelector("dialog#keys");
    const item = questionFor(event.key);
    if (item) item();
    else if (goes) {
      const link = document.querySelector(`nav.tabs a[data-key="${CSS.escape(event.key)}"]`);
      goes = false;
      if (link) link.click();
    } else if (event.key === "/") {
      event.preventDefault();
      document.querySelector("#find, #paste")?.focus();
    } else if (event.key === "?") keys?.showModal();
    else if (event.key === "g") goes = true;
  });
  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (target?.closest("[data-keys]")) {
      event.preventDefault();
      document.querySelector("dialog#keys")?.showModal();
    }
  });

  // On a narrow screen the menu scrolls: the current page is in sight.
  document.querySelector("nav.tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

  // Relative times, as the server writes them.
  const UNITS = [
    [60, "s"],
    [3600, "min"],
    [86400, "h"],
    [Infinity, "d"],
  ];
  const DIVISORS = { s: 1, min: 60, h: 3600, d: 86400 };
  const ageOf = (seconds) => {
    const [, unit] = UNITS.find(([most]) => seconds < most);
    return `${Math.floor(seconds / DIVISORS[unit])} ${unit}`;
  };
  const refreshTimes = () => {
    for (const time of document.querySelectorAll("time[data-relative]")) {
      const seconds = (Date.now() - Date.parse(time.dateTime)) / 1000;
      time.textContent = seconds >= 0 ? `${ageOf(seconds)} ago` : `in ${ageOf(-seconds)}`;
    }
  };
  setInterval(refreshTimes, 15_000);

  // Live: what changed becomes an event on the body, which htmx waits for.
  const missed = new Set();
  const show = (state) => {
    const light = indicator();
    if (!light) return;
    light.dataset.state = state;
    light.textContent = state === "on" ? "Live" : "Not live";
  };
  const changed = (topics) => {
    for (const topic of topics) {
      if (document.hidden) missed.add(topic);
      else document.body.dispatchEvent(new CustomEvent(`live:${topic}`));
    }
  };
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    const topics = [...missed];
    missed.clear();
    changed(topics);
  });
  const receive = (message) => {
    show(message.state);
    if (message.topics) changed(message.topics);
    if (message.id) sessionStorage.setItem(LOCK, message.id);
  };
  if (channel) channel.onmessage = ({ data }) => (data === "who" ? lead?.tell() : receive(data));

  /** Set in the one tab that holds the stream. */
  let lead = null;
  const stream = () =>
    new Promise(() => {
      const last = sessionStorage.getItem(LOCK);
      const source = new EventSource(`/live${last ? `?last=${encodeURIComponent(last)}` : ""}`);
      let state = "off";
      const send = (message) => {
        receive(message);
        channel?.postMessage(message);
      };
      lead = { tell: () => channel?.postMessage({ state }) };
      source.onopen = () => send({ state: (state = "on") });
      source.onerror = () => send({ state: (state = "off") });
      source.addEventListener("changed", (event) =>
        send({ state: (state = "on"), topics: JSON.parse(event.data), id: event.lastEventId }),
      );
    });
  if (indicator()) {
    channel?.postMessage("who");
    // Browsers allow six connections a host on HTTP/1.1: one tab holds the stream, the others hear of it.
    if (navigator.locks) void navigator.locks.request(LOCK, stream);
    else void stream();
  }
})();
