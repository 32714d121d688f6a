// SPDX-License-Identifier: AGPL-3.0-or-later
// The list of incidents of a report's page: choose, count, page through. Everything else on the page
// is there without it. Asks nothing of anybody; writes text, never markup.
"use strict";
(function () {
  const NAME = 0, WHEN = 1, FROM = 2, UNTIL = 3, PLACE = 4, CATEGORY = 5, ACTOR = 6, US_LINK = 7,
    NATIONALITY = 8, VICTIMS = 9, LEVEL = 10, COARSE = 11;
  const MOST_BARS = 10, MOST_MONTHS = 12;

  // Whether `actor` is `wanted` or stands below it.
  function isUnder(actors, actor, wanted) {
    for (let at = actor, steps = 0; at >= 0 && steps < 20; at = actors[at][1], ++steps)
      if (at === wanted) return true;
    return false;
  }

  // `choice`: an index for each of what is chosen; undefined: any. A row fits the months if it may
  // have been in one of them.
  function fits(row, choice, dims) {
    const is = (field, value) => value === undefined || row[field] === value;
    const holds = (field, value) => value === undefined || row[field].includes(value);
    const months = choice.from !== undefined || choice.until !== undefined;
    return is(PLACE, choice.place) && is(US_LINK, choice.us_link) && is(LEVEL, choice.level) &&
      holds(CATEGORY, choice.category) && holds(NATIONALITY, choice.nationality) &&
      (choice.actor === undefined ||
        row[ACTOR].some((actor) => isUnder(dims.actor, actor, choice.actor))) &&
      (!months || (row[FROM] >= 0 &&
        (choice.from === undefined || row[UNTIL] >= choice.from) &&
        (choice.until === undefined || row[FROM] <= choice.until)));
  }

  // How many rows have each value: [index, count], the most frequent first, then in their order.
  function counts(rows, field) {
    const found = new Map();
    for (const row of rows) {
      let values = row[field];
      if (field === FROM) values = row[FROM] === row[UNTIL] ? row[FROM] : -1;
      for (const value of Array.isArray(values) ? values : [values])
        if (value >= 0) found.set(value, (found.get(value) || 0) + 1);
    }
    return [...found].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  }

  // The newest months, in their order.
  function byMonth(rows) {
    return counts(rows, FROM).sort((a, b) => a[0] - b[0]).slice(-MOST_MONTHS);
  }

  function filled(text, ...parts) {
    return parts.reduce((sentence, part, i) => sentence.replace("{" + (i + 1) + "}", part), text);
  }

  // The cells of a row as text, in the order of the head.
  function cells(row, dims, words) {
    const named = (dim, index) => (index < 0 ? words.unknown : dims[dim][index][0]);
    const many = (dim, list) => list.map((index) => named(dim, index)).join("; ") || words.unknown;
    const lost = (step, text) => (row[COARSE] >= step ? words.dropped : text);
    return [row[NAME], lost(5, row[WHEN] || words.unknown), named("place", row[PLACE]),
      many("category", row[CATEGORY]), lost(4, many("actor", row[ACTOR])),
      lost(2, named("us_link", row[US_LINK])), lost(1, many("nationality", row[NATIONALITY])),
      row[VICTIMS] < 0 ? words.unknown : dims.victims[row[VICTIMS]][0], named("level", row[LEVEL])];
  }

  if (typeof module !== "undefined") {
    module.exports = { isUnder, fits, counts, byMonth, cells, filled };
    return;
  }

  const data = JSON.parse(document.getElementById("data").textContent);
  const { dims, words } = data;
  const part = (id) => document.getElementById(id);
  const make = (tag, text, attributes) => {
    const made = document.createElement(tag);
    if (text !== undefined) made.textContent = text;
    for (const name in attributes || {}) made.setAttribute(name, attributes[name]);
    return made;
  };
  let rows = data.rows, first = 0;

  function size() {
    return Number(part("rows-at-a-time").value) || Math.max(rows.length, 1);
  }

  function line(row) {
    const tr = make("tr", undefined, { role: "row" });
    cells(row, dims, words).forEach((text, i) => {
      if (!data.columns[i]) return;
      const head = i === data.first;
      tr.append(make(head ? "th" : "td", text, head
        ? { role: "rowheader", scope: "row", "data-label": data.columns[i] }
        : { role: "cell", "data-label": data.columns[i] }));
    });
    return tr;
  }

  function showRows() {
    const last = Math.min(first + size(), rows.length);
    const body = part("rows");
    body.replaceChildren(...rows.slice(first, last).map(line));
    part("page").textContent = rows.length === 0 ? words.none
      : filled(words.page, first + 1, last);
    part("previous").disabled = first === 0;
    part("next").disabled = last >= rows.length;
  }

  function bar(count, most) {
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg");
    const rect = document.createElementNS(space, "rect");
    for (const [name, value] of [["viewBox", "0 0 100 10"], ["preserveAspectRatio", "none"],
      ["aria-hidden", "true"]]) svg.setAttribute(name, value);
    rect.setAttribute("class", "bar");
    rect.setAttribute("width", String(100 * count / most));
    rect.setAttribute("height", "10");
    svg.append(rect);
    return svg;
  }

  function showCounts() {
    for (const [dim, field] of [["category", CATEGORY], ["place", PLACE], ["actor", ACTOR],
      ["nationality", NATIONALITY], ["month", FROM]]) {
      const found = dim === "month" ? byMonth(rows) : counts(rows, field).slice(0, MOST_BARS);
      const most = Math.max(1, ...found.map(([, count]) => count));
      part("counts-" + dim).replaceChildren(...found.map(([index, count]) => {
        const tr = make("tr"), cell = make("td", undefined, { class: "b" });
        cell.append(bar(count, most));
        tr.append(make("th", dims[dim][index][0], { scope: "row" }), cell,
          make("td", String(count), { class: "n" }));
        return tr;
      }));
    }
  }

  function choose() {
    const choice = {};
    for (const select of document.querySelectorAll("#filter select[name]"))
      if (select.value !== "") choice[select.name] = Number(select.value);
    rows = data.rows.filter((row) => fits(row, choice, dims));
    first = 0;
    part("status").textContent =
      filled(words.status, rows.length, data.rows.length);
    showRows();
    showCounts();
  }

  function turn(pages) {
    first = Math.max(0, first + pages * size());
    showRows();
  }

  part("filter").addEventListener("change", choose);
  part("reset").addEventListener("click", () => {
    for (const select of document.querySelectorAll("#filter select[name]")) select.value = "";
    choose();
  });
  part("previous").addEventListener("click", () => turn(-1));
  part("next").addEventListener("click", () => turn(1));
  part("rows-at-a-time").addEventListener("change", () => {
    first = 0;
    showRows();
  });
  // What is closed is printed too, and closed again.
  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")];
    for (const details of opened) details.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const details of opened) details.open = false;
  });
  part("list").hidden = false;
  choose();
})();
