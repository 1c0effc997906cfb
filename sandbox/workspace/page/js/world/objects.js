// @ts-check
// The S3 objects by bucket: pages, photos that guests uploaded, and the calendar's own file.
import { h } from "../dom.js";
import { sizeInWords } from "../files.js";
import { empty, outside, when } from "./bits.js";
import { KeyedList } from "./keyed.js";

const PICTURES = ["image/jpeg", "image/png", "image/webp", "image/gif", "image/avif"];

/** The S3 tab. */
export function objectsTab() {
  const nothing = empty(
    "The buckets are empty",
    "The guest page of an approved booking is uploaded here, and guests' photos after it.",
  );
  const list = h("div", { class: "buckets" });
  const buckets = new KeyedList(list, { key: (bucket) => bucket.name, make: bucketSection });
  return {
    id: "objects",
    label: "S3",
    sign: "bucket",
    path: "/workspace/objects",
    node: h("div", {}, nothing, list),
    count: (/** @type {any[]} */ objects) => String(objects.length || ""),
    show(/** @type {any[]} */ objects) {
      nothing.hidden = objects.length > 0;
      buckets.show(byBucket(objects));
    },
  };
}

/** @param {any[]} objects */
function byBucket(objects) {
  const names = [...new Set(objects.map((object) => object.bucket))].sort();
  return names.map((name) => ({
    name,
    objects: objects
      .filter((object) => object.bucket === name)
      .sort((one, two) => String(two.modified).localeCompare(String(one.modified))),
  }));
}

/** @param {any} bucket */
function bucketSection({ name }) {
  const list = h("ul", { class: "rows" });
  // Another etag is another object: its picture and its size are new.
  const rows = new KeyedList(list, { key: ({ key, etag }) => `${key} ${etag}`, make: objectRow });
  return {
    node: h("section", {}, h("h3", { class: "group" }, h("code", { text: name })), list),
    update: (/** @type {any} */ bucket) => rows.show(bucket.objects),
  };
}

/** @param {any} object */
function objectRow(object) {
  const bytes = `/object?${new URLSearchParams({ bucket: object.bucket, key: object.key })}`;
  const about = [object.type, sizeInWords(object.size), when(object.modified)];
  const body = h(
    "div",
    { class: "row-body" },
    h("code", { class: "path", text: object.key }),
    h("p", { class: "soft", text: about.filter(Boolean).join(" · ") }),
    h(
      "p",
      { class: "links" },
      object.url && outside(object.url, "Public page", `Public page ${object.key}`),
      outside(bytes, "Stored bytes", `Stored bytes of ${object.key}`),
    ),
  );
  return { node: h("li", { class: "row with-thumb" }, body, thumb(object, bytes)) };
}

/** @param {any} object @param {string} src */
function thumb(object, src) {
  if (!PICTURES.includes(object.type)) return null;
  const picture = h("img", { class: "thumb", src, alt: "Uploaded photo", loading: "lazy" });
  picture.addEventListener("error", () => picture.remove());
  return picture;
}
