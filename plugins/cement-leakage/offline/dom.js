// Elements of the offline teaching page: found by id, or made with text that stays text.

/**
 * @template {HTMLElement} E
 * @param {string} id
 * @param {new () => E} type
 * @returns {E}
 */
export function byId(id, type) {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`${id} is missing`);
  return found;
}

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {Node} parent
 * @param {K} tag
 * @param {string} [text]
 * @param {string} [className]
 * @returns {HTMLElementTagNameMap[K]}
 */
export function add(parent, tag, text, className) {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  parent.appendChild(made);
  return made;
}

/** @param {Node} parent @param {string} text @param {() => void} run @param {string} [id] */
export function button(parent, text, run, id) {
  const made = add(parent, "button", text);
  made.type = "button";
  if (id) made.id = id;
  made.addEventListener("click", run);
  return made;
}

/** @param {HTMLElement} to @param {string} label @param {readonly string[]} options @param {string} id */
export function choice(to, label, options, id) {
  const holder = add(to, "label", `${label} `);
  const made = add(holder, "select");
  made.id = id;
  add(made, "option", "–").value = "";
  options.forEach((text, n) => (add(made, "option", text).value = String(n)));
  return made;
}

/** @param {string} text braces with names @param {Readonly<Record<string, string | number>>} values */
export const filled = (text, values) =>
  text.replace(/\{(\w+)\}/g, (_, /** @type {string} */ key) => String(values[key] ?? ""));
