// @ts-check
// The panel's own line drawings, one path each on a 20 by 20 field; only decoration.
const SVG = "http://www.w3.org/2000/svg";

/** @type {Record<string, string>} */
const PATHS = {
  calendar: "M3 5.5h14v11H3zM3 9h14M7 3v4M13 3v4",
  crew: "M7.5 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2 17c0-3 2.5-5 5.5-5s5.5 2 5.5 5"
    + "M13 4a2.8 2.8 0 0 1 0 5.3M15 12.5c2 .6 3 2.3 3 4.5",
  mail: "M2.5 5h15v10.5h-15zM2.5 5.5l7.5 6 7.5-6",
  objects: "M3.5 5.5c0-1.4 2.9-2.5 6.5-2.5s6.5 1.1 6.5 2.5-2.9 2.5-6.5"
    + " 2.5-6.5-1.1-6.5-2.5zM3.5 5.5l1.5 10c.2 1 2.3 2 5 2s4.8-1 5-2l1.5-10",
  edge: "M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15zM2.5 10h15M10 2.5c-4.5"
    + " 4.5-4.5 10.5 0 15M10 2.5c4.5 4.5 4.5 10.5 0 15",
  calls: "M3 6.5h12M12 3.5l3 3-3 3M17 13.5H5M8 10.5l-3 3 3 3",
  faults: "M11 2.5 4.5 11.5h5L9 17.5l6.5-9h-5z",
};

/** A drawing by name; hidden from screen readers. @param {string} name */
export function drawing(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("class", "drawing");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
