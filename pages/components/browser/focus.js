// Links to other pages, and where the keyboard's focus is.
(() => {
  "use strict";

  const WAIT_MS = 30000, LOST_MS = 100;
  const app = () => document.querySelector("[data-test-script-state]");
  const isResting = () => app()?.dataset.testScriptState === "notRunning";
  const focus = (one, block = "nearest") => {
    if (one.tabIndex < 0) one.tabIndex = -1;
    one.focus({ preventScroll: true });
    one.scrollIntoView({ block, inline: "nearest" });
  };
  // What the keyboard reaches in a part of the page. Streamlit takes the fields of a small window out of the order while
  // the focus is elsewhere, and keeps what they had as data-tabindex.
  const isShown = (one) => one.checkVisibility({ visibilityProperty: true });
  const stops = (place) => [...place.querySelectorAll("a[href], button, input, textarea, summary, [tabindex]")]
    .filter((one) => (one.dataset.tabindex ?? one.tabIndex) >= 0 && !one.disabled && isShown(one));

  // After a link to another page the focus is on that page's title; otherwise it would be nowhere. A link with an id,
  // which the page has again when it has run, keeps it; one with data-to passes it on to what has that id by then.
  // A short run begins and ends between two looks at the page: then the title tells. Who has gone on meanwhile is left
  // alone.
  const MAIN = '[data-testid="stMain"]', FRAME = ".pulse-frame";
  let left = null;
  const arrive = () => {
    if (!left) return;
    const title = document.querySelector(`${MAIN} h1`);
    const isThere = location.pathname === left.path && isResting();
    const to = document.getElementById(left.link.dataset.to ?? left.link.id);
    if (Date.now() > left.until) left = null;
    else if (to && (to !== left.to || (left.hasRun && isThere))) {
      const block = left.link.dataset.to ? "start" : "nearest", frame = to.closest(FRAME);
      if (frame && left.across) frame.scrollLeft = left.across;  // a table begins anew, at its first column
      left = null;
      focus(to, block);
    } else if (isThere && title && (left.hasRun || title.textContent !== left.title)) {
      left = null;
      title.tabIndex = -1;
      title.focus({ preventScroll: true });
    } else if (app() && !isResting()) left.hasRun = true;
  };

  // A link to another page goes to its top without loading everything anew: Streamlit follows the browser's history. On
  // a phone, where the menu covers the page, it closes.
  const PHONE = "(max-width: 768px)";
  const SIDEBAR = '[data-testid="stSidebar"]', CLOSE = '[data-testid="stSidebarCollapseButton"] button';
  const go = (link, event) => {
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const title = document.querySelector(`${MAIN} h1`)?.textContent;
    const to = document.getElementById(link.dataset.to ?? link.id);
    const there = new URL(link.href), here = new URL(location.href);
    const across = link.closest(FRAME)?.scrollLeft;
    left = { link, to, across, path: there.pathname, title, until: Date.now() + WAIT_MS, hasRun: false };
    for (const name of ["embed", "embed_options"]) {
      for (const value of here.searchParams.getAll(name)) there.searchParams.append(name, value);
    }
    history.pushState({}, "", there);
    dispatchEvent(new PopStateEvent("popstate"));
    if (there.pathname !== here.pathname) document.querySelector(MAIN)?.scrollTo(0, 0);
    if (link.closest(SIDEBAR) && matchMedia(PHONE).matches) document.querySelector(CLOSE)?.click();
  };

  // A small window, with filters for example, is at the end of the document. By keyboard it comes right after its
  // button: it opens with the focus on its first field, and closes when the focus goes on from its last one.
  const OPENER = '[data-testid="stPopoverButton"][aria-expanded="true"]', WINDOW = '[data-testid="stPopoverBody"]';
  const whole = () => {  // null while one of its parts is on its way
    const place = document.querySelector(WINDOW);
    return place?.querySelector('[data-testid="stSkeleton"]') ? null : place;
  };
  let entered = null;
  const enter = () => {
    const place = whole();
    if (place === entered) return;
    const first = place && stops(place)[0];
    if (place && !first) return;
    entered = place;
    if (first && document.activeElement.matches(`${OPENER}:focus-visible`)) first.focus({ preventScroll: true });
  };
  const passThrough = (event) => {
    const opener = document.querySelector(OPENER), place = whole();
    if (event.key !== "Tab" || event.ctrlKey || event.altKey || event.metaKey || !opener || !place) return;
    const fields = stops(place), here = document.activeElement;
    const to = !event.shiftKey && here === opener ? fields[0] : event.shiftKey && here === fields[0] ? opener : null;
    if (to) {
      to.focus();
      if (document.activeElement === to) event.preventDefault();
    } else if (!event.shiftKey && here === fields.at(-1)) {
      opener.focus();  // the browser goes on from here
      opener.click();
    }
  };

  // Where a run of the page takes away what had the focus, or a dialog closes behind which it was, the focus would be
  // nowhere. Who uses the keyboard finds it at what the page says was done (notices.py), else at what has come in its
  // place, else at the heading above.
  const DIALOG = '[data-testid="stDialog"]', NOTICE = '[class*="st-key-notice_"] [data-testid="stAlert"]';
  const HEADINGS = "h1, h2, h3", WHOLE_SCREEN = '[aria-label^="Close fullscreen"]';
  const nameOf = (one) => one.getAttribute("aria-label") ?? one.textContent;
  const headingOf = (one) => [...document.querySelectorAll(HEADINGS)]
    .filter((each) => each.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING).at(-1)?.id;
  let last = null, isByKeyboard = false, timer = 0;
  const read = new WeakMap();
  const remember = (event) => {
    const one = event.target;
    if (one.closest(DIALOG) || !one.matches("a, button, input, textarea, summary, [tabindex]")) return;
    const place = one.closest('[class*="st-key-"]');
    const key = place && [...place.classList].find((name) => name.startsWith("st-key-"));
    const opener = one.closest(WINDOW) && document.querySelector(OPENER);
    last = { one, key, opener, tag: one.tagName, name: nameOf(one), heading: headingOf(opener ?? one) };
  };
  const isUsable = (one) => one.isConnected && !one.disabled && isShown(one);
  const alike = () => {
    if (isUsable(last.one)) return last.one;  // it could not be used for the time of the run
    const isAlike = (one) => last.name && one.tagName === last.tag && nameOf(one) === last.name;
    const inPlace = last.key ? [...document.querySelectorAll(`.${CSS.escape(last.key)}`)].flatMap(stops) : [];
    const inSection = () => stops(document).find((one) => isAlike(one) && headingOf(one) === last.heading);
    const opener = last.opener && isUsable(last.opener) ? last.opener : null;
    return inPlace.find(isAlike) ?? opener ?? inSection() ?? inPlace.at(-1);
  };
  const isNowhere = () => last && !left && isByKeyboard && document.activeElement === document.body;
  const recover = () => {
    timer = 0;
    if (!isNowhere() || !isResting() || !document.hasFocus() || document.querySelector(DIALOG)) return;
    const notice = [...document.querySelectorAll(NOTICE)].find((one) => read.get(one) !== one.textContent);
    if (notice) read.set(notice, notice.textContent);
    const above = last.heading ? document.getElementById(last.heading) : null;
    const to = document.querySelector(WHOLE_SCREEN) ?? notice ?? alike() ?? above ?? document.querySelector("h1");
    last = null;
    if (to) focus(to);
  };
  const watch = () => {
    if (!last) return;
    if (!last.one.isConnected || last.one.disabled) last.isTaken = true;  // otherwise it was left on purpose
    else if (document.activeElement === last.one) last.isTaken = false;
    if (last.isTaken && isNowhere()) timer ||= setTimeout(recover, LOST_MS);
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.('[data-pulse="page"]');
    if (link) go(link, event);
  }, true);
  document.addEventListener("focusin", remember);
  document.addEventListener("pointerdown", () => { left = last = null; isByKeyboard = false; }, true);
  document.addEventListener("keydown", (event) => { left = null; isByKeyboard = true; passThrough(event); }, true);
  new MutationObserver(() => { arrive(); enter(); watch(); })
    .observe(document.documentElement, { subtree: true, childList: true, attributes: true,
      attributeFilter: ["data-test-script-state", "disabled"] });
})();
