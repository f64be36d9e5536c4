// Buttons and links that hand a page, a text on it or a chart over to someone. It reads the page and never sends anything.
(() => {
  "use strict";

  const SHOWN_MS = 6000;
  const say = (find, words) => {  // in what `find` gives by now: the page may have drawn it anew, or be another one
    const place = find();
    if (place) place.textContent = words;
  };
  const sayFor = (find, words) => {
    say(find, words);
    setTimeout(() => { if (find()?.textContent === words) say(find, ""); }, SHOWN_MS);
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

  document.addEventListener("click", (event) => {
    const control = event.target.closest?.("[data-pulse]");
    if (control?.dataset.pulse === "copy") copy(control);
    if (control?.dataset.pulse === "mail") mail(control);
    const chart = event.target.closest?.(`${COPY_CHART} button`);
    if (chart) copyChart(chart);
  }, true);
})();
