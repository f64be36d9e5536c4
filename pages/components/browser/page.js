// What Streamlit has no widget or setting for.
(() => {
  "use strict";

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

  // What changes in containers .st-key-announced_NAME while one is on their page is read aloud. It is said in a place of
  // its own: a list that is open hides the page from a screen reader, but not what is marked as data-live-announcer.
  const said = document.createElement("div");
  said.className = "pulse-announcer";
  said.dataset.liveAnnouncer = "true";
  said.setAttribute("role", "status");
  const READ_MS = 7000;
  let known = "", path = null, timer = 0;
  const announce = () => {
    if (document.querySelector("[data-test-script-state]")?.dataset.testScriptState !== "notRunning") return;
    const words = [...document.querySelectorAll('[class*="st-key-announced_"]')].map((one) => one.textContent).join(" ");
    if (words === known && path === location.pathname) return;
    if (!said.isConnected) document.body.append(said);
    said.textContent = path === location.pathname ? words : "";
    clearTimeout(timer);
    timer = setTimeout(() => { said.textContent = ""; }, READ_MS);  // who reads the page finds it there once
    [known, path] = [words, location.pathname];
  };

  new MutationObserver(() => { sayAway(); reach(); announce(); })
    .observe(document.documentElement, { subtree: true, childList: true, attributes: true,
      attributeFilter: ["data-test-script-state"] });
})();
