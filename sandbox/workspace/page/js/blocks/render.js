// @ts-check
// Blocks by type. A new block is a function `(block, context)` that returns a node, and a line
// here.
// context: {surface, state, press(element, block, option?), idPrefix, values?, change?, errors?}

import { input } from "./input.js";
import { image } from "./image.js";
import * as layout from "./layout.js";
import { markdown } from "./markdown.js";
import { richText } from "./rich_text.js";
import { table } from "./table.js";
import { plan, taskCard } from "./tasks.js";
import { unknown } from "./unknown.js";

const BLOCKS = {
  header: layout.header,
  section: layout.section,
  divider: layout.divider,
  context: layout.context,
  actions: layout.actions,
  alert: layout.alert,
  input,
  image,
  rich_text: richText,
  markdown,
  table,
  task_card: taskCard,
  plan,
};

/** Blocks as Slack shows them; one that this page cannot draw is an error that can be seen. */
export function renderBlocks(blocks, context) {
  const fragment = document.createDocumentFragment();
  for (const block of blocks) {
    const make = BLOCKS[block?.type];
    fragment.append(make ? make(block, context) : unknown("block", block?.type));
  }
  return fragment;
}
