// What Streamlit has no widget for. It reads the page and never sends anything.
(() => {
  "use strict";
  const SHOWN_MS = 3000, WAIT_MS = 30000;

  // Copy and e-mail: <button data-pulse="copy">, <a data-pulse="mail">; data-field names the container of the text to
  // take; otherwise it is the page's address.
  const address = () => {
    const url = new URL(location.href);
    for (const name of ["embed", "embed_options"]) url.searchParams.delete(name);
    return url.href;
  };
  const field = (control) =>
    control.dataset.field && document.querySelector(`.st-key-${control.dataset.field} textarea`);
  const text = (control) => field(control)?.value ?? address();

  const copyByHand = (words) => {  // where the browser gives no clipboard: in a frame, or without HTTPS
    const area = document.createElement("textarea");
    area.value = words;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  };
  const copy = async (control) => {
    const words = text(control);
    let done = false;
    try {
      await navigator.clipboard.writeText(words);
      done = true;
    } catch {
      done = copyByHand(words);
      control.focus();
    }
    if (!done) return window.prompt("Copy this:", words);
    const said = control.parentElement.querySelector("[role=status]");
    said.textContent = "Copied.";
    setTimeout(() => { said.textContent = ""; }, SHOWN_MS);
  };
  const mail = (link) => {
    const subject = link.dataset.subject || document.title;
    link.href = `mailto:?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(text(link))}`;
  };

  // After a link to another page the focus is on that page's title; otherwise it would be nowhere.
  // A short run begins and ends between two looks at the page: then the title tells.
  let left = null;
  const arrive = () => {
    if (!left) return;
    const app = document.querySelector("[data-test-script-state]");
    const title = document.querySelector('[data-testid="stMain"] h1');
    const isThere = location.pathname === left.path && app?.dataset.testScriptState === "notRunning";
    if (Date.now() > left.until) left = null;
    else if (isThere && title && (left.hasRun || title.textContent !== left.title)) {
      left = null;
      title.tabIndex = -1;
      title.focus({ preventScroll: true });
    } else if (app && app.dataset.testScriptState !== "notRunning") left.hasRun = true;
  };

  // Streamlit's own words speak of a terminal to people who have none.
  const AWAY = ["PD Pulse is not answering",
    "It may be restarting, or your connection is down. What was stored is safe. This page tries again by itself; " +
    "if it is not back in a few minutes, tell the person who looks after PD Pulse in your district."];
  const sayAway = () => {
    for (const dialog of document.querySelectorAll('[role="dialog"]')) {
      if (dialog.dataset.pulseAway !== undefined || !/Connection error/.test(dialog.textContent)) continue;
      const own = document.createElement("div");
      own.className = "pulse-away";
      const [title, body] = AWAY.map((words, place) => {
        const part = document.createElement(place ? "p" : "h2");
        part.textContent = words;
        return part;
      });
      own.append(title, body);
      dialog.dataset.pulseAway = "";
      dialog.removeAttribute("aria-labelledby");
      dialog.setAttribute("aria-label", AWAY[0]);
      dialog.append(own);
    }
  };

  // A formula that is wider than the page scrolls, by keyboard too.
  const reach = () => {
    for (const formula of document.querySelectorAll(".katex-display:not([tabindex])")) formula.tabIndex = 0;
  };

  document.addEventListener("click", (event) => {
    const control = event.target.closest?.("[data-pulse]");
    if (control?.dataset.pulse === "copy") copy(control);
    if (control?.dataset.pulse === "mail") mail(control);
    const link = event.target.closest?.('[data-testid="stPageLink-NavLink"], [data-testid="stSidebarNavLink"]');
    if (!link) return;
    const title = document.querySelector('[data-testid="stMain"] h1')?.textContent;
    left = { path: new URL(link.href).pathname, title, until: Date.now() + WAIT_MS, hasRun: false };
  }, true);
  new MutationObserver(() => { arrive(); sayAway(); reach(); })
    .observe(document.documentElement, { subtree: true, childList: true, attributes: true,
      attributeFilter: ["data-test-script-state"] });
})();
