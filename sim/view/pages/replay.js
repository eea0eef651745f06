"use strict";
// Plays one run. Everything that moves is worked out from the bends of each unit's way, at any moment asked for.
(() => {
  const run = JSON.parse(document.getElementById("run").textContent);
  const $ = (id) => document.getElementById(id);
  const DAY = 1440, TRAIL_STEPS = 360 / run.stepMin, FRESH_MIN = 180;
  const last = run.steps * run.stepMin;
  const begin = Date.parse(run.begin + "Z");
  const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
  let now = 0, playing = false, chosen = -1, chosenEvent = -1, lastFrame = 0, asked = false;
  let view = null, ground = null, strips = [], colours = {}, dark = false;

  // ------------------------------------------------------------------ what is so at a moment
  /** Index of the last entry of a flat list of width `width` whose first number is <= `step`; -1 before the first. */
  function entry(list, width, step) {
    let low = 0, high = list.length / width;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (list[middle * width] <= step) low = middle + 1; else high = middle;
    }
    return low - 1;
  }
  const valueAt = (list, step) => list[2 * entry(list, 2, step) + 1];
  const stepNow = () => Math.floor(now / run.stepMin + 1e-9);

  /** Where a unit is after `step` steps, which may be a fraction, and which way it moves: km. */
  function place(unit, step) {
    const way = unit.way, k = 3 * Math.min(entry(way, 3, step), way.length / 3 - 2);
    const part = Math.min(1, (step - way[k]) / (way[k + 3] - way[k]));
    const dx = way[k + 4] - way[k + 1], dy = way[k + 5] - way[k + 2];
    return { x: (way[k + 1] + part * dx) / 100, y: (way[k + 2] + part * dy) / 100, dx, dy };
  }
  /** The first step of the outing a unit is on; -1 where it is not out. */
  function outSince(unit, step) {
    const k = 2 * entry(unit.outings, 2, step);
    return k >= 0 && step <= unit.outings[k + 1] ? unit.outings[k] : -1;
  }

  function clock(minute) {
    const date = new Date(begin + Math.floor(minute) * 60000), two = (n) => String(n).padStart(2, "0");
    return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
  }
  const capital = (words) => words.charAt(0).toUpperCase() + words.slice(1);

  const order = run.events.map((_, number) => number).sort((a, b) => run.events[a][0] - run.events[b][0] || a - b);
  const minutes = order.map((number) => run.events[number][0]);
  /** How many events of the list have happened by a minute. */
  const happened = (minute) => entry(minutes, 1, minute + 1e-6) + 1;
  /** The first step by whose end an event has happened. */
  const minuteOfStepWith = (number) => Math.ceil(run.events[number][0] / run.stepMin - 1e-9) * run.stepMin;

  // ------------------------------------------------------------------ drawing
  function fit(canvas, high) {
    const wide = Math.max(1, canvas.clientWidth), scale = Math.min(window.devicePixelRatio || 1, 2);
    const tall = Math.max(1, high || canvas.clientHeight);
    canvas.width = Math.round(wide * scale);
    canvas.height = Math.round(tall * scale);
    if (high) canvas.style.height = `${high}px`;
    const pen = canvas.getContext("2d");
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    return { pen, wide, tall };
  }
  function copyOf(canvas) {
    const copy = document.createElement("canvas");
    copy.width = canvas.width;
    copy.height = canvas.height;
    copy.getContext("2d").drawImage(canvas, 0, 0);
    return copy;
  }
  function paste(pen, copy) {
    pen.save();
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.globalCompositeOperation = "copy"; // what was there before goes
    pen.drawImage(copy, 0, 0);
    pen.restore();
  }
  function readColours() {
    dark = window.matchMedia("(prefers-color-scheme: dark)").matches;
    const styles = getComputedStyle(document.documentElement);
    const names = ["page", "ink", "grey", "pale", "land", "abroad", "border", "road", "ring", "shade", "mark",
      "rung1", "rung2", "rung3", "rung4"];
    for (const name of names) colours[name] = styles.getPropertyValue(`--${name}`).trim();
  }
  const colourOf = (side) => run.sides[side][dark ? "dark" : "light"];

  function sides(n) {
    return Array.from({ length: n }, (_, k) => [Math.sin(2 * Math.PI * k / n), -Math.cos(2 * Math.PI * k / n)]);
  }
  const STAR = sides(10).map(([x, y], k) => (k % 2 ? [0.45 * x, 0.45 * y] : [1.3 * x, 1.3 * y]));
  const SHAPES = {
    square: [[-0.9, -0.9], [0.9, -0.9], [0.9, 0.9], [-0.9, 0.9]], diamond: [[0, -1.25], [1.25, 0], [0, 1.25], [-1.25, 0]],
    pentagon: sides(5).map(([x, y]) => [1.2 * x, 1.2 * y]), star: STAR, arrow: [[0, -1.5], [1, 1.1], [0, 0.6], [-1, 1.1]],
  };
  function shape(pen, name, x, y, size, colour, turn) {
    pen.save();
    pen.translate(x, y);
    if (name === "arrow") pen.rotate(turn || 0);
    pen.scale(size, size);
    pen.beginPath();
    pen.fillStyle = pen.strokeStyle = colour;
    pen.lineWidth = 1.6 / size;
    if (name in SHAPES) {
      SHAPES[name].forEach(([a, b]) => pen.lineTo(a, b));
      pen.closePath();
    } else if (name === "saltire" || name === "cross") {
      const [a, b] = name === "saltire" ? [1, 1] : [1.4, 0];
      pen.lineWidth = 2.4 / size;
      pen.moveTo(-a, -b); pen.lineTo(a, b);
      pen.moveTo(-b, a); pen.lineTo(b, -a);
    } else {
      pen.arc(0, 0, name === "dot" ? 0.6 : 1, 0, 2 * Math.PI);
    }
    if (["saltire", "cross", "ring"].includes(name)) pen.stroke();
    else {
      pen.fill();
      pen.strokeStyle = colours.page;
      pen.lineWidth = 1 / size;
      pen.stroke();
    }
    pen.restore();
  }

  // ------------------------------------------------------------------ the map
  const shown = { x: 0, y: 0, span: 0 };
  function showWhole() {
    const [left, right, bottom, top] = run.map.window;
    Object.assign(shown, { x: (left + right) / 2, y: (bottom + top) / 2, span: right - left });
  }
  const scale = () => view.wide / shown.span;
  const across = (x) => view.wide / 2 + (x - shown.x) * scale();
  const down = (y) => view.tall / 2 - (y - shown.y) * scale();

  function line(pen, flat) {
    pen.beginPath();
    for (let k = 0; k < flat.length; k += 2) pen.lineTo(across(flat[k] / 100), down(flat[k + 1] / 100));
  }
  function drawGround() {
    view = fit($("map"));
    const pen = view.pen;
    pen.fillStyle = colours.abroad;
    pen.fillRect(0, 0, view.wide, view.tall);
    for (const [country, flat] of run.map.borders) {
      line(pen, flat);
      pen.closePath();
      pen.fillStyle = country === "Syria" ? colours.land : colours.abroad;
      pen.fill();
      pen.strokeStyle = colours.border;
      pen.stroke();
    }
    run.map.roads.forEach((flat, k) => {
      pen.strokeStyle = colours.road;
      pen.lineWidth = k ? 1.2 : 2.4;
      pen.setLineDash(k ? [6, 4] : []);
      line(pen, flat);
      pen.stroke();
    });
    drawRing(pen, run.map.zoneKm, []);
    drawRing(pen, run.map.innerKm, [3, 3]);
    drawLabels(pen);
    drawScale(pen);
    ground = copyOf($("map"));
  }
  function drawRing(pen, km, dash) {
    if (km <= 0) return;
    pen.setLineDash(dash);
    pen.strokeStyle = colours.ring;
    pen.lineWidth = 1.3;
    pen.beginPath();
    pen.arc(across(0), down(0), km * scale(), 0, 2 * Math.PI);
    pen.stroke();
    pen.setLineDash([]);
  }
  function drawLabels(pen) {
    const taken = [], small = view.wide < 500;
    const write = (words, x, y, colour) => {
      const half = pen.measureText(words).width / 2;
      const box = [x - half, y - 11, x + half, y + 3];
      if (box[0] < 0 || box[2] > view.wide || box[1] < 0 || box[3] > view.tall) return false;
      if (taken.some((b) => box[0] < b[2] && box[2] > b[0] && box[1] < b[3] && box[3] > b[1])) return false;
      taken.push(box);
      pen.strokeStyle = colours.land;
      pen.lineWidth = 3;
      pen.strokeText(words, x, y);
      pen.fillStyle = colour;
      pen.fillText(words, x, y);
      return true;
    };
    pen.textAlign = "center";
    pen.lineJoin = "round";
    for (const [words, x, y] of run.map.places) {
      const [px, py] = [across(x / 100), down(y / 100)];
      shape(pen, words === run.map.places[0][0] ? "cross" : "dot", px, py, 5, colours.ink);
      pen.font = `${small ? 10 : 12}px system-ui, sans-serif`;
      const reach = pen.measureText(words).width / 2 + 8;
      [[0, -8], [0, 17], [reach, 4], [-reach, 4]].some(([a, b]) => write(words, px + a, py + b, colours.ink));
    }
    for (const [words, km] of [["zone", run.map.zoneKm], ["inner line", run.map.innerKm]]) {
      const label = `${words}, ${km} km`, half = pen.measureText(label).width / 2 + 6;
      km > 0 && [205, 190, 170, 150, 330, 20, 60].some((degrees) => {
        const [east, north] = [Math.cos(degrees * Math.PI / 180), Math.sin(degrees * Math.PI / 180)];
        return write(label, across(km * east) + Math.sign(east) * half, down(km * north) + 4, colours.ring);
      });
    }
    pen.font = `${small ? 11 : 14}px system-ui, sans-serif`;
    for (const [words, x, y] of run.map.countries) write(words, across(x), down(y), colours.border);
  }
  function drawScale(pen) {
    const km = [100, 50, 20, 10, 5, 2].find((length) => length * scale() < view.wide / 4) || 1;
    const [left, bottom] = [12, view.tall - 12];
    pen.strokeStyle = pen.fillStyle = colours.ink;
    pen.lineWidth = 2;
    pen.beginPath();
    pen.moveTo(left, bottom - 4); pen.lineTo(left, bottom); pen.lineTo(left + km * scale(), bottom);
    pen.lineTo(left + km * scale(), bottom - 4);
    pen.stroke();
    pen.font = "11px system-ui, sans-serif";
    pen.textAlign = "left";
    pen.fillText(`${km} km`, left + 4, bottom - 5);
  }

  function drawMap() {
    const pen = view.pen, step = now / run.stepMin;
    paste(pen, ground);
    drawMarks(pen);
    run.units.forEach((unit, row) => {
      const since = outSince(unit, Math.floor(step + 1e-9));
      if (since < 0) return;
      const from = row === chosen ? since : Math.max(since, step - TRAIL_STEPS);
      drawTrail(pen, unit, from, step, row === chosen);
    });
    run.units.forEach((unit, row) => {
      if (row !== chosen && unit.shape === "cross") return;
      if (outSince(unit, Math.floor(step + 1e-9)) < 0) return;
      const at = place(unit, step), x = across(at.x), y = down(at.y);
      shape(pen, unit.shape, x, y, 5, colourOf(unit.side), Math.atan2(at.dx, at.dy));
    });
    if (chosen >= 0) drawChosen(pen, step);
  }
  function drawTrail(pen, unit, from, to, strong) {
    const way = unit.way, start = place(unit, from), end = place(unit, to);
    pen.beginPath();
    pen.moveTo(across(start.x), down(start.y));
    for (let k = 3 * (entry(way, 3, from) + 1); k < way.length && way[k] < to; k += 3) {
      pen.lineTo(across(way[k + 1] / 100), down(way[k + 2] / 100));
    }
    pen.lineTo(across(end.x), down(end.y));
    pen.strokeStyle = colourOf(unit.side);
    pen.globalAlpha = strong ? 0.95 : 0.5;
    pen.lineWidth = strong ? 2.6 : 1.4;
    pen.stroke();
    pen.globalAlpha = 1;
  }
  function drawChosen(pen, step) {
    const at = place(run.units[chosen], step);
    pen.beginPath();
    pen.arc(across(at.x), down(at.y), 12, 0, 2 * Math.PI);
    pen.strokeStyle = colours.mark;
    pen.lineWidth = 2.2;
    pen.stroke();
  }
  /** The events of the last three hours, and the one that was jumped to: where they were. */
  function drawMarks(pen) {
    const count = happened(now);
    for (let k = count - 1; k >= 0 && minutes[k] > now - FRESH_MIN; k--) mark(pen, order[k], order[k] === chosenEvent);
    if (chosenEvent >= 0 && run.events[chosenEvent][0] <= now - FRESH_MIN) chosenEvent = -1;
  }
  function mark(pen, number, strong) {
    const [minute, act, side, x, y] = run.events[number];
    const force = run.force.includes(act);
    if (x === null || (!strong && run.routine.includes(act))) return;
    const age = Math.max(0, (now - minute) / FRESH_MIN);
    pen.globalAlpha = strong ? 1 : Math.max(0.15, 1 - age);
    if (force) shape(pen, "star", across(x / 100), down(y / 100), 8, colourOf(side));
    pen.beginPath();
    pen.arc(across(x / 100), down(y / 100), force ? 14 : 9, 0, 2 * Math.PI);
    pen.strokeStyle = strong ? colours.ink : colourOf(side);
    pen.lineWidth = strong ? 2.5 : 1.5;
    pen.stroke();
    pen.globalAlpha = 1;
  }

  // ------------------------------------------------------------------ the strips
  const ROW = 30, FOOT = 18;
  function drawStrip(id, rows, paint) {
    const canvas = $(id), gutter = canvas.clientWidth < 500 ? 74 : 96;
    const { pen, wide } = fit(canvas, rows.length * ROW + FOOT);
    const at = (minute) => gutter + (wide - gutter - 4) * minute / last;
    pen.fillStyle = colours.shade;
    for (let k = 0; k < run.suspended.length; k += 2) {
      pen.fillRect(at(run.suspended[k]), 0, at(run.suspended[k + 1]) - at(run.suspended[k]), rows.length * ROW);
    }
    pen.font = "12px system-ui, sans-serif";
    rows.forEach(([side, list], k) => {
      const floor = (k + 1) * ROW - 3;
      pen.fillStyle = colours.ink;
      pen.textAlign = "left";
      pen.fillText(run.sides[side].name, 0, floor - 8);
      pen.fillStyle = colours.pale;
      pen.fillRect(gutter, floor, wide - gutter - 4, 1);
      paint(pen, side, list, at, floor);
    });
    drawDays(pen, at, rows.length * ROW, wide);
    return { id, pen, at, gutter, wide, tall: rows.length * ROW, copy: copyOf(canvas) };
  }
  function drawDays(pen, at, top, wide) {
    const days = last / DAY, every = [1, 2, 5, 7, 10, 20, 50, 100, 200].find((n) => days / n <= wide / 60) || 365;
    pen.fillStyle = colours.grey;
    pen.textAlign = "center";
    pen.font = "11px system-ui, sans-serif";
    for (let day = 0; day <= days; day += every) {
      pen.fillRect(at(day * DAY), top - 2, 1, 4);
      const words = day ? String(day) : "day 0";
      pen.fillText(words, Math.min(at(day * DAY), wide - 8), top + 14);
    }
  }
  function drawStrips() {
    const highest = Math.max(1000, ...run.tension.flatMap(([, list]) => list.filter((_, k) => k % 2)));
    strips = [
      drawStrip("rungs", run.rungs, (pen, side, list, at, floor) => {
        for (let k = 0; k < list.length; k += 2) {
          const rung = list[k + 1], from = list[k] * run.stepMin, to = k + 2 < list.length ? list[k + 2] * run.stepMin : last;
          if (!rung) continue;
          pen.fillStyle = colours[`rung${rung}`];
          pen.fillRect(at(from), floor - 6 * rung, Math.max(1.5, at(to) - at(from)), 6 * rung);
        }
      }),
      drawStrip("tension", run.tension, (pen, side, list, at, floor) => {
        pen.beginPath();
        pen.moveTo(at(0), floor);
        for (let k = 0; k < list.length; k += 2) pen.lineTo(at(list[k] * run.stepMin), floor - 24 * list[k + 1] / highest);
        pen.lineTo(at(last), floor);
        pen.fillStyle = colourOf(side);
        pen.fill();
      }),
    ];
    $("high").textContent = (highest / 1000).toPrecision(2);
  }
  function drawCursors() {
    for (const strip of strips) {
      paste(strip.pen, strip.copy);
      strip.pen.fillStyle = colours.mark;
      strip.pen.fillRect(strip.at(now) - 1, 0, 2, strip.tall);
    }
  }

  // ------------------------------------------------------------------ words
  function add(parent, tag, words, kind) {
    const made = document.createElement(tag);
    made.textContent = words;
    if (kind) made.className = kind;
    parent.append(made);
    return made;
  }
  /** The causes of an event, root first; of many sightings and calls in a row only the first and the last. */
  function chain(number) {
    const steps = [];
    for (let at = number; at >= 0; at = run.events[at][5]) steps.unshift(at);
    const lines = [];
    for (let first = 0; first < steps.length;) {
      let end = first;
      while (end < steps.length && run.routine.includes(run.events[steps[end]][1])) end++;
      end = Math.max(end, first + 1);
      for (let k = first; k < end; k++) {
        const folded = end - first > run.folded;
        if (folded && k === end - 1) lines.push([`     ... ${end - first - 2} more sightings and calls ...`, -1]);
        if (!folded || k === first || k === end - 1) lines.push([cause(steps[k], k), steps[k]]);
      }
      first = end;
    }
    return lines;
  }
  function cause(number, k) {
    const words = run.events[number][6];
    const led = k ? `-> because of that ${words}` : `- ${words} (no earlier event led to this)`;
    return `${String(k + 1).padStart(3)}. ${clock(run.events[number][0])} ${led}`;
  }
  let toldFor = "";
  function tellWhy() {
    const step = stepNow(), box = $("why");
    const unit = run.units[chosen];
    const explains = unit ? valueAt(unit.explains, step) : -1;
    const does = unit ? valueAt(unit.does, step) : -1;
    const decided = unit ? unit.decisions.filter(([when]) => when <= step).pop() : null;
    const key = [chosen, step, explains, does].join();
    if (key === toldFor) return;
    toldFor = key;
    if (!unit) {
      box.replaceChildren();
      add(box, "p", "Choose a unit in the list above or on the map: what it does, its last decision, and what led to it.", "note");
      return;
    }
    const at = place(unit, step), inside = does >= run.inside ? ", inside the zone" : "";
    const when = `${clock(step * run.stepMin)} (step ${step})`;
    const state = `${unit.name}, ${when}: ${run.doing[does % run.inside]}, ${Math.hypot(at.x, at.y).toFixed(0)} km from the garrison${inside}.`;
    const parts = [explains, decided ? decided[0] : -1].join();
    if (box.dataset.unit === String(chosen) && box.dataset.parts === parts) {
      box.firstChild.textContent = state;
      return;
    }
    box.replaceChildren();
    Object.assign(box.dataset, { unit: chosen, parts });
    add(box, "p", state, "line");
    (decided ? decided[1] : run.words.undecided).split("\n").forEach((words) => add(box, "p", words, "line"));
    add(box, "p", explains >= 0 ? run.words.ledUp : run.words.nothingLed, "line");
    const list = add(box, "ol", "", "lines");
    for (const [words, number] of chain(explains)) {
      const item = add(list, "li", "");
      if (number < 0) add(item, "span", words, "line");
      else add(item, "button", words, "line").addEventListener("click", () => jumpTo(number));
    }
  }

  // ------------------------------------------------------------------ the list of events
  let items = [], reached = -1;
  function listEvents() {
    const all = $("routine").checked, box = $("events");
    box.replaceChildren();
    items = [];
    order.forEach((number, k) => {
      const [minute, act, , , , , words] = run.events[number];
      if (!all && run.routine.includes(act)) return;
      const button = add(add(box, "li", ""), "button", "", run.force.includes(act) ? "force" : "");
      add(button, "time", clock(minute));
      button.append(capital(words));
      button.addEventListener("click", () => jumpTo(number));
      items.push({ number, k, button });
    });
    if (!items.length) add(box, "li", "Nothing happened.", "note");
    reached = -1;
    items.forEach((item) => item.button.classList.add("to-come"));
  }
  function tellEvents() {
    const count = happened(now);
    let at = entry(items.map((item) => item.k), 1, count - 1);
    if (chosenEvent >= 0) {
      const jumped = items.findIndex((item) => item.number === chosenEvent);
      if (jumped >= 0 && jumped <= at) at = jumped;
    }
    if (at === reached) return;
    const top = entry(items.map((item) => item.k), 1, count - 1);
    items.forEach((item, k) => item.button.classList.toggle("to-come", k > top));
    if (items[reached]) items[reached].button.removeAttribute("aria-current");
    reached = at;
    const current = items[at];
    $("latest").textContent = current ? `${clock(run.events[current.number][0])}  ${capital(run.events[current.number][6])}.` : "Nothing has happened yet.";
    const box = $("events");
    if (!current) box.scrollTop = 0;
    else {
      current.button.setAttribute("aria-current", "true");
      const top = current.button.offsetTop;
      if (top < box.scrollTop || top > box.scrollTop + box.clientHeight - 40) box.scrollTop = top - box.clientHeight / 2;
    }
  }

  // ------------------------------------------------------------------ time
  function draw() {
    asked = false;
    drawMap();
    drawCursors();
    $("time").value = String(stepNow());
    $("clock").textContent = `day ${(now / DAY).toFixed(2)} · ${clock(now)}`;
    tellEvents();
    tellWhy();
  }
  function drawSoon() {
    if (!asked) requestAnimationFrame(draw);
    asked = true;
  }
  function go(minute) {
    now = Math.min(last, Math.max(0, minute));
    drawSoon();
  }
  function seek(minute) {
    chosenEvent = -1;
    go(minute);
  }
  function jumpTo(number) {
    play(false);
    chosenEvent = number;
    go(minuteOfStepWith(number));
  }
  function nextEvent(way) {
    const at = way > 0 ? items.findIndex((item) => minuteOfStepWith(item.number) > now + 1e-6)
      : items.findLastIndex((item) => minuteOfStepWith(item.number) < now - 1e-6);
    if (at >= 0) jumpTo(items[at].number);
  }
  function play(on) {
    if (playing === on) return;
    playing = on;
    $("play").textContent = on ? "Pause" : "Play";
    if (on && now >= last) now = 0;
    if (on) chosenEvent = -1;
    lastFrame = 0;
    if (on) requestAnimationFrame(tick);
  }
  function tick(time) {
    if (!playing) return;
    if (lastFrame) now += 60 * Number($("speed").value) * Math.min(0.25, (time - lastFrame) / 1000);
    lastFrame = time;
    if (now >= last) play(false);
    now = Math.min(now, last);
    draw();
    if (playing) requestAnimationFrame(tick);
  }
  function stepBy(count) {
    play(false);
    seek((stepNow() + count) * run.stepMin);
  }

  // ------------------------------------------------------------------ hands on
  function choose(row) {
    chosen = row;
    $("unit").value = String(row);
    drawSoon();
  }
  function nearest(event) {
    const box = $("map").getBoundingClientRect(), step = now / run.stepMin;
    let best = -1, least = 22;
    run.units.forEach((unit, row) => {
      if (outSince(unit, Math.floor(step + 1e-9)) < 0) return;
      const at = place(unit, step);
      const away = Math.hypot(across(at.x) - (event.clientX - box.left), down(at.y) - (event.clientY - box.top));
      if (away < least) [best, least] = [row, away];
    });
    return best;
  }
  function zoom(factor) {
    shown.span = Math.min(700, Math.max(8, shown.span * factor));
    drawGround();
    drawSoon();
  }
  function drag(start) {
    let moved = false, x = start.clientX, y = start.clientY;
    const canvas = $("map");
    const move = (event) => {
      if (!moved && Math.hypot(event.clientX - start.clientX, event.clientY - start.clientY) < 5) return;
      moved = true;
      shown.x -= (event.clientX - x) / scale();
      shown.y += (event.clientY - y) / scale();
      [x, y] = [event.clientX, event.clientY];
      drawGround();
      drawSoon();
    };
    const end = (event) => {
      canvas.removeEventListener("pointermove", move);
      canvas.removeEventListener("pointerup", end);
      canvas.removeEventListener("pointercancel", end);
      if (!moved && event.type === "pointerup") choose(nearest(event));
    };
    canvas.addEventListener("pointermove", move);
    canvas.addEventListener("pointerup", end);
    canvas.addEventListener("pointercancel", end);
  }
  function keys(event) {
    const inField = ["SELECT", "INPUT"].includes(event.target.tagName) && event.target.id !== "time";
    if (inField || event.ctrlKey || event.metaKey || event.altKey) return;
    const speed = $("speed"), hour = Math.max(1, Math.round(60 / run.stepMin)), reach = event.shiftKey ? hour : 1;
    const acts = {
      " ": () => play(!playing), ArrowLeft: () => stepBy(-reach), ArrowRight: () => stepBy(reach),
      PageUp: () => stepBy(-24 * hour), PageDown: () => stepBy(24 * hour), Home: () => stepBy(-run.steps),
      End: () => stepBy(run.steps), n: () => nextEvent(1), p: () => nextEvent(-1),
      "+": () => { speed.selectedIndex = Math.min(speed.length - 1, speed.selectedIndex + 1); },
      "-": () => { speed.selectedIndex = Math.max(0, speed.selectedIndex - 1); },
    };
    const act = acts[event.key] || acts[event.key.toLowerCase()];
    if (!act || (event.key === " " && event.target.tagName === "BUTTON")) return;
    event.preventDefault();
    act();
  }

  function listUnits() {
    const none = add($("unit"), "option", "none");
    none.value = "-1";
    run.sides.forEach((side, number) => {
      const rows = run.units.map((unit, row) => row).filter((row) => run.units[row].side === number);
      if (!rows.length) return;
      const group = document.createElement("optgroup");
      group.label = side.name;
      $("unit").append(group);
      for (const row of rows) {
        const away = run.units[row].outings.length ? "" : " (never left its base)";
        add(group, "option", run.units[row].name + away).value = String(row);
      }
    });
  }
  function sample(box, name, colour, words) {
    const span = add(box, "span", "");
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 28;
    span.append(canvas, words);
    const pen = canvas.getContext("2d");
    pen.scale(2, 2);
    if (name === "bar") {
      pen.fillStyle = colour;
      pen.fillRect(2, 2, 10, 10);
    } else shape(pen, name, 7, 7, 4.4, colour);
  }
  function drawKeys() {
    $("key").replaceChildren();
    $("ladder").replaceChildren();
    const here = new Set(run.units.map((unit) => unit.side));
    run.sides.forEach((side, number) => here.has(number) && sample($("key"), "bar", colourOf(number), side.name));
    for (const [name, words] of Object.entries(run.shapes)) sample($("key"), name, colours.grey, words);
    sample($("key"), "star", colours.ink, "in a circle: use of force or threat, last three hours");
    run.rungNames.forEach((name, k) => k && sample($("ladder"), "bar", colours[`rung${k}`], `${k} ${name}`));
    if (run.suspended.length) sample($("ladder"), "bar", colours.shade, "deconfliction line suspended");
  }
  function layOut() {
    readColours();
    drawGround();
    drawStrips();
    drawKeys();
    draw();
  }

  showWhole();
  listUnits();
  listEvents();
  $("time").max = String(run.steps);
  $("time").addEventListener("input", () => { play(false); seek(Number($("time").value) * run.stepMin); });
  $("play").addEventListener("click", () => play(!playing));
  $("back").addEventListener("click", () => stepBy(-1));
  $("forth").addEventListener("click", () => stepBy(1));
  $("before").addEventListener("click", () => nextEvent(-1));
  $("next").addEventListener("click", () => nextEvent(1));
  $("unit").addEventListener("change", () => choose(Number($("unit").value)));
  $("routine").addEventListener("change", () => { listEvents(); drawSoon(); });
  $("map").addEventListener("pointerdown", drag);
  $("map").addEventListener("wheel", (event) => { event.preventDefault(); zoom(event.deltaY > 0 ? 1.15 : 1 / 1.15); }, { passive: false });
  $("closer").addEventListener("click", () => zoom(1 / 1.5));
  $("farther").addEventListener("click", () => zoom(1.5));
  $("whole").addEventListener("click", () => { showWhole(); zoom(1); });
  for (const id of ["rungs", "tension"]) {
    $(id).addEventListener("click", (event) => {
      const strip = strips.find((one) => one.id === id), x = event.clientX - $(id).getBoundingClientRect().left;
      play(false);
      const minute = last * (x - strip.gutter) / (strip.wide - strip.gutter - 4);
      seek(Math.round(minute / run.stepMin) * run.stepMin);
    });
  }
  document.addEventListener("keydown", keys);
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", layOut);
  window.addEventListener("resize", layOut);
  layOut();
})();
