// The browser's end of the connection: it is there early, and what comes through it is shown in few steps.
(() => {
  "use strict";

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
})();
