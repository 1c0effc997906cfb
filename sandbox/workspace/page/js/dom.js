// @ts-check
// Builds nodes. Whatever comes from outside becomes text, never markup.

import { ICONS } from "./icons.js";

const SVG = "http://www.w3.org/2000/svg";

/**
 * An element. `class`, `text`, `on` (listeners), `data`, `hidden`, `disabled`, `value` and
 * `checked` mean what they say; every other name is an attribute, left out for null or false.
 * @param {string} tag
 * @param {Record<string, any> | null} [props]
 * @param {...any} children nodes, strings, arrays of them; null and false are nothing
 * @returns {any}
 */
export function h(tag, props, ...children) {
  const element = document.createElement(tag);
  element.append(...nodes(children));
  // After the children: with dir="auto" the browser would look through all of them at each one.
  for (const [name, value] of Object.entries(props ?? {})) set(element, name, value);
  return element;
}

/**
 * Replaces everything inside `parent`.
 * @param {Element} parent
 * @param {...any} children as for `h`
 */
export function replace(parent, ...children) {
  parent.replaceChildren(...nodes(children));
}

/**
 * A drawing beside words: hidden from screen readers.
 * @param {string} name one of ICONS
 * @returns {SVGElement}
 */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  const about = { class: `icon icon-${name}`, viewBox: "0 0 24 24", "aria-hidden": "true" };
  for (const [key, value] of Object.entries(about)) svg.setAttribute(key, value);
  path.setAttribute("d", ICONS[name] ?? ICONS.file);
  svg.append(path);
  return svg;
}

/** @param {any} element @param {string} name @param {any} value */
function set(element, name, value) {
  if (name === "class") element.className = value ?? "";
  else if (name === "text") element.textContent = value ?? "";
  else if (name === "on") listen(element, value);
  else if (name === "data") Object.assign(element.dataset, value);
  else if (["hidden", "disabled", "checked"].includes(name)) element[name] = Boolean(value);
  else if (name === "value") element.value = value ?? "";
  else if (name.startsWith("aria-") && value != null) element.setAttribute(name, String(value));
  else if (value != null && value !== false) {
    element.setAttribute(name, value === true ? "" : String(value));
  }
}

/** @param {Element} element @param {Record<string, EventListener>} listeners */
function listen(element, listeners) {
  for (const [event, fn] of Object.entries(listeners)) element.addEventListener(event, fn);
}

/** @param {any[]} children @returns {(Node | string)[]} */
function nodes(children) {
  return children
    .flat(Infinity)
    .filter((child) => child !== null && child !== undefined && child !== false)
    .map((child) => (child instanceof Node ? child : String(child)));
}
