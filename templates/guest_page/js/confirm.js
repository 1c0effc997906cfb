// The confirmation: what is typed outlives a failure and a reload, what was sent is shown.

const form = byId("confirm");
const fields = { guests: byId("guests"), note: byId("note") };
const sendButton = byId("send");

const showConfirmation = (sent) => {
  const note = sent.note ? ` Your note: “${sent.note}”` : "";
  const who = plural(sent.guests, "guest");
  byId("sent-words").textContent = `You told us that ${who} will come.${note}`;
  byId("sent").hidden = false;
  form.hidden = true;
};
const showForm = () => {
  byId("sent").hidden = true;
  form.hidden = false;
};
// Not every house names somebody to call.
const reachUs = trip.call ? "call us" : "write to us where you booked";
const whyNotSent = (status) => {
  if (status === 403) return `This charter takes no more word from this page. Please ${reachUs}.`;
  if (status === 429) return "That was a little fast. Nothing is lost: try again in a minute.";
  return `That did not arrive. Nothing is lost: try again in a minute, or ${reachUs}.`;
};
const sendConfirmation = async () => {
  const typed = { guests: Number(fields.guests.value), note: fields.note.value.trim() };
  const answer = await post(trip.confirm, {
    booking_id: trip.booking,
    guest_count: typed.guests,
    note: typed.note,
  });
  if (!answer.ok) return whyNotSent(answer.status);
  memory.keep({ sent: typed });
  showConfirmation(typed);
  byId("sent").focus();
  return "";
};

const remembered = memory.read();
fields.guests.value = remembered.guests || fields.guests.value;
fields.note.value = remembered.note || "";
if (remembered.sent) showConfirmation(remembered.sent);
else showForm();

form.addEventListener("input", () =>
  memory.keep({ guests: fields.guests.value, note: fields.note.value }),
);
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  sendButton.disabled = true;
  say(byId("said"), "Sending…");
  const wrong = await sendConfirmation().catch(noSignal);
  say(byId("said"), wrong, Boolean(wrong));
  sendButton.disabled = false;
  if (wrong) sendButton.focus();
});
byId("change").addEventListener("click", () => {
  showForm();
  fields.guests.focus();
});
// When the charter is over, its photos are what guests come for.
watchers.push((at) => (byId("confirming").hidden = at >= moments.ends));
if (now() >= moments.ends) byId("sides").prepend(byId("speaking"));
