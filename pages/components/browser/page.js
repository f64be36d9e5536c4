// What Streamlit has no widget or setting for. It reads the page and never sends anything.
(() => {
  "use strict";
  const SHOWN_MS = 6000, WAIT_MS = 30000;

  const say = (find, words) => {  // in what `find` gives by now: the page may have drawn it anew, or be another one
    const place = find();
    if (place) place.textContent = words;
  };
  const sayFor = (find, words) => {
    say(find, words);
    setTimeout(() => { if (find()?.textContent === words) say(find, ""); }, SHOWN_MS);
  };

  // Connect at once. Otherwise Streamlit first asks whether its server is there, below the address of the page and then
  // above it; it asks now while it connects. The cookie that proves a sign-in comes with the first answer, so a browser
  // without it waits for that. An origin that does not exist: no other site steers the pages.
  const hasToken = () => {
    try {
      return /(^|; )_streamlit_xsrf=/.test(document.cookie);
    } catch {  // a page in another site's frame may have no cookies
      return false;
    }
  };
  if (hasToken()) {
    window.__streamlit = {
      BACKEND_BASE_URL: new URL(".", location.href).href,
      HOST_CONFIG: { allowedOrigins: ["https://none.invalid"], useExternalAuthToken: false },
    };
  }

  // bursts.py sends the parts of a page in bursts, and says which part ends one. A burst is handed over together, after
  // TOGETHER_MS at the latest: for each part that is handed over by itself, the whole page would be drawn again. What
  // follows the page's first chart, its first table, or a first screen that has neither, waits until that is drawn,
  // DRAW_MS at most. A page that no one looks at gets each part at once, for there a browser lets timers wait.
  const END = [0x88, 0xd9, 0xbd, 0x07], TOGETHER_MS = 50, DRAW_MS = 300, FRAME_MS = 20;
  const CHART = 2, TABLE = 3, SCREEN = 4;
  const COMING = '[data-testid="stSkeleton"]';  // in the place of a part whose script is on its way
  const has = (what) => document.querySelector(what) !== null;
  const DRAWN = {
    [CHART]: () => has(".marks") && has('[aria-label^="Download as PNG"]'),  // the last button above a chart
    // A table's cells are on a canvas, which a closed fold draws only once it is opened.
    [TABLE]: () => has('[data-testid="stDataFrame"] canvas, details:not([open]) [data-testid="stDataFrame"]'),
    [SCREEN]: () => !has(COMING),
  };
  const endOf = (part) => {
    const last = new Uint8Array(part).slice(-END.length - 1);
    return END.every((byte, place) => byte === last[place]) ? last[END.length] : 0;
  };
  const listen = WebSocket.prototype.addEventListener;
  WebSocket.prototype.addEventListener = function (type, listener, options) {
    if (type !== "message") return listen.call(this, type, listener, options);
    let timer = 0, isDrawing = false;
    const held = [];
    const wait = (isDrawn, until) => {
      isDrawing = !isDrawn() && performance.now() < until;
      if (isDrawing) setTimeout(() => { wait(isDrawn, until); handOver(); }, 5);
    };
    const waitForScreen = (isDrawn, until) => {  // only after FRAME_MS is it seen what each part still waits for
      isDrawing = true;
      setTimeout(() => { wait(isDrawn, until); handOver(); }, FRAME_MS);
    };
    const handOver = () => {
      clearTimeout(timer);
      timer = 0;
      while (held.length && !isDrawing) {
        const event = held.shift(), end = endOf(event.data);
        listener.call(this, event);
        if (end > 1 && !document.hidden) (end === SCREEN ? waitForScreen : wait)(DRAWN[end], performance.now() + DRAW_MS);
      }
    };
    listen.call(this, type, (event) => {
      held.push(event);
      if (document.hidden || endOf(event.data)) handOver();
      else timer ||= setTimeout(handOver, TOGETHER_MS);
    }, options);
    return listen.call(this, "close", () => { for (const event of held.splice(0)) listener.call(this, event); });
  };

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
    sayFor(() => control.parentElement.querySelector("[role=status]"), "Copied.");
  };
  const mail = (link) => {
    const subject = link.dataset.subject || document.title;
    link.href = `mailto:?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(text(link))}`;
  };

  // Copy chart: the button of a container .st-key-chart_copy_NAME takes the last chart above it as a picture, below the
  // title and lines that are next to the button: <span role="status" data-title data-lines>.
  const COPY_CHART = '[class*="st-key-chart_copy_"]';
  const PICTURE = { scale: 2, margin: 16, title: 17, line: 13, space: 1.35 };
  const wrapped = (pen, words, width) => words.split(" ").reduce((lines, word) => {
    const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
    if (lines.length && pen.measureText(longer).width <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
    return lines;
  }, []);
  const chartAsImage = async (chart) => {
    if (chart instanceof HTMLCanvasElement) return chart;
    const copy = chart.cloneNode(true), image = new Image();
    copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    return new Promise((done, fail) => {  // what has loaded can be drawn: no need to wait for decode()
      image.addEventListener("load", () => done(image));
      image.addEventListener("error", fail);
      image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`;
    });
  };
  const picture = async (said, chart) => {
    const { scale, margin, title, line, space } = PICTURE;
    const { width, height } = chart.getBoundingClientRect(), image = await chartAsImage(chart);
    const canvas = document.createElement("canvas"), pen = canvas.getContext("2d");
    const look = getComputedStyle(document.querySelector('[data-testid="stApp"]'));
    const font = (size, weight) => `${weight} ${size}px ${look.fontFamily}`;
    const texts = [];
    for (const [words, size, weight] of [[said.dataset.title, title, 600],
      ...said.dataset.lines.split("\n").map((words) => [words, line, 400])]) {
      pen.font = font(size, weight);
      for (const part of wrapped(pen, words, width)) texts.push([part, size, weight]);
    }
    const above = texts.reduce((sum, [, size]) => sum + size * space, margin);
    canvas.width = scale * (width + 2 * margin);
    canvas.height = scale * (above + height + 2 * margin);
    pen.scale(scale, scale);
    pen.fillStyle = look.backgroundColor;
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.fillStyle = look.color;
    let y = margin;
    for (const [words, size, weight] of texts) {
      pen.font = font(size, weight);
      pen.fillText(words, margin, y + size);
      y += size * space;
    }
    pen.drawImage(image, margin, above + margin, width, height);
    return new Promise((done) => { canvas.toBlob(done, "image/png"); });
  };
  const copyChart = async (button) => {
    const key = [...button.closest(COPY_CHART).classList].find((name) => name.startsWith("st-key-chart_copy_"));
    const said = () => document.querySelector(`.${key} [data-title]`);
    const chart = [...document.querySelectorAll(".marks")]
      .filter((one) => one.compareDocumentPosition(button) & Node.DOCUMENT_POSITION_FOLLOWING).at(-1);
    try {
      // The browser takes a picture only during the click, so it gets the promise of one.
      await navigator.clipboard.write([new ClipboardItem({ "image/png": picture(said(), chart) })]);
      sayFor(said, "Copied as a picture.");
    } catch {
      say(said, "The browser did not allow copying. Download the chart instead.");
    }
  };

  // After a link to another page the focus is on that page's title; otherwise it would be nowhere. A link with an id,
  // which the page has again when it has run, keeps it.
  // A short run begins and ends between two looks at the page: then the title tells.
  let left = null;
  const arrive = () => {
    if (!left) return;
    const app = document.querySelector("[data-test-script-state]");
    const title = document.querySelector('[data-testid="stMain"] h1');
    const isThere = location.pathname === left.path && app?.dataset.testScriptState === "notRunning";
    const again = left.link.id && document.getElementById(left.link.id);
    if (Date.now() > left.until) left = null;
    else if (again && again !== left.link) {
      left = null;
      again.focus({ preventScroll: true });
      again.scrollIntoView({ block: "nearest", inline: "nearest" });  // its table began anew, at its first column
    } else if (isThere && title && (left.hasRun || title.textContent !== left.title)) {
      left = null;
      title.tabIndex = -1;
      title.focus({ preventScroll: true });
    } else if (app && app.dataset.testScriptState !== "notRunning") left.hasRun = true;
  };

  // A link to another page goes there without loading everything anew: Streamlit follows the browser's history. On a
  // phone, where the menu covers the page, it closes.
  const PHONE = "(max-width: 768px)";
  const SIDEBAR = '[data-testid="stSidebar"]', CLOSE = '[data-testid="stSidebarCollapseButton"] button';
  const go = (link, event) => {
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const title = document.querySelector('[data-testid="stMain"] h1')?.textContent;
    left = { link, path: new URL(link.href).pathname, title, until: Date.now() + WAIT_MS, hasRun: false };
    const there = new URL(link.href), here = new URL(location.href);
    for (const name of ["embed", "embed_options"]) {
      for (const value of here.searchParams.getAll(name)) there.searchParams.append(name, value);
    }
    history.pushState({}, "", there);
    dispatchEvent(new PopStateEvent("popstate"));
    if (link.closest(SIDEBAR) && matchMedia(PHONE).matches) document.querySelector(CLOSE)?.click();
  };

  // A small window, with filters for example, is at the end of the document. By keyboard it comes right after its
  // button: it opens with the focus on its first field, and closes when the focus goes on from its last one.
  const OPENER = '[data-testid="stPopoverButton"][aria-expanded="true"]', WINDOW = '[data-testid="stPopoverBody"]';
  // Streamlit takes its fields out of the order while the focus is elsewhere, and keeps what they had as data-tabindex.
  const stops = (place) => [...place.querySelectorAll("a[href], button, input, textarea, [tabindex]")]
    .filter((one) => (one.dataset.tabindex ?? one.tabIndex) >= 0 && !one.disabled && one.checkVisibility());
  const whole = () => {
    const place = document.querySelector(WINDOW);
    return place?.querySelector(COMING) ? null : place;
  };
  let entered = null;
  const enter = () => {
    const place = whole(), first = place && stops(place)[0];
    if (place === entered || (place && !first)) return;
    entered = place;
    if (first && document.activeElement.matches(`${OPENER}:focus-visible`)) first.focus({ preventScroll: true });
  };
  const passThrough = (event) => {
    const opener = document.querySelector(OPENER), place = whole();
    if (event.key !== "Tab" || !opener || !place) return;
    const fields = stops(place), here = document.activeElement;
    const to = !event.shiftKey && here === opener ? fields[0] : event.shiftKey && here === fields[0] ? opener : null;
    if (to) {
      event.preventDefault();
      to.focus();
    } else if (!event.shiftKey && here === fields.at(-1)) {
      opener.focus();  // the browser goes on from here
      opener.click();
    }
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
    if (control?.dataset.pulse === "page") go(control, event);
    const chart = event.target.closest?.(`${COPY_CHART} button`);
    if (chart) copyChart(chart);
  }, true);
  document.addEventListener("keydown", passThrough, true);
  new MutationObserver(() => { arrive(); sayAway(); reach(); enter(); })
    .observe(document.documentElement, { subtree: true, childList: true, attributes: true,
      attributeFilter: ["data-test-script-state"] });
})();
